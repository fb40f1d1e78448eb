import type { ErrorProtocol } from '../protocols/errors';
import { ALGORITHM, type SigningScope } from './canonical';
import { incompleteSignature, presignedParametersMissing } from './errors';

/** What a request says of its own signature. */
export interface GivenSignature extends SigningScope {
  readonly accessKeyId: string;
  /** In lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`, when it was signed. */
  readonly time: string;
  readonly sessionToken?: string;
  /** Seconds that a presigned URL lasts; absent where the header carries the signature. */
  readonly expires?: number;
}

/** The parts of a request in which a signature stands. Header names in lower case. */
export interface SignatureCarrier {
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** The signature in the Authorization header, or else in the query. @throws AwsError when it is not whole */
export function readSignature(request: SignatureCarrier, protocol: ErrorProtocol): GivenSignature {
  return request.headers.authorization === undefined ? fromQuery(request, protocol) : fromHeader(request, protocol);
}

function fromHeader({ headers }: SignatureCarrier, protocol: ErrorProtocol): GivenSignature {
  const authorization = headers.authorization!;
  const part = (name: string) => new RegExp(`(?:^|[\\s,])${name}=([^,\\s]+)`).exec(authorization)?.[1];
  const signature = part('Signature');
  const signedHeaders = part('SignedHeaders');
  const credential = part('Credential');
  const time = headers['x-amz-date'] ?? basicTime(headers.date);
  if (!authorization.startsWith(`${ALGORITHM} `) || !signature || !signedHeaders || !credential || !time) {
    const missing = Object.entries({ Credential: credential, Signature: signature, SignedHeaders: signedHeaders })
      .filter(([, value]) => !value)
      .map(([name]) => `Authorization header requires '${name}' parameter.`);
    const dateless = time
      ? []
      : ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."];
    throw incompleteSignature(protocol, [...missing, ...dateless].join(' ') || `The algorithm must be ${ALGORITHM}.`);
  }
  return {
    ...credentialParts(credential, protocol),
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    time,
    sessionToken: headers['x-amz-security-token'],
  };
}

const QUERY_PARTS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
] as const;

function fromQuery({ query }: SignatureCarrier, protocol: ErrorProtocol): GivenSignature {
  const [algorithm, credential, signature, time, signedHeaders, expires] = QUERY_PARTS.map((name) => query.get(name));
  if (algorithm !== ALGORITHM || !credential || !signature || !time || !signedHeaders || !expires) {
    throw presignedParametersMissing(protocol, QUERY_PARTS);
  }
  return {
    ...credentialParts(credential, protocol),
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    time,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    expires: Number(expires),
  };
}

function credentialParts(
  credential: string,
  protocol: ErrorProtocol,
): Pick<GivenSignature, 'accessKeyId' | 'date' | 'region' | 'service'> {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || more.length > 0) {
    throw incompleteSignature(
      protocol,
      `Credential must have five parts that end in aws4_request, not '${credential}'.`,
    );
  }
  return { accessKeyId, date, region, service };
}

/** An HTTP date as SigV4 writes times. */
function basicTime(date: string | undefined): string | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : basicTimeOf(time);
}

/** `YYYYMMDDTHHMMSSZ` @param time milliseconds since the epoch */
export function basicTimeOf(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Milliseconds since the epoch; NaN for what is no such time. */
export function readBasicTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return year === undefined ? Number.NaN : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
