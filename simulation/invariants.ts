import type { Assignment } from '../lambda/events';
import { taggedFile } from '../statements/render';
import { type CloudFormationModel, label } from './cloudformation-model';
import { ADMIN, type Code } from './code';
import type { DataApiModel, Statement } from './data-api-model';
import { isLoad } from './data-api-model';
import type { Execution } from './durable-model';
import { type LambdaModel, nameOf } from './lambda-model';
import { bucketOf, type S3Model } from './s3-model';
import type { Held, StarModel } from './star-model';
import { needsAdmin } from './transaction';

/** The last deploy that has loaded, and when it was told that all went well. */
export interface InPlace {
  readonly code: Code;
  readonly since: number;
}

/** What must hold whatever happens; each broken one is a sentence. */
export class Invariants {
  readonly broken: string[] = [];
  private readonly loads = new Map<string, Statement>();

  constructor(
    private readonly star: StarModel,
    private readonly s3: S3Model,
  ) {}

  /** After each commit: the star holds the files of the ledger, each once. */
  starEqualsLedger(when: string): void {
    const star = byUrl(this.star.star);
    const ledger = byUrl(this.star.ledger);
    if (star.size !== this.star.star.length) this.fail(`${when}: the star holds a file twice: ${show(this.star.star)}`);
    if (ledger.size !== this.star.ledger.length)
      this.fail(`${when}: the ledger names a file twice: ${show(this.star.ledger)}`);
    const same = star.size === ledger.size && [...star.keys()].every((url) => ledger.has(url));
    if (!same) this.fail(`${when}: the star holds ${show(this.star.star)}, the ledger names ${show(this.star.ledger)}`);
    for (const [url, { etag }] of ledger) {
      const held = star.get(url);
      // A file overwritten between the listing and the COPY is newer in the star: the next run sees that it changed.
      if (held !== undefined && versionOf(held.etag) < versionOf(etag))
        this.fail(`${when}: the ledger names ${url} ${etag}, the star holds the older ${held.etag}`);
    }
  }

  /** The star was made by one SQL of the load, from one bucket, and rejects are told once each. */
  starIsOfOnePiece(when: string): void {
    const { star, rejects, migrations } = this.star;
    const loads = new Set(star.map(({ load }) => load));
    if (loads.size > 1) this.fail(`${when}: the star was made by the loads ${[...loads].join(' and ')}`);
    const buckets = new Set(star.map(({ url }) => bucketOf(url)));
    if (buckets.size > 1) this.fail(`${when}: the star holds files of ${[...buckets].join(' and ')}`);
    for (const held of star.filter(({ spoilt }) => spoilt)) {
      const told = rejects.filter(({ url, runId }) => url === held.url && runId === held.runId).length;
      if (told !== 1) this.fail(`${when}: the rejects of ${held.url} ${held.etag} are told ${told} times`);
    }
    if (migrations.some(({ version }, index) => version !== index + 1))
      this.fail(`${when}: migrations ${migrations.map(({ version }) => version).join(', ')} are applied`);
  }

  /** After a deploy: nothing in the star is of other SQL or of other sources. */
  starIsOf({ load, bucket }: Code, when: string): void {
    const other = this.star.star.find((held) => held.load !== load || bucketOf(held.url) !== bucket);
    if (other !== undefined)
      this.fail(`${when}: the star holds ${other.url} of load ${other.load}, not of load ${load} from ${bucket}`);
  }

  /** After a quiet run: nothing is missing and nothing is old. */
  starEqualsSource(bucket: string): void {
    const star = byUrl(this.star.star);
    for (const { url, etag } of this.s3.filesOf(bucket))
      if (star.get(url)?.etag !== etag)
        this.fail(
          `after a quiet run: ${url} is ${etag} in the source and ${star.get(url)?.etag ?? 'missing'} in the star`,
        );
  }

