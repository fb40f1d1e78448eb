import type { Clock } from '../../clock';

/** Node's timers overflow past this; a wait of a durable execution may be a year. */
const LONGEST_MS = 2 ** 31 - 1;

/** As `clock.after`, for any length of time. */
export function afterLong(clock: Clock, milliseconds: number, callback: () => void): () => void {
  const end = clock.now() + milliseconds;
  let cancel = () => {};
  const arm = () => {
    const left = end - clock.now();
    cancel = clock.after(Math.max(0, Math.min(left, LONGEST_MS)), () => (left > LONGEST_MS ? arm() : callback()));
  };
  arm();
  return () => cancel();
}
