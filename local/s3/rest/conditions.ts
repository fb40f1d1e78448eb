import { AwsError } from '../../aws/service';
import type { ObjectSummary } from '../object-store';

type Headers = Readonly<Record<string, string>>;

/**
 * Evaluates the conditional headers of GET and HEAD.
 * @returns true when the answer is 304 Not Modified
 * @throws AwsError PreconditionFailed (412)
 */
export function notModified(headers: Headers, object: ObjectSummary): boolean {
  const modified = seconds(object.lastModified);
  const unmodifiedSince = date(headers['if-unmodified-since']);
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!lists(ifMatch, object.etag)) {
      throw preconditionFailed('If-Match');
    }
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    return lists(ifNoneMatch, object.etag);
  }
  const modifiedSince = date(headers['if-modified-since']);
  return modifiedSince !== undefined && modified <= modifiedSince;
}

/** Conditional writes: `If-None-Match: *` and `If-Match`. @throws AwsError PreconditionFailed, NoSuchKey */
export function checkWriteConditions(headers: Headers, present: ObjectSummary | undefined): void {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
      Header: 'If-None-Match',
    });
  }
  if (ifNoneMatch === '*' && present) {
    throw preconditionFailed('If-None-Match');
  }
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!present) {
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    }
    if (!lists(ifMatch, present.etag)) {
      throw preconditionFailed('If-Match');
    }
  }
}

/** Conditions on the source of a copy. @throws AwsError PreconditionFailed */
export function checkCopyConditions(headers: Headers, source: ObjectSummary): void {
  const ifMatch = headers['x-amz-copy-source-if-match'];
  const ifNoneMatch = headers['x-amz-copy-source-if-none-match'];
  if ((ifMatch !== undefined && !lists(ifMatch, source.etag)) || (ifNoneMatch && lists(ifNoneMatch, source.etag))) {
    throw preconditionFailed('x-amz-copy-source-If-Match');
  }
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });
}

function lists(header: string, etag: string): boolean {
  return header.split(',').some((item) => {
    const value = item.trim().replace(/^W\//, '');
    return value === '*' || value.replaceAll('"', '') === etag;
  });
}

function date(header: string | undefined): number | undefined {
  const value = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(value) ? undefined : Math.trunc(value / 1_000);
}

/** HTTP dates have no fractions. */
function seconds(value: Date): number {
  return Math.trunc(value.getTime() / 1_000);
}
