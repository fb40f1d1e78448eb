import { stripVTControlCharacters } from 'node:util';
import { outColours as pc } from '../colours';

/** One event of a log group. */
export interface LogEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The object that a line is, as the function writes them; undefined for lines of Lambda itself and of libraries. */
export function structured(message: string): Fields | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    return JSON.parse(message) as Fields;
  } catch {
    return undefined;
  }
}

/** A line for programs: what the function has written as it is, anything else as an object with its time. */
export function rawLine({ timestamp, message }: LogEvent): string {
  const text = message.trimEnd();
  return structured(text) === undefined
    ? JSON.stringify({ time: new Date(timestamp).toISOString(), message: text })
    : text;
}

/** A line for people: time, level, run, message, and what else there is. Times are UTC. */
export function readableLine({ timestamp, message }: LogEvent): string {
  const text = message.trimEnd();
  const { time, level, run, message: said, _aws, ...fields } = structured(text) ?? {};
  const at = pc.dim(stamp(typeof time === 'string' ? time : new Date(timestamp).toISOString()));
  if (typeof said !== 'string') return `${at} ${pc.dim(printable(text))}`;
  const rest = flat(fields).map(([name, value]) => pc.dim(`${name}=${value}`));
  return [at, levelText(String(level)), pc.cyan(String(run ?? '')), printable(said), ...rest].join(' ');
}

const stamp = (iso: string) => iso.replace('T', ' ').replace('Z', '');

function levelText(level: string): string {
  const text = level.padEnd(5);
  if (level === 'error') return pc.red(text);
  return level === 'warn' ? pc.yellow(text) : text;
}

/** Names and values of what a line has besides, those of objects inside by their path. */
function flat(fields: Fields, path = ''): readonly (readonly [name: string, value: string])[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    if (typeof value === 'object' && !Array.isArray(value)) return flat(value as Fields, `${path}${name}.`);
    return [[`${path}${name}`, printable(typeof value === 'string' ? value : JSON.stringify(value))] as const];
  });
}

/** A log may hold what a source file held: no character of it may move the cursor or clear the screen. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/(?![\n\t])\p{Cc}/gu, '�');
}
