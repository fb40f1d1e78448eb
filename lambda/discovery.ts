import type { S3Client } from '@aws-sdk/client-s3';
import { type BucketDigest, type BucketList, BucketSurvey, inBuckets } from './buckets';
import { SourceDataError } from './errors';
import type { LoadSource } from './load-sources';
import { type DateRange, FileDays } from './log-dates';
import { ListingWriter, type SourceFile, writeLoad } from './manifests';
import { listSource, scanSource } from './sources';
import { LINES_PER_PART } from './spool';
import type { Collected, Extent, Listing, RunState } from './state';
import type { Row, Warehouse } from './warehouse';
import type { WorkFiles } from './work-files';

/** How much of a listing is held in memory. */
export interface DiscoveryLimits {
  /** Files that are kept, so that a small source is listed once. */
  readonly files: number;
  /** Lines that are kept until they are put away; one object has at most so many. */
  readonly linesPerPart: number;
}

const LIMITS: DiscoveryLimits = { files: 20_000, linesPerPart: LINES_PER_PART };

export interface DiscoveryTools {
  /** In the order in which their files are listed. */
  readonly sources: readonly Omit<LoadSource, 'rejects'>[];
  /** A first listing without any file is then no mistake. */
  readonly mayBeEmpty?: boolean;
  /** S3 in the source bucket's region. */
  readonly sourceS3: S3Client;
  readonly work: WorkFiles;
  readonly warehouse: Pick<Warehouse, 'rows' | 'allRows'>;
  readonly limits?: DiscoveryLimits;
}

/**
 * Finds out which files there are and which of them a load reads. Nothing here grows with the number of files: they
 * are counted and digested by bucket, and only files of buckets that differ from the ledger are written down.
 */
export class Discovery {
  private held: { readonly digest: string; readonly files: readonly SourceFile[] } | undefined;

  private readonly limits: DiscoveryLimits;
  private readonly days: FileDays;

  constructor(private readonly tools: DiscoveryTools) {
    this.limits = tools.limits ?? LIMITS;
    this.days = new FileDays(tools.sources);
  }

  /** Lists the sources and writes down what lies in the buckets that differ from the ledger. */
  async list(state: RunState): Promise<Listing> {
    const ledger = await this.ledgerDigests(state);
    const names = this.tools.sources.map(({ name }) => name);
    const counted = new Tally(this.limits.files, names, (file) => this.days.isWanted(file, state.range));
    const survey = new BucketSurvey();
    const { linesPerPart } = this.limits;
    const writer = new ListingWriter(this.tools.work, state.runId, this.days, state.range, linesPerPart);
    // An empty ledger differs everywhere: what is listed can be written down at once.
    const straight = ledger.length === 0;
    await this.scan(async (file) => {
      counted.add(file);
      if (straight) await writer.add(file);
      else survey.add(file);
    });
    // Once something was loaded, all files gone are no new bucket.
    if (!straight || this.tools.mayBeEmpty !== true) this.refuseNone(counted.total.files);
    const buckets = straight ? 'all' : survey.differing(ledger);
    if (!straight && buckets !== 'none') await this.write(buckets, counted.held, writer);
    const { digest, prefix, files } = await writer.end();
    this.held = counted.held === undefined ? undefined : { digest, files: counted.held };
    return { digest, prefix, files, buckets, total: counted.total, wanted: counted.wanted };
  }

  /** A refresh takes all files as they lie there now, an incremental load the new ones that the comparison found. */
  async collect(state: RunState): Promise<Collected> {
    const files = state.mode === 'refresh' ? this.forRefresh(state) : this.newFiles(state);
    const { work, sources } = this.tools;
    const collected = await writeLoad(work, state.runId, sources, files, this.limits.linesPerPart);
    this.refuseNone(collected.files, state.range);
    return collected;
  }

  /** The files that a refresh loads: all; before the first load, those of the days that were asked for. */
  async *forRefresh(state: RunState): AsyncGenerator<SourceFile> {
    const range = refreshRange(state);
    const held = this.held?.digest === state.listing?.digest ? this.held?.files : undefined;
    for await (const file of held ?? this.all()) if (this.days.isWanted(file, range)) yield file;
  }

