import { readFileSync } from 'node:fs';
import { isNode, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigurationError } from './validate';

/** The fields that a file names, and where each of them stands. */
export interface FieldsFile {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whether the file says something of a field, or of the record that it would stand in. */
  has(path: readonly PropertyKey[]): boolean;
  /** `file:line` of a field, else of the nearest record around it; the file alone where it has neither. */
  where(path: readonly PropertyKey[]): string;
}

/**
 * Reads a file of fields, JSON or YAML (JSON is YAML too).
 * @param name what is configured by it, for an error's text
 * @param called the file's name for people
 * @throws ConfigurationError when there is no such file or it holds no fields
 */
export function readFieldsFile(file: string, name: string, called = file): FieldsFile {
  return parseFields(textOf(file, name, called), called, name);
}

function textOf(file: string, name: string, called: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(called, name, error as Error);
  }
}

const unreadable = (file: string, name: string, { message }: Error) =>
  new ConfigurationError(name, 'config', file, `a readable JSON or YAML file (${message})`);

/** The same of a text that is at hand. @throws ConfigurationError when it is no YAML, or holds no fields */
export function parseFields(text: string, file: string, name: string): FieldsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw unreadable(file, name, broken);
  const fields: unknown = document.toJS();
  if (!isRecord(fields)) throw new ConfigurationError(name, 'config', file, 'a JSON or YAML file of fields');
  return {
    fields,
    has: (path) => path[0] !== undefined && document.hasIn([path[0]]),
    where: (path) => {
      for (let depth = path.length; depth > 0; depth -= 1) {
        const node: unknown = document.getIn(path.slice(0, depth), true);
        const start = isNode(node) ? startOf(node) : undefined;
        if (start !== undefined) return `${file}:${lines.linePos(start).line}`;
      }
      return file;
    },
  };
}

const startOf = ({ range }: Node): number | undefined => range?.[0];

/** Whether a value is a record of fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
