import type { Counts } from './state';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * How far the star is behind its source: hours from its newest play to the end of the day that the newest log file is
 * named by. Measured against the source and not against the clock, it means the same for last night and for the history
 * of 2018: below a day all is well, above two days files arrive that bring no plays (checks/freshness.sql warns then).
 * @returns 0 or more; undefined without a play or without a log of a day
 */
export function hoursBehindSource(counts: Counts): number | undefined {
  const { newest_play: play = 0, newest_log_day: log = 0 } = counts;
  const day = dayStart(log);
  if (play <= 0 || day === undefined) return undefined;
  return Math.max(0, (day + DAY - play * 1000) / HOUR);
}

/** The beginning of a day such as 20181130, in milliseconds since the epoch; undefined where the calendar has none. */
function dayStart(day: number): number | undefined {
  const [year, month, date] = [Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100];
  const start = new Date(Date.UTC(year, month - 1, date));
  return start.getUTCMonth() === month - 1 && start.getUTCDate() === date && year > 1970 ? start.getTime() : undefined;
}
