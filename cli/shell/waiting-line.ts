import { errorColours as pc } from '../colours';

/** Calls something again and again until what it returns is called. */
export type Every = (milliseconds: number, work: () => void) => () => void;

export const every: Every = (milliseconds, work) => {
  const timer = setInterval(work, milliseconds);
  return () => clearInterval(timer);
};

/** Says on a terminal for how many seconds something has been running, on a line that goes away with its end. */
export async function withWaitingLine<T>(
  write: ((text: string) => void) | undefined,
  work: () => Promise<T>,
  repeat: Every = every,
): Promise<T> {
  if (write === undefined) return work();
  let seconds = 0;
  const stop = repeat(1000, () => {
    seconds += 1;
    if (seconds > 1) write(`\r\x1b[K${pc.dim(`running for ${seconds} s; Ctrl-C cancels`)}`);
  });
  try {
    return await work();
  } finally {
    stop();
    if (seconds > 1) write('\r\x1b[K');
  }
}
