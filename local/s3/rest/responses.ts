import { writeXml } from '../../aws/protocols/xml';
import { AwsError, type AwsRequest, type AwsResponse } from '../../aws/service';

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A request after its path is taken apart: '' for a request to the service, key '' for one to the bucket. */
export interface S3Request extends AwsRequest {
  readonly bucket: string;
  readonly key: string;
}

export function xmlResponse(root: string, value: object, status = 200): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: writeXml(root, value, { xmlns: S3_NAMESPACE }),
  };
}

export function emptyResponse(status: 200 | 204, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  return { status, headers };
}

/** Path-style: `/bucket/key`. @throws AwsError InvalidURI when the percent-encoding is broken */
export function splitPath(rawPath: string): { readonly bucket: string; readonly key: string } {
  const path = rawPath.replace(/^\/+/, '');
  const slash = path.indexOf('/');
  try {
    return slash < 0
      ? { bucket: decodeURIComponent(path), key: '' }
      : { bucket: decodeURIComponent(path.slice(0, slash)), key: decodeURIComponent(path.slice(slash + 1)) };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** What the local S3 doesn't have. */
export function notImplemented(request: S3Request): AwsError {
  const subresources = [...request.query.keys()].filter((name) => name !== 'x-id').join('&');
  const target = request.key === '' ? (request.bucket === '' ? 'service' : 'bucket') : 'object';
  return new AwsError(
    'NotImplemented',
    `The local AWS does not have S3 ${request.method} ${target}${subresources && `?${subresources}`}.`,
    501,
  );
}
