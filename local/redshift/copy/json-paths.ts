import { badJsonPaths } from './copy-errors';
import type { CopyContext } from './copy-runner';

/** One JSONPath: member names and array indexes from the root on. */
export type JsonPath = readonly (string | number)[];

/**
 * The paths of a JSONPaths file, or undefined where the key `jsonpaths` is missing: COPY then works as 'auto'.
 * Source: Developer Guide, "COPY from JSON format", "JSONPaths file".
 * @throws RedshiftError when the file is no single JSON object or a path is none
 */
export function parseJsonPathsFile(
  text: string,
  where: Pick<CopyContext, 'queryId' | 'pid'>,
): readonly JsonPath[] | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw badJsonPaths(`the JSONPaths file is not one valid JSON object: ${(cause as Error).message}`, where);
  }
  const paths = (file as { jsonpaths?: unknown } | null)?.jsonpaths;
  if (paths === undefined) {
    return undefined;
  }
  if (!Array.isArray(paths)) {
    throw badJsonPaths('"jsonpaths" is not a list', where);
  }
  return paths.map((path: unknown) => {
    const steps = typeof path === 'string' ? parseJsonPath(path) : undefined;
    if (steps === undefined) {
      throw badJsonPaths(`${JSON.stringify(path)} is not a path in dot or bracket notation`, where);
    }
    return steps;
  });
}

/** `$.a.b[0]` or `$['a']['b'][0]`; the two notations must not be mixed, wildcards and filters are unknown. */
export function parseJsonPath(path: string): JsonPath | undefined {
  const text = path.trim();
  if (!text.startsWith('$') || text.length === 1) {
    return undefined;
  }
  return steps(text.slice(1), BRACKET_STEP) ?? steps(text.slice(1), DOT_STEP);
}

const BRACKET_STEP = /^\[\s*(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<index>\d+))\s*\]/;
const DOT_STEP = /^(?:\.(?<name>[^.[\]'"*?@\s]+)|\[(?<index>\d+)\])/;

function steps(text: string, step: RegExp): JsonPath | undefined {
  const found: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const match = step.exec(rest);
    if (match === null) {
      return undefined;
    }
    const { index, single, double, name } = match.groups ?? {};
    found.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
    rest = rest.slice(match[0].length);
  }
  return found;
}
