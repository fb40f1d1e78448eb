import { validationError } from './errors';

const DAY_MS = 86_400_000;

/** Between instants and the wall time of one IANA zone (written as milliseconds as if it were UTC). */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat;

  /** @throws AwsError ValidationException for an unknown zone */
  constructor(readonly name: string) {
    try {
      this.format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      throw validationError(`Invalid ScheduleExpressionTimezone: ${name} is not an IANA time zone.`);
    }
  }

  toWall(instant: number): number {
    const parts = new Map(this.format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  }

  /** The instant of a wall time: the first of two when clocks go back, undefined in the gap when they go forward. */
  toInstant(wall: number): number | undefined {
    const offsets = [wall - DAY_MS, wall + DAY_MS].map((instant) => this.toWall(instant) - instant);
    const instants = offsets.map((offset) => wall - offset).filter((instant) => this.toWall(instant) === wall);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }
}
