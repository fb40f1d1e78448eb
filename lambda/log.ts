/** One JSON line in the function's log. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** Writes JSON lines with the run's id in each; `write` is standard output in Lambda. */
export function jsonLog(runId: string, now: () => number, write: (line: string) => void): Log {
  return (level, message, fields = {}) =>
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, run: runId, message, ...fields }));
}
