import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment as people say it: `30s`, `10m`, `2h`, `1d` ago, or a time such as 2026-11-28T10:00:00Z.
 * @returns milliseconds since the epoch
 * @throws InvalidArgumentError
 */
export function moment(text: string, now: number = Date.now()): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) return now - Number(number) * (UNITS[unit] ?? 0);
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError('30s, 10m, 2h, 1d, or a time such as 2026-11-28T10:00:00Z is needed.');
}
