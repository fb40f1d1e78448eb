import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { SourceFile } from './manifests';

/** How many folders are listed at the same time. */
const LANES = 8;
/** How deep a source is looked into for folders to list at the same time. */
const MOST_LEVELS = 4;

/** `s3://bucket/prefix` in its two parts. */
export function splitUrl(url: string): { readonly bucket: string; readonly key: string } {
  const slash = url.indexOf('/', 's3://'.length);
  return { bucket: url.slice('s3://'.length, slash), key: url.slice(slash + 1) };
}

/** All objects below a prefix, page by page in key order. */
export async function* listSource(s3: S3Client, url: string, source: string): AsyncGenerator<SourceFile> {
  const { bucket, key } = splitUrl(url);
  for await (const page of pages(s3, bucket, key)) yield* filesOf(page, bucket, source);
}

/**
 * All objects below a prefix, in no order, its folders side by side. What is held is a page of 1,000 objects a lane.
 * @param visit takes one page at a time; no page comes while it is at work
 */
export async function scanSource(
  s3: S3Client,
  url: string,
  source: string,
  visit: (files: readonly SourceFile[]) => Promise<void>,
): Promise<void> {
  const { bucket, key } = splitUrl(url);
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (page: ListObjectsV2CommandOutput): Promise<void> => {
    turn = turn.then(() => visit(filesOf(page, bucket, source)));
    return turn;
  };
  const folders = await splitFolders(s3, bucket, key, inTurn);
  const lane = async (): Promise<void> => {
    for (let folder = folders.shift(); folder !== undefined; folder = folders.shift())
      for await (const page of pages(s3, bucket, folder)) await inTurn(page);
  };
  await Promise.all(Array.from({ length: Math.min(LANES, folders.length) }, lane));
}

/** Folders to be listed, as many as there are lanes where the source has them; hands on what lies beside them. */
async function splitFolders(
  s3: S3Client,
  bucket: string,
  prefix: string,
  visit: (page: ListObjectsV2CommandOutput) => Promise<void>,
): Promise<string[]> {
  const whole: string[] = [];
  let folders = [prefix];
  for (let level = 0; level < MOST_LEVELS && folders.length > 0 && folders.length < LANES; level += 1) {
    const deeper: string[] = [];
    for (const folder of folders) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, Delimiter: '/' }));
      if (page.IsTruncated === true) {
        whole.push(folder);
        continue;
      }
      await visit(page);
      deeper.push(...(page.CommonPrefixes ?? []).flatMap(({ Prefix }) => (Prefix === undefined ? [] : [Prefix])));
    }
    folders = deeper;
  }
  return [...whole, ...folders];
}

async function* pages(s3: S3Client, bucket: string, prefix: string): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    yield page;
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** Objects of size 0 whose key ends in a slash are the S3 console's folders, not files. */
function filesOf(page: ListObjectsV2CommandOutput, bucket: string, source: string): readonly SourceFile[] {
  return (page.Contents ?? []).flatMap(({ Key, ETag, Size }) =>
    Key === undefined || (Size === 0 && Key.endsWith('/'))
      ? []
      : [{ url: `s3://${bucket}/${Key}`, etag: (ETag ?? '').replaceAll('"', ''), sizeBytes: Size ?? 0, source }],
  );
}
