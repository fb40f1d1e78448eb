import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Source, SourceFile, WorkFile } from './manifests';

/** `s3://bucket/prefix` in its two parts. */
export function splitUrl(url: string): { readonly bucket: string; readonly key: string } {
  const slash = url.indexOf('/', 's3://'.length);
  return { bucket: url.slice('s3://'.length, slash), key: url.slice(slash + 1) };
}

/**
 * All objects below a prefix, page by page in key order. Objects of size 0 whose key ends in a slash are the S3
 * console's folders, not files.
 */
export async function* listSource(s3: S3Client, url: string, source: Source): AsyncGenerator<SourceFile> {
  const { bucket, key: prefix } = splitUrl(url);
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      if (Key === undefined || (Size === 0 && Key.endsWith('/'))) continue;
      yield {
        url: `s3://${bucket}/${Key}`,
        etag: (ETag ?? '').replaceAll('"', ''),
        sizeBytes: Size ?? 0,
        source,
      };
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** Writes the files of a run; their keys are made of their content, so that writing one again changes nothing. */
export async function writeWorkFiles(s3: S3Client, bucket: string, files: readonly WorkFile[]): Promise<void> {
  for (const { key, body } of files)
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json; charset=utf-8' }),
    );
}
