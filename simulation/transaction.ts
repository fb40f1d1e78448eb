import { taggedFile } from '../lambda/sql-files';
import { compareFiles, surveyOf } from './ledger-queries';
import type { S3Model, SourceVersion } from './s3-model';
import type { Row, StarModel } from './star-model';
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

/** From here on a load reads at its end, not at its beginning: what changes in S3 in between must do no harm. */
const LATE = /^run\/(ledger|finish)\//;

/**
 * A transaction as the warehouse does it: reads see the snapshot of its beginning, writes take effect at the commit.
 * It understands the statements that exactly-once depends on by their text and tag; any other does nothing.
 */
export class Transaction {
  readonly parts: readonly Part[];
  private readonly effects: Effect[] = [];
  private generation = 0;
  private listing: readonly Row[] = [];

  constructor(
    sqls: readonly string[],
    private readonly star: StarModel,
    private readonly s3: S3Model,
    private readonly switches: Switches,
  ) {
    this.parts = sqls.map((sql) => ({ sql, rows: [] }));
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
  finish(): void {
    this.execute((file) => this.late(file));
  }

  commit(): void {
    for (const effect of this.effects) effect(this.star);
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
        part.rows = this.statement(file, part.sql) ?? [];
      } catch (error) {
        part.error = `ERROR: ${(error as Error).message}`;
        throw error;
      }
    }
  }

  private statement(file: string, sql: string): readonly Row[] | undefined {
    if (file.startsWith('migrations')) return this.migrate(file, sql);
    if (file.startsWith('load/')) return this.load(file, sql);
    if (/^copy listing/m.test(sql)) this.listing = this.s3.lines(address(sql));
    if (/^delete from etl\.files/m.test(sql)) this.clearLedger();
    if (/^copy etl\.files/m.test(sql)) this.copyLedger(sql);
    if (/^insert into etl\.runs/m.test(sql)) this.record(sql);
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
        this.effects.push((star) => {
          star.generation += 1;
        });
        return [];
      case 'applied':
      case 'run/prepare/030_applied.sql':
        return [...this.star.migrations];
      case 'run/finish/050_counts.sql':
      case 'run/idle/030_counts.sql':
        return [{ songplays: this.star.star.length }];
      case 'run/failure/020_load_errors.sql':
        return [{ file_name: 's3://source/spoilt.json', line_number: 1, error_code: 1207, error_message: 'spoilt' }];
      default:
        return file.startsWith('run/compare/') ? this.compare(file, sql) : undefined;
    }
  }

  private migrate(file: string, sql: string): undefined {
    const version = Number(/^migrations\/(\d+)/.exec(file)?.[1]);
    if (this.star.migrations.some((row) => row.version === version))
      throw new SqlError(`relation "migration_${version}" already exists`);
    if (file !== 'migrations') return undefined;
    const rows = [...sql.matchAll(/^ {4}\((\d+), '(\w+)', '(\w+)'/gm)];
    this.effects.push((star) => {
      for (const [, number, name, checksum] of rows)
        star.migrations.push({ version: Number(number), name: String(name), checksum: String(checksum) });
    });
    return undefined;
  }

  private fence(expected: number): void {
    if (expected === this.generation || this.switches.ignoreFence === true) return;
    throw new SqlError(
      `superseded: another run has loaded meanwhile (generation ${this.generation}, expected ${expected})`,
    );
  }

  private load(file: string, sql: string): undefined {
    if (/_clear_songplays\.sql$/.test(file))
      this.effects.push((star) => {
        star.star = [];
      });
    const table = /^copy public\.(staging_\w+)/m.exec(sql)?.[1];
    if (table === undefined) return undefined;
    const runId = runOf(sql);
    const found = manifestUrls(this.s3, address(sql)).map((url) => this.version(url, table));
    const held = found.map(({ url, etag }) => ({ url, etag, runId }));
    this.effects.push((star) => star.star.push(...held));
    return undefined;
  }

  private version(url: string, table: string): SourceVersion {
    const version = this.s3.source.get(url);
    if (version === undefined)
      throw new SqlError(`S3ServiceException:The specified key does not exist.,Status 404,Key ${url}`);
    if (version.spoilt)
      throw new SqlError(`Load into table '${table}' failed. Check 'sys_load_error_detail' system table for details.`);
    return version;
  }

  private clearLedger(): void {
    this.writeLedger((star) => {
      star.ledger = [];
    });
  }

  private writeLedger(effect: Effect): void {
    if (this.switches.ledgerOutside === true) effect(this.star);
    else this.effects.push(effect);
  }

  private copyLedger(sql: string): void {
    const lines = this.s3.lines(address(sql));
    this.writeLedger((star) => {
      for (const { url, etag, run_id } of lines)
        star.ledger.push({ url: String(url), etag: String(etag), runId: String(run_id) });
    });
  }

  private record(sql: string): void {
    const [loadDigest = '', sourceDigest = ''] = [...sql.matchAll(/'([0-9a-f]{64})'/g)].map(([, digest]) => digest);
    const failed = /^\s+'failed',$/m.test(sql);
    const runId = runOf(sql);
    this.effects.push((star) => {
      if (failed && star.runs.has(runId)) return;
      star.record(runId, {
        status: failed ? 'failed' : 'succeeded',
        loadDigest: String(loadDigest),
        sourceDigest: String(sourceDigest),
      });
    });
  }

  private compare(file: string, sql: string): readonly Row[] {
    const run = this.star.runs.get(runOf(sql));
    const last = this.star.lastRun();
    if (/generation\.sql$/.test(file)) return [{ generation: this.generation }];
    if (/this_run\.sql$/.test(file)) return run?.status === 'succeeded' ? [{ mode: 'x', files: 0, bytes: 0 }] : [];
    if (/last_run\.sql$/.test(file))
      return last === undefined ? [] : [{ load_digest: last.loadDigest, source_digest: last.sourceDigest }];
    const comparison = compareFiles(this.listing, this.star.ledger, /'([^']*)' = 'all'/.exec(sql)?.[1] ?? 'all');
    if (/new_files\.sql$/.test(file)) return comparison.fresh;
    if (/vanished_files\.sql$/.test(file)) return comparison.vanished.map((url) => ({ url }));
    if (!/totals\.sql$/.test(file)) return [];
    return [
      {
        new_files: comparison.fresh.length,
        new_bytes: comparison.fresh.length,
        new_songs: comparison.fresh.filter(({ source }) => source === 'songs').length,
        new_files_outside: 0,
        new_files_undated: 0,
        changed_files: this.switches.ignoreChangedFiles === true ? 0 : comparison.changed,
        vanished_files: comparison.vanished.length,
      },
    ];
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
