import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { ScheduleSpec } from './scheduler-control';

/** A schedule as it stands on disk. Times are milliseconds since the epoch. */
export interface ScheduleRecord {
  readonly spec: ScheduleSpec;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The scheduled time that was fired last. */
  readonly lastFired?: number;
}

/** Schedules on disk: `<root>/<group>/<name>.json`. */
export class ScheduleStore {
  private readonly records = new Map<string, ScheduleRecord>();

  constructor(private readonly root: string) {
    mkdirSync(root, { recursive: true });
    const names = (readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith('.json'));
    for (const name of names) {
      const record = JSON.parse(readFileSync(join(root, name), 'utf8')) as ScheduleRecord;
      this.records.set(key(record.spec.groupName, record.spec.name), record);
    }
  }

  find(groupName: string, name: string): ScheduleRecord | undefined {
    return this.records.get(key(groupName, name));
  }

  /** In the order of group and name. */
  all(): readonly ScheduleRecord[] {
    return [...this.records.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
  }

  save(record: ScheduleRecord): void {
    const { groupName, name } = record.spec;
    mkdirSync(join(this.root, groupName), { recursive: true });
    writeFileAtomic.sync(this.file(groupName, name), JSON.stringify(record, undefined, 2));
    this.records.set(key(groupName, name), record);
  }

  remove(groupName: string, name: string): void {
    if (!this.records.delete(key(groupName, name))) return;
    rmSync(this.file(groupName, name), { force: true });
  }

  private file(groupName: string, name: string): string {
    return join(this.root, groupName, `${name}.json`);
  }
}

function key(groupName: string, name: string): string {
  return `${groupName}/${name}`;
}
