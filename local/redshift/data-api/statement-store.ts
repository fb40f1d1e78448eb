import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomicSync } from 'write-file-atomic';
import type { Principal } from '../../aws/service';
import type { Clock } from '../../clock';
import { isFinal, type StatementRecord } from './statement';

const HOUR_MS = 3_600_000;
/** Statements and results are kept for 24 hours, client tokens for 8. */
const RETENTION_MS = 24 * HOUR_MS;
const TOKEN_MS = 8 * HOUR_MS;
/** What a server that goes down tells its sessions, in its own words: a client must see that it may try again. */
const RESTART_ERROR =
  'FATAL: terminating connection due to administrator command\n' +
  '  Detail: The local AWS was stopped while the statement ran; its open transaction was rolled back.';

/** The records of one folder, all in memory and each in a file of its own beside its results. */
export class StatementStore {
  private readonly records = new Map<string, StatementRecord>();
  private readonly tokens = new Map<string, StatementRecord>();

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {
    if (existsSync(folder)) {
      const names = readdirSync(folder).filter((file) => file.endsWith('.json'));
      const stored = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as StatementRecord);
      for (const record of stored.sort((a, b) => a.createdAt - b.createdAt)) {
        this.remember(record);
      }
    }
    this.forgetOld();
    for (const record of this.records.values()) {
      this.endInterrupted(record);
    }
  }

  /** Newest first. */
  all(): readonly StatementRecord[] {
    this.forgetOld();
    return [...this.records.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  find(id: string): StatementRecord | undefined {
    this.forgetOld();
    return this.records.get(id);
  }

  /** The statement that this caller (all sessions of a role are one) has started with this token already. */
  byToken(owner: Principal, token: string): StatementRecord | undefined {
    const record = this.tokens.get(tokenKey(owner, token));
    return record !== undefined && this.clock.now() - record.createdAt < TOKEN_MS ? record : undefined;
  }

  active(clusterIdentifier: string): number {
    let count = 0;
    for (const record of this.records.values()) {
      count += !isFinal(record.status) && record.clusterIdentifier === clusterIdentifier ? 1 : 0;
    }
    return count;
  }

  /** Puts the record's present state on disk. */
  save(record: StatementRecord): void {
    this.remember(record);
    mkdirSync(this.folder, { recursive: true });
    // Records are history, not money: losing the last one to a power cut is no worse than the day's retention.
    writeFileAtomicSync(join(this.folder, `${record.id}.json`), JSON.stringify(record), { fsync: false });
  }

  /** Where the rows of a statement (`part` 0) or of a batch's part (from 1) are. */
  resultFile(id: string, part: number): string {
    return join(this.folder, `${id}.${part}.rows`);
  }

  private remember(record: StatementRecord): void {
    this.records.set(record.id, record);
    if (record.clientToken !== undefined) {
      this.tokens.set(tokenKey(record.owner, record.clientToken), record);
    }
  }

  /** The engine has lost what was running when the process ended. */
  private endInterrupted(record: StatementRecord): void {
    if (isFinal(record.status)) {
      return;
    }
    const now = this.clock.now();
    for (const execution of [record, ...(record.subStatements ?? [])]) {
      if (!isFinal(execution.status)) {
        execution.status = 'FAILED';
        execution.error = RESTART_ERROR;
        execution.updatedAt = now;
        execution.durationMs = Math.max(0, now - execution.createdAt);
      }
    }
    this.save(record);
  }

  private forgetOld(): void {
    const oldest = this.clock.now() - RETENTION_MS;
    // In order of arrival: the first one young enough ends the search.
    for (const record of this.records.values()) {
      if (record.createdAt > oldest) {
        break;
      }
      if (isFinal(record.status)) {
        this.forget(record);
      }
    }
  }

  private forget(record: StatementRecord): void {
    this.records.delete(record.id);
    if (record.clientToken !== undefined) {
      this.tokens.delete(tokenKey(record.owner, record.clientToken));
    }
    for (let part = 0; part <= (record.subStatements?.length ?? 0); part += 1) {
      rmSync(this.resultFile(record.id, part), { force: true });
      rmSync(`${this.resultFile(record.id, part)}.index`, { force: true });
    }
    rmSync(join(this.folder, `${record.id}.json`), { force: true });
  }
}

function tokenKey(owner: Principal, token: string): string {
  return `${owner.roleArn ?? owner.arn} ${token}`;
}
