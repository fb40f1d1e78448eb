import { SOURCE_NAME } from '../statements/sources';

/** What an environment says of a source. */
export interface SourceSettings {
  /** `s3://bucket/prefix/` */
  readonly url: string;
  /** `s3://bucket/key` of the JSONPaths file that lies in a bucket. */
  readonly jsonPaths?: string;
  /** How many rows a run may leave out; with 0 the first bad row fails the load. */
  readonly rejects: number;
}

const FOLDER = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([A-Za-z0-9!_.*()=@:,+-]+\/)*$/;
const OBJECT = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([A-Za-z0-9!_.*()=@:,+-]+\/)*[A-Za-z0-9!_.*()=@:,+-]+$/;
const ROWS = /^(0|[1-9]\d{0,4})$/;

/**
 * Reads the variable SOURCES, `{"songs": {"url": "s3://…/", "rejects": 0}, …}`; all of it ends up in SQL.
 * @returns the sources by name, and what is wrong with them
 */
export function readSources(text: string): {
  readonly sources: Readonly<Record<string, SourceSettings>>;
  readonly problems: readonly string[];
} {
  const parsed = parsedRecord(text);
  // That it is missing or no object is told where all variables are looked at.
  if (parsed === undefined) return { sources: {}, problems: /^\{.+\}$/.test(text) ? ['SOURCES is no JSON'] : [] };
  const problems = Object.entries(parsed).flatMap(([name, value]) => problemsOf(name, value));
  return { sources: parsed as Readonly<Record<string, SourceSettings>>, problems };
}

function problemsOf(name: string, value: unknown): readonly string[] {
  if (!SOURCE_NAME.test(name)) return [`SOURCES names '${name}', which is no name of a source`];
  const { url, jsonPaths, rejects } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const wrong = (field: string, is: unknown, shape: string): string =>
    `SOURCES.${name}.${field} is ${JSON.stringify(is) ?? 'missing'}, not ${shape}`;
  return [
    ...(FOLDER.test(String(url)) ? [] : [wrong('url', url, 's3://bucket/prefix/ with a slash at its end')]),
    ...(jsonPaths === undefined || OBJECT.test(String(jsonPaths))
      ? []
      : [wrong('jsonPaths', jsonPaths, 's3://bucket/key')]),
    ...(typeof rejects === 'number' && ROWS.test(String(rejects))
      ? []
      : [wrong('rejects', rejects, 'a number of rows from 0 to 99999')]),
  ];
}

function parsedRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