  /** The files that an incremental load takes, in the order of their urls. */
  async *newFiles(state: RunState): AsyncGenerator<SourceFile> {
    for await (const row of this.tools.warehouse.rows(state.comparison?.newFilesStatementId ?? '')) yield fileOf(row);
  }

  private async write(
    buckets: BucketList,
    held: readonly SourceFile[] | undefined,
    writer: ListingWriter,
  ): Promise<void> {
    const differs = inBuckets(buckets);
    const add = async (file: SourceFile): Promise<void> => (differs(file) ? writer.add(file) : undefined);
    if (held === undefined) return this.scan(add);
    for (const file of held) await add(file);
  }

  private async scan(visit: (file: SourceFile) => Promise<void>): Promise<void> {
    const { sources, sourceS3 } = this.tools;
    const page = async (files: readonly SourceFile[]): Promise<void> => {
      for (const file of files) await visit(file);
    };
    for (const { url, name } of sources) await scanSource(sourceS3, url, name, page);
  }

  private async *all(): AsyncGenerator<SourceFile> {
    const { sources, sourceS3 } = this.tools;
    for (const { url, name } of sources) yield* listSource(sourceS3, url, name);
  }

  private async ledgerDigests(state: RunState): Promise<readonly BucketDigest[]> {
    if (state.survey === undefined) return [];
    const rows = await this.tools.warehouse.allRows(`${state.survey}:1`);
    return rows.map(({ bucket, files, digest }) => ({
      bucket: String(bucket),
      files: Number(files),
      digest: String(digest),
    }));
  }

  /** Some sources may be empty, not all: that is a wrong address more often than a new bucket. */
  private refuseNone(files: number, range?: DateRange): void {
    if (files > 0) return;
    const below = this.tools.sources.map(({ url }) => url).join(' nor below ');
    const days = range === undefined ? '' : ` for ${range.from} to ${range.to}`;
    throw new SourceDataError(
      `no file lies below ${below}${days}`,
      'Check the addresses of the sources, or put files there, and deploy again.',
    );
  }
}

/** The days that a refresh is limited to: once the star holds files, it would lose those of other days. */
export function refreshRange(state: RunState): DateRange | undefined {
  return state.comparison?.firstLoad === true ? state.range : undefined;
}

/** Counts files and keeps them while they are few, in the order of their urls. */
class Tally {
  private files: SourceFile[] | undefined = [];
  private readonly sums = { total: new Sum(), wanted: new Sum() };

  constructor(
    private readonly mostHeld: number,
    /** In the order in which their files are held. */
    private readonly sources: readonly string[],
    private readonly isWanted: (file: SourceFile) => boolean,
  ) {}

  get total(): Extent {
    return this.sums.total.extent;
  }

  get wanted(): Extent {
    return this.sums.wanted.extent;
  }

  /**
   * All files, source by source in the order in which S3 would list them one by one; undefined when they are too many to
   * be held.
   */
  get held(): readonly SourceFile[] | undefined {
    const place = ({ source, url }: SourceFile): Buffer =>
      Buffer.from(`${String(this.sources.indexOf(source)).padStart(3, '0')}${url}`);
    return this.files?.sort((one, other) => Buffer.compare(place(one), place(other)));
  }

  add(file: SourceFile): void {
    this.sums.total.add(file);
    if (this.isWanted(file)) this.sums.wanted.add(file);
    if (this.files === undefined) return;
    if (this.files.length < this.mostHeld) this.files.push(file);
    else this.files = undefined;
  }
}

class Sum {
  private files = 0;
  private bytes = 0;
  private readonly bySource = new Map<string, number>();

  get extent(): Extent {
    return { files: this.files, bytes: this.bytes, bySource: Object.fromEntries(this.bySource) };
  }

  add({ source, sizeBytes }: SourceFile): void {
    this.files += 1;
    this.bytes += sizeBytes;
    this.bySource.set(source, (this.bySource.get(source) ?? 0) + 1);
  }
}

function fileOf(row: Row): SourceFile {
  return {
    url: String(row.url),
    etag: String(row.etag),
    sizeBytes: Number(row.size_bytes),
    source: String(row.source),
  };
}
