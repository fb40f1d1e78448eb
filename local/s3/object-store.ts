/** An object's listing entry. */
export interface ObjectSummary {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Hex MD5 of the content, without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** What the other services (COPY, CloudFormation, Lambda) need of the local S3. Buckets are folders on disk. */
export interface ObjectStore {
  bucketExists(bucket: string): boolean;
  /** @param owner its account, without one the home's own @throws BucketAlreadyOwnedByYouError, BucketAlreadyExistsError */
  createBucket(bucket: string, region: string, owner?: string): void;
  /** @throws BucketNotEmptyError, NoSuchBucketError */
  deleteBucket(bucket: string): void;
  /** Keys in byte order, starting after `startAfter`. @throws NoSuchBucketError */
  list(bucket: string, prefix: string, startAfter?: string): AsyncIterable<ObjectSummary>;
  /** Undefined when there is no such object. @throws NoSuchBucketError */
  head(bucket: string, key: string): Promise<ObjectSummary | undefined>;
  /** The file that holds the object's bytes, for readers inside this machine. @throws NoSuchKeyError */
  localPath(bucket: string, key: string): string;
  read(bucket: string, key: string): Promise<Buffer>;
  /** Visible at once and whole, or not at all. */
  put(bucket: string, key: string, body: Buffer): Promise<ObjectSummary>;
  delete(bucket: string, key: string): Promise<void>;
  /** Serves a folder of the machine as a bucket, read-only. Files put into it later are seen. */
  mount(bucket: string, folder: string, region: string): void;
}
