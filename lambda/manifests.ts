import { sha256 } from './digest';

export type Source = 'songs' | 'events';

/** One object of a source. */
export interface SourceFile {
  readonly url: string;
  /** Without its quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly source: Source;
}

/** An object to be written to the work bucket. */
export interface WorkFile {
  readonly key: string;
  readonly body: string;
}

/** How many lines one listing object holds: COPY reads several objects side by side. */
const LINES_PER_FILE = 50_000;

/**
 * The listing of the sources as JSON lines, to be copied from `prefix`. The keys contain the digest of the content, so
 * that a listing made again never changes one that a statement is reading.
 */
export function listingFiles(
  runId: string,
  files: readonly SourceFile[],
): { readonly digest: string; readonly prefix: string; readonly files: readonly WorkFile[] } {
  const lines = files.map((file) => line(file));
  const digest = sha256('listing', ...lines).slice(0, 24);
  const prefix = `runs/${runId}/${digest}/listing/`;
  return { digest, prefix, files: parts(prefix, lines) };
}

/** What a load reads: a manifest a source (absent where nothing is to be loaded from it) and the ledger's new lines. */
export interface LoadFiles {
  readonly digest: string;
  readonly songsManifest?: string;
  readonly eventsManifest?: string;
  readonly ledgerPrefix: string;
  readonly files: readonly WorkFile[];
}

/** Source: Redshift Database Developer Guide, "Using a manifest to specify data files". */
export function loadFiles(runId: string, files: readonly SourceFile[]): LoadFiles {
  const lines = files.map((file) => line(file, runId));
  const digest = sha256('load', ...lines).slice(0, 24);
  const root = `runs/${runId}/${digest}/`;
  const manifests = (['songs', 'events'] as const).flatMap((source) => {
    const own = files.filter((file) => file.source === source);
    return own.length === 0 ? [] : [{ source, key: `${root}${source}.manifest`, body: manifest(own) }];
  });
  const ledgerPrefix = `${root}files/`;
  return {
    digest,
    songsManifest: manifests.find(({ source }) => source === 'songs')?.key,
    eventsManifest: manifests.find(({ source }) => source === 'events')?.key,
    ledgerPrefix,
    files: [...manifests.map(({ key, body }) => ({ key, body })), ...parts(ledgerPrefix, lines)],
  };
}

/** Mandatory: a file that vanishes between the listing and the COPY fails the load instead of being left out. */
function manifest(files: readonly SourceFile[]): string {
  return JSON.stringify({
    entries: files.map((file) => ({ url: file.url, mandatory: true, meta: { content_length: file.sizeBytes } })),
  });
}

function line(file: SourceFile, runId?: string): string {
  const run = runId === undefined ? {} : { run_id: runId };
  return JSON.stringify({
    url: file.url,
    etag: file.etag,
    size_bytes: file.sizeBytes,
    source: file.source,
    ...run,
  });
}

function parts(prefix: string, lines: readonly string[]): readonly WorkFile[] {
  const count = Math.ceil(lines.length / LINES_PER_FILE);
  return Array.from({ length: count }, (_, index) => ({
    key: `${prefix}${String(index).padStart(5, '0')}.json`,
    body: `${lines.slice(index * LINES_PER_FILE, (index + 1) * LINES_PER_FILE).join('\n')}\n`,
  }));
}
