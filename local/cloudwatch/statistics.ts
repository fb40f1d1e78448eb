import { AwsError } from '../aws/service';
import type { Datum } from './metric';

/** Statistics of the values of one period. */
export interface Period {
  /** Its beginning, milliseconds since the epoch. */
  readonly start: number;
  readonly values: readonly number[];
  readonly unit: string;
}

/** The periods that have data, oldest first; `end` is not part of the last. */
export function periods(data: readonly Datum[], from: number, end: number, seconds: number): Period[] {
  const length = seconds * 1000;
  const found = new Map<number, { start: number; values: number[]; unit: string }>();
  for (const { time, values, unit } of data) {
    if (time < from || time >= end) continue;
    const start = Math.floor(time / length) * length;
    const period = found.get(start) ?? { start, values: [], unit };
    period.values.push(...values);
    found.set(start, period);
  }
  return [...found.values()].sort((left, right) => left.start - right.start);
}

/** One statistic by its name in the API, percentiles (`p99`) too. @throws AwsError InvalidParameterValue */
export function statistic(name: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return values.length;
    case 'Average':
      return sum / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
      return Math.max(...values);
  }
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) {
    throw new AwsError('InvalidParameterValue', `The local CloudWatch has no statistic ${name}.`);
  }
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}
