import { sha256 } from './digest';
import { type DateRange, isWanted, logDayOf } from './log-dates';
import { Spool } from './spool';
import type { WorkFiles } from './work-files';

export type Source = 'songs' | 'events';

/** One object of a source. */
export interface SourceFile {
  readonly url: string;
  /** Without its quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly source: Source;
}

/** A listing in the work bucket, to be copied from `prefix`, where it holds any file. */
export interface ListingFiles {
  readonly digest: string;
  readonly prefix: string;
  readonly files: number;
}

type Files = Iterable<SourceFile> | AsyncIterable<SourceFile>;

/**
 * Writes a listing of the sources as JSON lines while they come. The keys contain the digest of the content, so that a
 * listing made again never changes one that a statement is reading.
 */
export class ListingWriter {
  private readonly spool: Spool;

  constructor(
    private readonly work: WorkFiles,
    private readonly runId: string,
    private readonly range?: DateRange,
    linesPerPart?: number,
  ) {
    this.spool = new Spool(work, `runs/${runId}/spool/`, linesPerPart);
  }

  add(file: SourceFile): Promise<void> {
    const undated = file.source === 'events' && logDayOf(file.url) === undefined;
    return this.spool.add(line(file, { wanted: isWanted(file, this.range), undated }));
  }

  async end(): Promise<ListingFiles> {
    const digest = sha256('listing', this.spool.digest()).slice(0, 24);
    const prefix = `runs/${this.runId}/${digest}/listing/`;
    let index = 0;
    for await (const body of this.spool.parts()) await this.work.put(partKey(prefix, index++), body);
    return { digest, prefix, files: this.spool.size };
  }
}

/** What a load reads: a manifest a source (absent where nothing is to be loaded from it) and the ledger's new lines. */
export interface LoadFiles {
  readonly digest: string;
  readonly songsManifest?: string;
  readonly eventsManifest?: string;
  readonly ledgerPrefix: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes what a load reads, songs before events. Files that come in the same order give the same keys and contents.
 * Source: Redshift Database Developer Guide, "Using a manifest to specify data files".
 */
export async function writeLoad(
  work: WorkFiles,
  runId: string,
  files: Files,
  linesPerPart?: number,
): Promise<LoadFiles> {
  const spool = (): Spool => new Spool(work, `runs/${runId}/spool/`, linesPerPart);
  const spools = { songs: spool(), events: spool() };
  let bytes = 0;
  for await (const file of files) {
    bytes += file.sizeBytes;
    await spools[file.source].add(line(file, { run_id: runId }));
  }
  const digest = sha256('load', spools.songs.digest(), spools.events.digest()).slice(0, 24);
  const root = `runs/${runId}/${digest}/`;
  const ledgerPrefix = `${root}files/`;
  const manifestOf = async (source: Source): Promise<string | undefined> => {
    if (spools[source].size === 0) return undefined;
    const key = `${root}${source}.manifest`;
    await work.assemble(key, manifest(spools[source]));
    return key;
  };
  const songsManifest = await manifestOf('songs');
  const eventsManifest = await manifestOf('events');
  let index = 0;
  for (const each of [spools.songs, spools.events])
    for await (const body of each.parts()) await work.put(partKey(ledgerPrefix, index++), body);
  return { digest, songsManifest, eventsManifest, ledgerPrefix, files: spools.songs.size + spools.events.size, bytes };
}

/** Mandatory: a file that vanishes between the listing and the COPY fails the load instead of being left out. */
async function* manifest(spool: Spool): AsyncGenerator<string> {
  let before = '{"entries":[';
  for await (const body of spool.parts())
    for (const each of body.trimEnd().split('\n')) {
      const { url, size_bytes } = JSON.parse(each) as { readonly url: string; readonly size_bytes: number };
      yield before + JSON.stringify({ url, mandatory: true, meta: { content_length: size_bytes } });
      before = ',';
    }
  yield ']}';
}

function line(file: SourceFile, more: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    url: file.url,
    etag: file.etag,
    size_bytes: file.sizeBytes,
    source: file.source,
    ...more,
  });
}

function partKey(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(5, '0')}.json`;
}
