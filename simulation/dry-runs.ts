import type { DryRun } from '../lambda/dry-run';
import { readEvent } from '../lambda/events';
import { type Code, sourceDigestOf, sqlOf } from './code';
import type { Execution } from './durable-model';
import type { Invariants } from './invariants';
import { nameOf } from './lambda-model';
import type { S3Model } from './s3-model';
import type { StarModel } from './star-model';

/** What a dry run shows of the files that would be loaded, at most. */
const SHOWN = 100;

/** Holds what a dry run says against the model, where nothing has changed while it ran. */
export class DryRuns {
  /** What there was when a dry run began, by its name: one that is delivered again tells what the first has read. */
  private readonly begins = new Map<string, string>();

  constructor(
    private readonly star: StarModel,
    private readonly s3: S3Model,
    private readonly invariants: Invariants,
  ) {}

  begun({ event }: Execution): void {
    const name = nameOfRun(event);
    if (!this.begins.has(name)) this.begins.set(name, this.mark());
  }

  ended(execution: Execution): void {
    const { result, code, event } = execution;
    if (result?.plan === undefined || this.begins.get(nameOfRun(event)) !== this.mark()) return;
    const said = told(result.plan);
    const right = this.expected(event, code);
    if (said !== right) this.invariants.fail(`${nameOf(execution)}, a dry run, says ${said} and a run would ${right}`);
  }

  private mark(): string {
    return `${this.s3.changes} ${this.star.changes}`;
  }

  /** By the words of docs/reliability.md, without the function's own comparison. */
  private expected(event: unknown, code: Code): string {
    const { mode, range } = readEvent(event);
    const files = this.s3
      .filesOf(code.bucket)
      .map(({ url, etag }) => ({ url, etag, songs: url.includes('/song_data/') }));
    const etags = new Map(this.star.ledger.map(({ url, etag }) => [url, etag]));
    const changed = files.filter(({ url, etag }) => (etags.get(url) ?? etag) !== etag).length;
    const last = this.star.lastRun(true)?.[1];
    const other = last?.loadDigest !== sqlOf(code).loadDigest || last.sourceDigest !== sourceDigestOf(code);
    const refresh = mode === 'refresh' || other || changed > 0;
    const ofDays = ({ url, songs }: (typeof files)[number]): boolean => {
      const day = /(\d{4}-\d\d-\d\d)-events/.exec(url)?.[1] ?? '';
      return range === undefined || songs || (day >= range.from && day <= range.to);
    };
    const loaded = files.filter((file) =>
      refresh ? last !== undefined || ofDays(file) : !etags.has(file.url) && ofDays(file),
    );
    // A refresh takes songs first, an incremental load the order of the addresses.
    const place = ({ url, songs }: (typeof files)[number]): string => (refresh && songs ? `0${url}` : `1${url}`);
    const urls = loaded.sort((one, two) => (place(one) < place(two) ? -1 : 1)).map(({ url }) => url);
    const migrations = sqlOf(code).migrations.length - this.star.migrations.length;
    return sentence(
      refresh ? 'refresh' : 'incremental',
      urls.length,
      urls.slice(0, SHOWN),
      changed,
      Math.max(0, migrations),
    );
  }
}

function nameOfRun(event: unknown): string {
  return String((event as { readonly run?: unknown }).run);
}

function told({ mode, files, firstFiles, changedFiles, migrations }: DryRun): string {
  return sentence(
    mode,
    files,
    firstFiles.map(({ url }) => url),
    changedFiles,
    migrations.length,
  );
}

function sentence(mode: string, files: number, urls: readonly string[], changed: number, migrations: number): string {
  return `${mode} of ${files} files (${urls.join(' ')}), ${changed} changed, ${migrations} migrations`;
}
