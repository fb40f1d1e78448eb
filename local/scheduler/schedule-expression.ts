import { nextWallTime, parseCron } from './cron';
import { validationError } from './errors';
import { TimeZone } from './time-zone';

/** When a schedule fires. Times are milliseconds since the epoch. */
export interface Occurrences {
  /** The first occurrence after an instant; undefined when there is none any more. */
  after(instant: number): number | undefined;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `cron(...)`, `rate(...)` or `at(...)` (Scheduler user guide, "Schedule types"). A cron time that a change of
 * the clocks skips does not fire; one that comes twice fires once.
 * @param createdAt from where a rate counts
 * @throws AwsError ValidationException
 */
export function parseScheduleExpression(expression: string, timezone: string, createdAt: number): Occurrences {
  const zone = new TimeZone(timezone);
  const [, kind, text] = /^(cron|rate|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'cron':
      return cronOccurrences(text!, zone);
    case 'rate':
      return rateOccurrences(text!, createdAt);
    case 'at':
      return oneOccurrence(text!, zone);
    default:
      throw validationError(`Invalid Schedule Expression ${expression}: it is none of cron(...), rate(...), at(...).`);
  }
}

function cronOccurrences(text: string, zone: TimeZone): Occurrences {
  const cron = parseCron(text);
  return {
    after: (instant) => {
      for (let wall = nextWallTime(cron, zone.toWall(instant)); wall !== undefined; wall = nextWallTime(cron, wall)) {
        const candidate = zone.toInstant(wall);
        if (candidate !== undefined && candidate > instant) return candidate;
      }
      return undefined;
    },
  };
}

function rateOccurrences(text: string, createdAt: number): Occurrences {
  const [, value, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text.trim()) ?? [];
  if (!value || !unit) throw validationError(`Invalid Schedule Expression rate(${text}): write it as rate(5 minutes).`);
  const period = Number(value) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return {
    after: (instant) => createdAt + Math.max(1, Math.floor((instant - createdAt) / period) + 1) * period,
  };
}

function oneOccurrence(text: string, zone: TimeZone): Occurrences {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  const instant = Number.isNaN(wall) ? undefined : zone.toInstant(wall);
  if (instant === undefined) {
    throw validationError(
      `Invalid Schedule Expression at(${text}): it is no time of ${zone.name} (yyyy-mm-ddThh:mm:ss).`,
    );
  }
  return { after: (from) => (instant > from ? instant : undefined) };
}
