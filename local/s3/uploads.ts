import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../aws/service';
import type { Clock, Ids } from '../clock';
import { readJsonFile, writeJsonFile } from '../json-file';
import type { DiskObjectStore } from './disk-object-store';
import type { ObjectAttributes } from './object-index';
import type { ObjectSummary } from './object-store';

/** An upload begun and neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  readonly attributes: ObjectAttributes;
}

export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly modified: Date;
}

/** Every part but the last has at least this many bytes (S3 User Guide, "Amazon S3 multipart upload limits"). */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;

/** Multipart uploads: a folder each under `folder`, with the parts as files `<number>.<etag>`. They survive restarts. */
export class Uploads {
  constructor(
    private readonly folder: string,
    private readonly store: DiskObjectStore,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  create(bucket: string, key: string, attributes: ObjectAttributes): Upload {
    const id = this.ids.uuid().replaceAll('-', '');
    const upload = { id, bucket, key, initiated: this.clock.now(), attributes };
    writeJsonFile(this.#record(id), upload);
    return upload;
  }

  /** @throws AwsError NoSuchUpload */
  require(bucket: string, key: string, id: string): Upload {
    const upload = /^[0-9a-f]+$/.test(id) ? readJsonFile<Upload>(this.#record(id)) : undefined;
    if (!upload || upload.bucket !== bucket || upload.key !== key) {
      throw new AwsError(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        404,
        { UploadId: id },
      );
    }
    return upload;
  }

  /** @returns the part's ETag @throws AwsError InvalidArgument for a part number out of range */
  async putPart(upload: Upload, number: number, body: Buffer): Promise<string> {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
      throw new AwsError(
        'InvalidArgument',
        `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
        400,
        {
          ArgumentName: 'partNumber',
        },
      );
    }
    const etag = createHash('md5').update(body).digest('hex');
    const incoming = this.store.temporaryFile();
    await writeFile(incoming, body);
    const replaced = this.parts(upload).find((part) => part.number === number && part.etag !== etag);
    renameSync(incoming, this.#part(upload, number, etag));
    if (replaced) {
      rmSync(this.#part(upload, number, replaced.etag), { force: true });
    }
    return etag;
  }

  /** In the order of their numbers. */
  parts(upload: Upload): readonly UploadedPart[] {
    const folder = join(this.folder, upload.id);
    return readdirSync(folder)
      .map((name) => /^(\d+)\.([0-9a-f]{32})$/.exec(name))
      .filter((match) => match !== null)
      .map(([name, number, etag]) => {
        const stats = statSync(join(folder, name));
        return { number: Number(number), etag: etag!, size: stats.size, modified: new Date(stats.mtimeMs) };
      })
      .sort((left, right) => left.number - right.number);
  }

  /** Puts the parts together. @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall */
  async complete(upload: Upload, wanted: readonly { number: number; etag: string }[]): Promise<ObjectSummary> {
    const chosen = this.#choose(upload, wanted);
    const file = this.store.temporaryFile();
    try {
      await writeFile(file, '');
      for (const part of chosen) {
        const path = this.#part(upload, part.number, part.etag);
        await pipeline(createReadStream(path), createWriteStream(file, { flags: 'a' }));
      }
      const digests = Buffer.concat(chosen.map((part) => Buffer.from(part.etag, 'hex')));
      const etag = `${createHash('md5').update(digests).digest('hex')}-${chosen.length}`;
      const object = this.store.putFile(upload.bucket, upload.key, file, etag, upload.attributes);
      this.abort(upload);
      return object;
    } finally {
      rmSync(file, { force: true });
    }
  }

  abort(upload: Upload): void {
    rmSync(join(this.folder, upload.id), { recursive: true, force: true });
  }

  list(bucket: string): readonly Upload[] {
    mkdirSync(this.folder, { recursive: true });
    return readdirSync(this.folder)
      .map((id) => readJsonFile<Upload>(this.#record(id)))
      .filter((upload) => upload?.bucket === bucket)
      .map((upload) => upload!);
  }

  #choose(upload: Upload, wanted: readonly { number: number; etag: string }[]): readonly UploadedPart[] {
    const present = new Map(this.parts(upload).map((part) => [part.number, part]));
    const chosen = wanted.map(({ number, etag }, index) => {
      if (index > 0 && number <= wanted[index - 1]!.number) {
        throw new AwsError(
          'InvalidPartOrder',
          'The list of parts was not in ascending order. Parts must be ordered by part number.',
        );
      }
      const part = present.get(number);
      if (!part || part.etag !== etag) {
        throw new AwsError(
          'InvalidPart',
          "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
          400,
          { UploadId: upload.id, PartNumber: number, ETag: etag },
        );
      }
      return part;
    });
    const small = chosen.slice(0, -1).find((part) => part.size < MIN_PART_BYTES);
    if (small) {
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ProposedSize: small.size,
        MinSizeAllowed: MIN_PART_BYTES,
        PartNumber: small.number,
        ETag: small.etag,
      });
    }
    return chosen;
  }

  #record(id: string): string {
    return join(this.folder, id, 'upload.json');
  }

  #part(upload: Upload, number: number, etag: string): string {
    return join(this.folder, upload.id, `${number}.${etag}`);
  }
}
