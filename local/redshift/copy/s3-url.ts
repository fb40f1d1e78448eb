export interface S3Location {
  readonly bucket: string;
  /** Without a leading slash; a key or a key prefix, '' for the whole bucket. */
  readonly key: string;
}

/** The bucket and key of `s3://bucket/key`; undefined when it is no such url. */
export function parseS3Url(url: string): S3Location | undefined {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(url);
  return match === null ? undefined : { bucket: match[1]!, key: match[2] ?? '' };
}

export function s3Url(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}
