import { serviceError } from './service-error';
import type { Row } from './star-model';

/** One version of a source file. */
export interface SourceVersion {
  readonly url: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** COPY stumbles over it. */
  readonly spoilt: boolean;
  readonly writtenAt: number;
}

/** So many keys a page: small, so that files appear and change while a source is being listed. */
const PAGE = 2;

export const SOURCE_BUCKET = 'source-bucket';
export const OTHER_BUCKET = 'other-bucket';
export const WORK_BUCKET = 'work-bucket';

/** The source buckets with versions of files, and the work bucket with what the function writes. */
export class S3Model {
  readonly source = new Map<string, SourceVersion>();
  readonly work = new Map<string, string>();
  private versions = 0;
  /** How often a source has changed. */
  changes = 0;

  /** Puts a new file into each source bucket; every other one is of songs, some logs have no day in their name. */
  add(number: number, now: number): void {
    const name = String(number).padStart(2, '0');
    const log = number % 6 === 0 ? `log_data/${name}.json` : `log_data/2018-11-${name}-events.json`;
    const key = number % 2 === 0 ? log : `song_data/${name}.json`;
    for (const bucket of [SOURCE_BUCKET, OTHER_BUCKET]) this.write(`s3://${bucket}/${key}`, now);
  }

  /** Puts a new version of a file. */
  write(url: string, now: number, spoilt = false): SourceVersion {
    this.versions += 1;
    this.changes += 1;
    const version = {
      url,
      etag: `v${this.versions}`,
      // The same size on purpose: only the ETag tells the versions apart.
      sizeBytes: 100,
      spoilt,
      writtenAt: now,
    };
    this.source.set(version.url, version);
    return version;
  }

  delete(url: string): void {
    this.changes += 1;
    this.source.delete(url);
  }

  /** What lies in a source bucket now. */
  filesOf(bucket: string): readonly SourceVersion[] {
    return [...this.source.values()].filter(({ url }) => bucketOf(url) === bucket);
  }

  list(bucket: string, prefix: string, token: string | undefined): Readonly<Record<string, unknown>> {
    const root = `s3://${bucket}/`;
    const urls = [...this.source.keys()].filter((url) => url.startsWith(`${root}${prefix}`)).sort();
    const rest = urls.filter((url) => token === undefined || url > token);
    const page = rest.slice(0, PAGE);
    const more = rest.length > PAGE;
    return {
      Contents: page.map((url) => {
        const { etag, sizeBytes } = this.source.get(url) as SourceVersion;
        return { Key: url.slice(root.length), ETag: `"${etag}"`, Size: sizeBytes };
      }),
      IsTruncated: more,
      ...(more ? { NextContinuationToken: page.at(-1) } : {}),
    };
  }

  get(key: string): Readonly<Record<string, unknown>> {
    const body = this.work.get(key);
    if (body === undefined) throw serviceError('NoSuchKey', 404);
    return { Body: { transformToString: async () => body } };
  }

  /** The bodies of the work objects below a prefix, as COPY reads them: all their lines as JSON. */
  lines(url: string): readonly Row[] {
    const prefix = url.slice(`s3://${WORK_BUCKET}/`.length);
    const bodies = [...this.work].filter(([key]) => key.startsWith(prefix)).sort();
    return bodies.flatMap(([, body]) =>
      body
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row),
    );
  }
}

/** The bucket of an address. */
export function bucketOf(url: string): string {
  return url.split('/')[2] ?? '';
}