  /** What a transaction has written is what its run was asked for. */
  keepsToItsOrder({ id, name, transaction }: Statement, order: Assignment | undefined): void {
    const { touched, added, clears, before, code } = transaction;
    const fail = (what: string): void => this.fail(`${id} (${name}) ${what}`);
    if (order?.dryRun === true && touched.size > 0) fail(`is of a dry run and has written: ${[...touched].join(', ')}`);
    const more = [...touched].filter((each) => each !== 'failed run');
    if (code.edited && more.length > 0) fail(`has an edited migration and has written: ${more.join(', ')}`);
    if (added.length === 0) return;
    if (order?.mode === 'refresh' && !clears) fail('was to be a full refresh and has left old rows');
    const { range } = order ?? {};
    if (range !== undefined && (!clears || before.length === 0)) {
      const other = added.find(({ url }) => !url.includes('/song_data/') && !ofDays(url, range.from, range.to));
      if (other !== undefined) fail(`was to load ${range.from} to ${range.to} and has loaded ${other.url}`);
    }
    // Files never come back: what was in the star and is in the source has been there all the time.
    const lost = before.find(
      ({ url }) =>
        bucketOf(url) === code.bucket && this.s3.source.has(url) && !this.star.star.some((each) => each.url === url),
    );
    if (lost !== undefined) fail(`has rebuilt the star without ${lost.url}`);
  }

  /** A run that began before a deploy went well does not put older SQL or other sources into the star after it. */
  loadsNothingOlder({ name, transaction }: Statement, begunAt: number, inPlace: InPlace | undefined): void {
    const { added, code } = transaction;
    if (inPlace === undefined || added.length === 0 || begunAt > inPlace.since) return;
    if (code.load !== inPlace.code.load || code.bucket !== inPlace.code.bucket)
      this.fail(`${name} has loaded with what was deployed before the last deploy`);
  }

  /** The same load of the same execution is one statement, unless the one before has failed. */
  loadStartsOnce(execution: Execution, statement: Statement): void {
    if (!isLoad(statement.sqls)) return;
    const key = `${execution.arn} ${statement.sqls.join(';')}`;
    const before = this.loads.get(key);
    this.loads.set(key, statement);
    if (before === undefined || before === statement || before.status === 'FAILED' || before.status === 'ABORTED')
      return;
    this.fail(`${nameOf(execution)} started its load twice: ${before.id} (${before.status}) and ${statement.id}`);
  }

  /** A stack that is gone starts nothing. */
  nothingStarts(cloudFormation: CloudFormationModel, statement: Statement): void {
    if (cloudFormation.state === 'none') this.fail(`${statement.name} was started after the Delete was answered`);
  }

  /** What touches data is sent as the loader. Who has read which migrations are applied may be either. */
  adminOnlyWhereNeeded({ name, user, sqls }: Statement): void {
    const files = sqls.map((sql) => taggedFile(sql) ?? '');
    const other = files.find((file) => !needsAdmin(file) && file !== 'applied');
    if (user === ADMIN && other !== undefined) this.fail(`${name} runs ${other} as the admin`);
  }

  /** When a Delete is answered, nothing of the stack runs. */
  nothingRuns(dataApi: DataApiModel, lambda: LambdaModel, self: readonly Execution[]): void {
    for (const statement of dataApi.statements.values())
      if (dataApi.running(statement)) this.fail(`${statement.name} runs on after the Delete was answered`);
    for (const execution of lambda.running())
      if (!self.includes(execution)) this.fail(`${nameOf(execution)} runs on after the Delete was answered`);
  }

  /** Every execution ends, every request gets its answer in time, a rollback succeeds. */
  allEnded(lambda: LambdaModel, cloudFormation: CloudFormationModel, excused: (sentAt: number) => boolean): void {
    for (const execution of lambda.running())
      this.fail(`${nameOf(execution)} never ends: ${JSON.stringify(execution.event)}`);
    for (const sent of cloudFormation.sent) {
      if (sent.abandoned || excused(sent.sentAt)) continue;
      if (sent.accepted === undefined) this.fail(`CloudFormation got no answer in time to ${label(sent)}`);
      else if (!sent.accepted.succeeded && (sent.rollback || sent.request.RequestType === 'Delete'))
        this.fail(`${label(sent)} failed: ${sent.accepted.reason}`);
    }
  }

  fail(sentence: string): void {
    this.broken.push(sentence);
  }
}

function byUrl(held: readonly Held[]): ReadonlyMap<string, Held> {
  return new Map(held.map((each) => [each.url, each]));
}

/** By the day in its name; a file without one is of no day. */
function ofDays(url: string, from: string, to: string): boolean {
  const day = /(\d{4}-\d\d-\d\d)-events/.exec(url)?.[1];
  return day !== undefined && from <= day && day <= to;
}

function versionOf(etag: string): number {
  return Number(etag.slice(1));
}

function show(held: readonly Held[]): string {
  return `[${held.map(({ url, etag }) => `${url.split('/').at(-1)} ${etag}`).join(', ')}]`;
}
