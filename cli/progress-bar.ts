import { bytes, count, duration } from './output';

/** How far something is whose end is known. */
export interface Advance {
  /** What is counted: `songs`, `events`; absent for bytes. */
  readonly what?: string;
  readonly done: number;
  readonly total: number;
}

const WIDTH = 16;
/** Milliseconds; before that a rate is a guess. */
const TELLING = 300;

/** A bar of block characters. @param part from 0 to 1 */
export function bar(part: number, width = WIDTH): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}

/** The bar, how much of what is done, how fast, and the time left. @param elapsed milliseconds since it began */
export function advanceText({ what, done, total }: Advance, elapsed: number): string {
  const part = total === 0 ? 1 : done / total;
  const size = (value: number) => (what === undefined ? bytes(Math.round(value)) : count(Math.round(value)));
  const amount = `${size(done)} of ${size(total)}${what === undefined ? '' : ` ${what}`}`;
  const rate = done / (elapsed / 1000);
  const pace =
    elapsed < TELLING || done === 0 ? [] : [`${size(rate)}/s`, `${duration(((total - done) / rate) * 1000)} left`];
  return `${bar(part)} ${String(Math.floor(part * 100)).padStart(3)}% ${[amount, ...pace].join(', ')}`;
}
