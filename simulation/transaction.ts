import { taggedFile } from '../statements/render';
import { ADMIN, type Code, loadOf, sqlOf } from './code';
import { answerCompare, lastRunOf, surveyOf } from './ledger-queries';
import type { S3Model, SourceVersion } from './s3-model';
import type { Held, Loaded, Row, StarModel } from './star-model';
import type { Switches } from './switches';

/** An error of the warehouse, with its text as the Data API gives it. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
}

/** One statement of a batch and what it gave. */
export interface Part {
  readonly sql: string;
  rows: readonly Row[];
  error?: string;
}

type Effect = (star: StarModel) => void;
/** What a transaction has written to. */
export type Touched = 'star' | 'ledger' | 'rejects' | 'run' | 'failed run' | 'generation' | 'migrations' | 'users';

/** What makes schemas, tables, views, users and grants. */
const ADMINS = /^(migrations\b|analytics\/|run\/(prepare|migrate|access)\/)/;

/** True for a file whose statement is the admin's. */
export function needsAdmin(file: string): boolean {
  return ADMINS.test(file);
}

/** From here on a load reads at its end, not at its beginning: what changes in S3 in between must do no harm. */
const LATE = /^run\/(ledger|finish)\//;

/**
 * A transaction as the warehouse does it: reads see the snapshot of its beginning, writes take effect at the commit.
 * It understands the statements that exactly-once depends on by their text and tag; any other does nothing.
 */
export class Transaction {
  readonly parts: readonly Part[];
  readonly runId: string;
  readonly touched = new Set<Touched>();
  /** It empties the star and loads it anew. */
  clears = false;
  /** What it has put into the star. */
  readonly added: Loaded[] = [];
  /** What the star held when it committed. */
  before: readonly Loaded[] = [];
  private readonly effects: Effect[] = [];
  private generation = 0;
  private now = 0;
  private listing: readonly Row[] = [];
  private rejected: readonly Held[] = [];

  constructor(
    sqls: readonly string[],
    private readonly star: StarModel,
    private readonly s3: S3Model,
    private readonly switches: Switches,
    /** Of the run that has sent it. */
    readonly code: Code,
    /** The database user. */
    private readonly user: string,
  ) {
    this.parts = sqls.map((sql) => ({ sql, rows: [] }));
    this.runId = runOf(sqls[0] ?? '');
  }

  /** @throws SqlError of the first statement that fails */
  begin(): void {
    this.generation = this.star.generation;
    this.execute((file) => !this.late(file));
  }

  /** The wait for the lock took longer than the batch allows. */
  gaveUpWaiting(): string {
    const part = this.parts.find(({ sql }) => /^lock /m.test(sql));
    const text = "Query (1) cancelled on user's request";
    if (part !== undefined) part.error = `ERROR: ${text}`;
    return text;
  }

  /** @throws SqlError */
  finish(now: number): void {
    this.now = now;
    this.execute((file) => this.late(file));
  }

  commit(): void {
    this.before = this.star.star;
    for (const effect of this.effects) effect(this.star);
    if (this.touched.size > 0) this.star.changes += 1;
  }

  private effect(on: Touched, effect: Effect): void {
    this.touched.add(on);
    this.effects.push(effect);
  }

  /** A ledger outside of the transaction is written before it. */
  private late(file: string): boolean {
    return LATE.test(file) && !(this.switches.ledgerOutside === true && file.startsWith('run/ledger/'));
  }

  private execute(mine: (file: string) => boolean): void {
    for (const part of this.parts) {
      const file = taggedFile(part.sql) ?? '';
      if (!mine(file)) continue;
      try {
        this.authorize(file);
        part.rows = this.statement(file, part.sql) ?? [];
      } catch (error) {
        part.error = `ERROR: ${(error as Error).message}`;
        throw error;
      }
    }
  }

  /** The admin may do all, the loader what is its own once it has its role. */
  private authorize(file: string): void {
    if (this.user === ADMIN) return;
    if (!this.star.admitted) throw new SqlError(`password authentication failed for user "IAM:${this.user}"`);
    if (needsAdmin(file)) throw new SqlError('permission denied for schema etl');
  }

