import type { Alarm, AlarmState, AlarmStore, CompositeAlarm, MetricAlarm, StateRecord } from './alarm-store';
import { evaluateRule } from './composite-rule';
import { type Datum, metricKey } from './metric';
import { periods, statistic } from './statistics';

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

interface Judgement {
  readonly state: AlarmState;
  readonly reason: string;
}

/**
 * The state of an alarm at a time, by the periods that ended before it. Each request evaluates anew; a change is
 * written down with its time. Alarms set by hand stay so until the next evaluation, as in AWS.
 * Source: CloudWatch user guide, "Evaluating an alarm" and "Configuring how alarms treat missing data".
 */
export function evaluateAlarm(alarm: Alarm, store: AlarmStore, data: readonly Datum[], now: number): StateRecord {
  const before = store.stateOf(alarm.name);
  const judgement = alarm.kind === 'metric' ? judge(alarm, before, data, now) : judgeComposite(alarm, store, data, now);
  if (before?.state === judgement.state) return before;
  const state = { ...judgement, since: now };
  store.setState(alarm.name, state);
  return state;
}

function judge(alarm: MetricAlarm, before: StateRecord | undefined, data: readonly Datum[], now: number): Judgement {
  const { metric, period, evaluationPeriods: count, datapointsToAlarm, threshold } = alarm;
  if (metric === undefined) {
    return insufficient('The local CloudWatch does not evaluate alarms on metric math.');
  }
  const breaches = COMPARISONS[alarm.comparison];
  if (breaches === undefined) return insufficient(`The local CloudWatch has no comparison ${alarm.comparison}.`);
  const length = period * 1000;
  const end = Math.floor(now / length) * length;
  const key = metricKey(metric);
  const own = data.filter(
    (datum) => metricKey(datum) === key && (alarm.unit === undefined || datum.unit === alarm.unit),
  );
  const points = periods(own, end - count * length, end, period).map(({ values }) =>
    statistic(alarm.statistic, values),
  );
  const missing = count - points.length;
  const breaching = points.filter((value) => breaches(value, threshold)).length;
  const known = `${points.length} of ${count} periods of ${period} s have data (${points.join(', ') || 'none'}), ${breaching} cross the threshold ${threshold} (${alarm.comparison}; ${datapointsToAlarm} needed, missing data: ${alarm.treatMissingData})`;
  switch (alarm.treatMissingData) {
    case 'breaching':
      return decided(breaching + missing >= datapointsToAlarm, known);
    case 'notBreaching':
      return decided(breaching >= datapointsToAlarm, known);
    case 'ignore':
      if (points.length === 0) return { state: before?.state ?? 'INSUFFICIENT_DATA', reason: known };
      return decided(breaching >= datapointsToAlarm, known);
    default:
      return points.length === 0 ? insufficient(known) : decided(breaching >= datapointsToAlarm, known);
  }
}

function judgeComposite(alarm: CompositeAlarm, store: AlarmStore, data: readonly Datum[], now: number): Judgement {
  const stateOf = (name: string): AlarmState => {
    const other = store.find(name.includes(':alarm:') ? name.slice(name.indexOf(':alarm:') + 7) : name);
    return other === undefined || other.name === alarm.name
      ? 'INSUFFICIENT_DATA'
      : evaluateAlarm(other, store, data, now).state;
  };
  const reason = `The rule ${alarm.rule} was evaluated.`;
  return decided(evaluateRule(alarm.rule, stateOf), reason);
}

function decided(alarming: boolean, reason: string): Judgement {
  return { state: alarming ? 'ALARM' : 'OK', reason };
}

function insufficient(reason: string): Judgement {
  return { state: 'INSUFFICIENT_DATA', reason };
}
