import { sha256 } from '../statements/digest';
import { InternalError } from './errors';
import type { DateRange, FileDays } from './log-dates';
import { Spool } from './spool';
import type { Collected } from './state';
import type { WorkFiles } from './work-files';

/** One object of a source. */
export interface SourceFile {
  readonly url: string;
  /** Without its quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** The source's name. */
  readonly source: string;
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
    private readonly days: FileDays,
    private readonly range?: DateRange,
    linesPerPart?: number,
  ) {
    this.spool = new Spool(work, `runs/${runId}/spool/`, linesPerPart);
  }

  add(file: SourceFile): Promise<void> {
    const wanted = this.days.isWanted(file, this.range);
    return this.spool.add(line(file, { wanted, undated: this.days.isUndated(file) }));
  }

  async end(): Promise<ListingFiles> {
    const digest = sha256('listing', this.spool.digest()).slice(0, 24);
    const prefix = `runs/${this.runId}/${digest}/listing/`;
    let index = 0;
    for await (const body of this.spool.parts()) await this.work.put(partKey(prefix, index++), body);
    return { digest, prefix, files: this.spool.size };
  }
}

/** A source, as far as what a load reads of it goes. */
export interface ManifestSource {
  readonly name: string;
  /** Text of its JSONPaths file, where that does not lie in a bucket already. */
  readonly jsonPathsText?: string;
}

/**
 * Writes what a load reads: a manifest and, where it is ours, the JSONPaths file of each source that brings files, and
 * the ledger's new lines, source by source in their order. Files that come in the same order give the same keys and
 * contents.
 * Source: Redshift Database Developer Guide, "Using a manifest to specify data files".
 */
export async function writeLoad(
  work: WorkFiles,
  runId: string,
  sources: readonly ManifestSource[],
  files: Files,
  linesPerPart?: number,
): Promise<Collected> {
  const spools = new Map(
    sources.map(({ name }) => [name, new Spool(work, `runs/${runId}/spool/`, linesPerPart)] as const),
  );
  let bytes = 0;
  for await (const file of files) {
    bytes += file.sizeBytes;
    await spoolOf(spools, file).add(line(file, { run_id: runId }));
  }
  const digest = sha256('load', ...[...spools.values()].map((each) => each.digest())).slice(0, 24);
  const root = `runs/${runId}/${digest}/`;
  const ledgerPrefix = `${root}files/`;
  const manifests: Record<string, string> = {};
  const jsonPaths: Record<string, string> = {};
  for (const { name, jsonPathsText } of sources) {
    const spool = spools.get(name);
    if (spool === undefined || spool.size === 0) continue;
    manifests[name] = `${root}${name}.manifest`;
    await work.assemble(manifests[name], manifest(spool));
    if (jsonPathsText === undefined) continue;
    jsonPaths[name] = `${root}${name}.jsonpaths.json`;
    await work.put(jsonPaths[name], jsonPathsText);
  }
  let index = 0;
  for (const each of spools.values())
    for await (const body of each.parts()) await work.put(partKey(ledgerPrefix, index++), body);
  const count = [...spools.values()].reduce((sum, { size }) => sum + size, 0);
  return { digest, manifests, jsonPaths, ledgerPrefix, files: count, bytes };
}

/** @throws InternalError for a file of a source that nobody has declared */
function spoolOf(spools: ReadonlyMap<string, Spool>, { source, url }: SourceFile): Spool {
  const spool = spools.get(source);
  if (spool === undefined)
    throw new InternalError(`${url} is of a source ${source} that is not declared`, 'Report this.');
  return spool;
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