  private statement(file: string, sql: string): readonly Row[] | undefined {
    if (file.startsWith('migrations')) return this.migrate(file, sql);
    if (file.startsWith('load/')) return this.load(file, sql);
    if (file.startsWith('run/rejects/')) return this.keepRejects();
    if (/^call etl\.admit\('loader'/m.test(sql)) this.admit();
    if (/^copy listing/m.test(sql)) this.listing = this.s3.lines(address(sql));
    if (/^delete from etl\.files/m.test(sql)) this.clearLedger();
    if (/^copy etl\.files/m.test(sql)) this.copyLedger(sql);
    if (/^insert into etl\.runs/m.test(sql)) this.record(file, sql);
    return this.answer(file, sql);
  }

  private answer(file: string, sql: string): readonly Row[] | undefined {
    switch (file) {
      case 'run/begin/020_fence.sql':
        this.fence(Number(/fence\((\d+)\)/.exec(sql)?.[1]));
        return [];
      case 'run/migrate/020_fence.sql':
        if (Number(/= (\d+) then 1/.exec(sql)?.[1]) !== this.star.migrations.length)
          throw new SqlError('Divide by zero');
        return [];
      case 'run/survey/010_ledger.sql':
        return surveyOf(this.star.ledger);
      case 'run/finish/040_generation.sql':
        this.effect('generation', (star) => {
          star.generation += 1;
        });
        return [];
      case 'applied':
      case 'run/prepare/030_applied.sql':
        return this.appliedMigrations();
      case 'run/prepare/040_admitted.sql':
        return [{ admitted: this.star.admitted ? 3 : 0 }];
      case 'run/finish/050_counts.sql':
      case 'run/idle/030_counts.sql':
        return [{ songplays: this.star.star.length, rejected_rows: this.rejected.length }];
      case 'run/failure/020_load_errors.sql':
        return [{ file_name: 's3://source/spoilt.json', line_number: 1, error_code: 1207, error_message: 'spoilt' }];
      default:
        return file.startsWith('run/compare/') ? this.compare(file, sql) : undefined;
    }
  }

  private migrate(file: string, sql: string): undefined {
    const version = Number(/^migrations\/(\d+)/.exec(file)?.[1]);
    // One that stands alone does no harm when it is done again.
    if (this.star.migrations.some((row) => row.version === version) && !/^vacuum /m.test(sql))
      throw new SqlError(`relation "migration_${version}" already exists`);
    if (file !== 'migrations') return undefined;
    if (/^values\s*$/m.test(sql) && !/^ {4}\(/m.test(sql)) throw new SqlError('syntax error at end of input');
    const known = /^where not exists/m.test(sql) ? this.star.migrations.map((row) => row.version) : [];
    const rows = [...sql.matchAll(/^ {4}\(?(\d+),\s+'(\w+)',\s+'(\w+)'/gm)]
      .map(([, number, name, checksum]) => ({
        version: Number(number),
        name: String(name),
        checksum: String(checksum),
      }))
      .filter((row) => !known.includes(row.version));
    if (rows.length > 0) this.effect('migrations', (star) => star.migrations.push(...rows));
    return undefined;
  }

  private appliedMigrations(): readonly Row[] {
    const own = sqlOf(this.code).migrations;
    return this.star.migrations.map((row, index) =>
      this.switches.ignoreChecksums === true ? { ...row, checksum: own[index]?.checksum ?? String(row.checksum) } : row,
    );
  }

  private admit(): void {
    this.effect('users', (star) => {
      star.admitted = true;
    });
  }

  private fence(expected: number): void {
    if (expected === this.generation || this.switches.ignoreFence === true) return;
    throw new SqlError(
      `superseded: another run has loaded meanwhile (generation ${this.generation}, expected ${expected})`,
    );
  }

  private load(file: string, sql: string): undefined {
    if (/_clear_star\.sql$/.test(file)) {
      this.clears = true;
      this.effect('star', (star) => {
        star.star = [];
      });
    }
    const table = /^copy public\.(staging_\w+)/m.exec(sql)?.[1];
    if (table === undefined) return undefined;
    const { runId } = this;
    const found = manifestUrls(this.s3, address(sql)).map((url) => this.version(url));
    const loaded = found.map(({ url, etag, spoilt }) => ({ url, etag, runId, load: loadOf(sql), spoilt }));
    this.rejected = loaded.filter(({ spoilt }) => spoilt).map(({ url, etag }) => ({ url, etag, runId }));
    if (this.rejected.length >= Number(/^maxerror (\d+)$/m.exec(sql)?.[1] ?? 1))
      throw new SqlError(`Load into table '${table}' failed. Check 'sys_load_error_detail' system table for details.`);
    this.added.push(...loaded);
    this.effect('star', (star) => star.star.push(...loaded));
    return undefined;
  }

  /** What the COPY before has left out. */
  private keepRejects(): undefined {
    const kept = this.rejected;
    if (kept.length > 0) this.effect('rejects', (star) => star.rejects.push(...kept));
    return undefined;
  }

  private version(url: string): SourceVersion {
    const version = this.s3.source.get(url);
    if (version === undefined)
      throw new SqlError(`S3ServiceException:The specified key does not exist.,Status 404,Key ${url}`);
    return version;
  }

  private clearLedger(): void {
    this.writeLedger((star) => {
      star.ledger = [];
    });
  }

  private writeLedger(effect: Effect): void {
    if (this.switches.ledgerOutside === true) effect(this.star);
    else this.effect('ledger', effect);
  }

  private copyLedger(sql: string): void {
    const lines = this.s3.lines(address(sql));
    this.writeLedger((star) => {
      for (const { url, etag, run_id } of lines)
        star.ledger.push({ url: String(url), etag: String(etag), runId: String(run_id) });
    });
  }

  private record(file: string, sql: string): void {
    const [loadDigest = '', sourceDigest = ''] = [...sql.matchAll(/'([0-9a-f]{64})'/g)].map(([, digest]) => digest);
    const failed = /^\s+'failed',$/m.test(sql);
    const { runId, now } = this;
    this.effect(failed ? 'failed run' : 'run', (star) => {
      if (failed && star.runs.has(runId)) return;
      star.record(runId, {
        status: failed ? 'failed' : 'succeeded',
        trigger: /^\s+'(deploy|schedule|operator)',$/m.exec(sql)?.[1] ?? '',
        loaded: file === 'run/finish/030_run.sql',
        loadDigest: String(loadDigest),
        sourceDigest: String(sourceDigest),
        finishedAt: now,
      });
    });
  }

  private compare(file: string, sql: string): readonly Row[] {
    const run = this.star.runs.get(runOf(sql));
    if (/generation\.sql$/.test(file)) return [{ generation: this.generation }];
    if (/this_run\.sql$/.test(file)) return run?.status === 'succeeded' ? [{ mode: 'x', files: 0, bytes: 0 }] : [];
    if (/last_run\.sql$/.test(file)) return lastRunOf(this.star, this.code, sql, this.listing, this.switches);
    return answerCompare(file, sql, this.listing, this.star.ledger, this.switches);
  }
}

function runOf(sql: string): string {
  return /sparkify run=(\S+)/.exec(sql)?.[1] ?? '';
}

function address(sql: string): string {
  return /from '(s3:[^']+)'/.exec(sql)?.[1] ?? '';
}

function manifestUrls(s3: S3Model, url: string): readonly string[] {
  const body = s3.work.get(url.replace(/^s3:\/\/[^/]+\//, ''));
  if (body === undefined) throw new SqlError(`S3ServiceException:The specified key does not exist.,Key ${url}`);
  return (JSON.parse(body) as { readonly entries: readonly { readonly url: string }[] }).entries.map(
    (each) => each.url,
  );
}
