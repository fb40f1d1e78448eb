import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../json-file';
import type { Dimension } from './metric';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

interface AlarmBase {
  readonly name: string;
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

export interface MetricAlarm extends AlarmBase {
  readonly kind: 'metric';
  /** Absent for an alarm on metric math, which is kept but not evaluated. */
  readonly metric?: { readonly namespace: string; readonly name: string; readonly dimensions: readonly Dimension[] };
  /** `Sum`, `Average` ... or `p99`. */
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly treatMissingData: string;
  readonly unit?: string;
}

export interface CompositeAlarm extends AlarmBase {
  readonly kind: 'composite';
  readonly rule: string;
}

export type Alarm = MetricAlarm | CompositeAlarm;

export interface StateRecord {
  readonly state: AlarmState;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Alarms and dashboards of an account. */
export interface AlarmStore {
  put(alarm: Alarm): void;
  delete(name: string): void;
  find(name: string): Alarm | undefined;
  /** In byte order of the names. */
  list(): readonly Alarm[];
  stateOf(name: string): StateRecord | undefined;
  setState(name: string, state: StateRecord): void;
  putDashboard(name: string, body: string): void;
  deleteDashboard(name: string): void;
  dashboards(): Readonly<Record<string, string>>;
}

interface AlarmFile {
  readonly alarms: Readonly<Record<string, Alarm>>;
  readonly states: Readonly<Record<string, StateRecord>>;
  readonly dashboards: Readonly<Record<string, string>>;
}

/** Keeps them in one JSON file under `folder`. */
export function openAlarmStore(folder: string): AlarmStore {
  const file = join(folder, 'alarms.json');
  const stored = readJsonFile<AlarmFile>(file);
  const alarms = new Map(Object.entries(stored?.alarms ?? {}));
  const states = new Map(Object.entries(stored?.states ?? {}));
  const dashboards = new Map(Object.entries(stored?.dashboards ?? {}));
  const save = () =>
    writeJsonFile(file, {
      alarms: Object.fromEntries(alarms),
      states: Object.fromEntries(states),
      dashboards: Object.fromEntries(dashboards),
    });
  return {
    put(alarm) {
      alarms.set(alarm.name, alarm);
      save();
    },
    delete(name) {
      states.delete(name);
      if (alarms.delete(name)) save();
    },
    find: (name) => alarms.get(name),
    list: () => [...alarms.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    stateOf: (name) => states.get(name),
    setState(name, state) {
      states.set(name, state);
      save();
    },
    putDashboard(name, body) {
      dashboards.set(name, body);
      save();
    },
    deleteDashboard(name) {
      if (dashboards.delete(name)) save();
    },
    dashboards: () => Object.fromEntries([...dashboards].sort()),
  };
}
