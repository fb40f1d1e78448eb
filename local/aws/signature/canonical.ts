import { createHash, createHmac } from 'node:crypto';

/** The parts of a request that a signature covers. Header names in lower case. */
export interface SignedParts {
  readonly method: string;
  /** As sent. */
  readonly rawPath: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that `AWS4-HMAC-SHA256` is computed with. */
export interface SigningScope {
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The canonical request. S3 takes the path as it is, every other service encodes it a second time and takes `.` and
 * empty segments out. Source: IAM User Guide, "Create a signed AWS API request".
 */
export function canonicalRequest(
  request: SignedParts,
  signedHeaders: readonly string[],
  service: string,
  payloadHash: string,
): string {
  const { method, rawPath, rawQuery, headers } = request;
  return [
    method,
    service === 's3' ? encodePath(decodePath(rawPath)) : encodePath(normalizedPath(rawPath)),
    canonicalQuery(rawQuery),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** Names and values encoded anew, sorted by both; a signature in the query is not part of what it signs. */
function canonicalQuery(rawQuery: string): string {
  return rawQuery
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const mark = parameter.indexOf('=');
      const [name, value] = mark < 0 ? [parameter, ''] : [parameter.slice(0, mark), parameter.slice(mark + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([leftName, left], [rightName, right]) => order(leftName, rightName) || order(left, right))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function normalizedPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      segments.pop();
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment);
    }
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function decodePath(path: string): string {
  return path.split('/').map(decode).join('/');
}

function encodePath(path: string): string {
  return encode(path).replaceAll('%2F', '/');
}

/** Everything but unreserved characters, in upper-case hexadecimal. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Text that is no percent-encoding stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** `<date>/<region>/<service>/aws4_request` */
export function scopeText({ date, region, service }: SigningScope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

const keys = new Map<string, Buffer>();
/** Signing keys are good for a day; the few in use at a time are kept. */
const MOST_KEYS = 200;

/** The key of a day, region and service, derived from a secret key. */
export function signingKey(secretAccessKey: string, scope: SigningScope): Buffer {
  const name = `${secretAccessKey} ${scopeText(scope)}`;
  const known = keys.get(name);
  if (known) {
    return known;
  }
  const { date, region, service } = scope;
  const key = [date, region, service, 'aws4_request'].reduce(
    (from: string | Buffer, part) => hmac(from, part),
    `AWS4${secretAccessKey}`,
  ) as Buffer;
  if (keys.size >= MOST_KEYS) {
    keys.clear();
  }
  keys.set(name, key);
  return key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function signText(key: Buffer, text: string): string {
  return hmac(key, text).toString('hex');
}
