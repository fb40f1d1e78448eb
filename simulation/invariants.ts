import { type CloudFormationModel, label } from './cloudformation-model';
import type { DataApiModel, Statement } from './data-api-model';
import { isLoad } from './data-api-model';
import type { Execution } from './durable-model';
import { type LambdaModel, nameOf } from './lambda-model';
import type { S3Model } from './s3-model';
import type { Held, StarModel } from './star-model';

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

  /** After a quiet run: nothing is missing and nothing is old. */
  starEqualsSource(): void {
    const star = byUrl(this.star.star);
    for (const { url, etag } of this.s3.source.values())
      if (star.get(url)?.etag !== etag)
        this.fail(
          `after a quiet run: ${url} is ${etag} in the source and ${star.get(url)?.etag ?? 'missing'} in the star`,
        );
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

function versionOf(etag: string): number {
  return Number(etag.slice(1));
}

function show(held: readonly Held[]): string {
  return `[${held.map(({ url, etag }) => `${url.split('/').at(-1)} ${etag}`).join(', ')}]`;
}
