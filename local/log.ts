import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes one line of the local AWS's own log. */
export type Log = (message: string) => void;

/** Discards everything. */
export const silentLog: Log = () => {};

/** Appends to `file`, each line after the time of day in UTC. Closing waits until everything is on disk. */
export function fileLog(file: string, now: () => number): { readonly log: Log; close(): Promise<void> } {
  mkdirSync(dirname(file), { recursive: true });
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk must not take the warehouse down with it: the log is an aid, not state.
  stream.on('error', () => {});
  return {
    log: (message) => {
      stream.write(`${new Date(now()).toISOString()} ${message}\n`);
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
