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

export const SOURCE = 's3://source/';
export const WORK_BUCKET = 'work-bucket';

/** The source bucket with versions of files, and the work bucket with what the function writes. */
export class S3Model {
  readonly source = new Map<string, SourceVersion>();
  readonly work = new Map<string, string>();
  private versions = 0;

  /** Puts a new version; every other file is one of songs. */
  write(number: number, now: number, spoilt = false): SourceVersion {
    const key = `${number % 2 === 0 ? 'log_data' : 'song_data'}/${String(number).padStart(3, '0')}.json`;
    this.versions += 1;
    const version = {
      url: `${SOURCE}${key}`,
      etag: `v${this.versions}`,
      // The same size on purpose: only the ETag tells the versions apart.
      sizeBytes: 100,
      spoilt,
      writtenAt: now,
    };
    this.source.set(version.url, version);
    return version;
  }

  /** The version that lies at an address now, by the picked position. */
  pick(position: number): SourceVersion | undefined {
    const all = [...this.source.values()];
    return all.length === 0 ? undefined : all[position % all.length];
  }

  list(prefix: string, token: string | undefined): Readonly<Record<string, unknown>> {
    const urls = [...this.source.keys()].filter((url) => url.startsWith(`${SOURCE}${prefix}`)).sort();
    const rest = urls.filter((url) => token === undefined || url > token);
    const page = rest.slice(0, PAGE);
    const more = rest.length > PAGE;
    return {
      Contents: page.map((url) => {
        const { etag, sizeBytes } = this.source.get(url) as SourceVersion;
        return { Key: url.slice(SOURCE.length), ETag: `"${etag}"`, Size: sizeBytes };
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
