import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** Where a run keeps its own files. */
export interface WorkFiles {
  put(key: string, body: string): Promise<void>;
  get(key: string): Promise<string>;
  /** Writes one object of any size from its pieces; nobody sees it before it is whole. */
  assemble(key: string, pieces: AsyncIterable<string>): Promise<void>;
}

/** How much of an object is held before it is sent: S3 wants 5 MiB at least of each part but the last. */
const PART_BYTES = 8 * 1024 * 1024;
const ContentType = 'application/json; charset=utf-8';

/** The work bucket. */
export class WorkBucketFiles implements WorkFiles {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  async put(key: string, body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentType }));
  }

  async get(key: string): Promise<string> {
    const object = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return (await object.Body?.transformToString()) ?? '';
  }

  async assemble(key: string, pieces: AsyncIterable<string>): Promise<void> {
    let held: string[] = [];
    let bytes = 0;
    let upload: Upload | undefined;
    try {
      for await (const piece of pieces) {
        held.push(piece);
        bytes += Buffer.byteLength(piece);
        if (bytes < PART_BYTES) continue;
        upload ??= await Upload.begin(this.s3, this.bucket, key);
        await upload.add(held.join(''));
        held = [];
        bytes = 0;
      }
      if (upload === undefined) return await this.put(key, held.join(''));
      if (bytes > 0) await upload.add(held.join(''));
      await upload.complete();
    } catch (error) {
      // What is not aborted expires by the bucket's rule: the first error is the one to tell.
      await upload?.abort().catch(() => undefined);
      throw error;
    }
  }
}

/** One multipart upload. */
class Upload {
  private readonly parts: { readonly PartNumber: number; readonly ETag?: string }[] = [];

  private constructor(
    private readonly s3: S3Client,
    private readonly target: { readonly Bucket: string; readonly Key: string; readonly UploadId?: string },
  ) {}

  static async begin(s3: S3Client, Bucket: string, Key: string): Promise<Upload> {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType }));
    return new Upload(s3, { Bucket, Key, UploadId });
  }

  async add(body: string): Promise<void> {
    const PartNumber = this.parts.length + 1;
    const { ETag } = await this.s3.send(
      new UploadPartCommand({ ...this.requiredTarget(), PartNumber, Body: Buffer.from(body) }),
    );
    this.parts.push({ PartNumber, ETag });
  }

  async complete(): Promise<void> {
    await this.s3.send(
      new CompleteMultipartUploadCommand({ ...this.requiredTarget(), MultipartUpload: { Parts: this.parts } }),
    );
  }

  async abort(): Promise<void> {
    await this.s3.send(new AbortMultipartUploadCommand(this.requiredTarget()));
  }

  private requiredTarget(): { Bucket: string; Key: string; UploadId: string } {
    return { ...this.target, UploadId: this.target.UploadId ?? '' };
  }
}
