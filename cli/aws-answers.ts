import { HeadBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { ClientOptions } from './warehouse';

/** An answer of AWS, or why there was none. */
export type Answer<T> = { readonly is: T } | { readonly refused: Refused };

export interface Refused {
  /** The error's name, as `ExpiredToken`. */
  readonly code: string;
  /** Empty where it says no more than the name. */
  readonly message: string;
}

/** What was answered; an error's name and text where it was refused. */
export async function answered<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { is: await ask() };
  } catch (error) {
    const { name, message } = error as Error;
    return { refused: { code: name, message: message === name ? '' : message } };
  }
}

/** Works with a client that is closed when the work is done. */
export async function using<C extends { destroy(): void }, T>(client: C, work: (client: C) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** The same, null where AWS says that there is no such thing. @param names of the errors that say so */
export function orNull<T>(work: Promise<T>, ...names: readonly string[]): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && names.includes(error.name)) return null;
    throw error;
  });
}

const s3 = (options: ClientOptions) =>
  // Path style where the endpoint is no domain of AWS.
  new S3Client({
    ...options,
    followRegionRedirects: true,
    forcePathStyle: options.endpoint !== undefined || process.env.AWS_ENDPOINT_URL !== undefined,
  });

/** The region of a bucket that the caller may read; null where there is none of the name. */
export function bucketRegion(options: ClientOptions, Bucket: string): Promise<Answer<string | null>> {
  return answered(() =>
    using(s3(options), async (client) => {
      const found = await orNull(client.send(new HeadBucketCommand({ Bucket })), 'NotFound', 'NoSuchBucket');
      return found === null ? null : (found.BucketRegion ?? options.region ?? '');
    }),
  );
}

/** Those of the key prefixes below which a bucket holds nothing. */
export function emptyPrefixes(
  options: ClientOptions,
  Bucket: string,
  prefixes: readonly string[],
): Promise<Answer<readonly string[]>> {
  return answered(() =>
    using(s3(options), async (client) => {
      const empty: string[] = [];
      for (const Prefix of prefixes) {
        const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }));
        if (KeyCount === 0) empty.push(Prefix);
      }
      return empty;
    }),
  );
}
