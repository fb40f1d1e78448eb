import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock';
import type { AccessKey, AccessKeys } from '../iam/identity-store';
import { type ErrorProtocol, errorProtocol } from './protocols/errors';
import type { RawRequest } from './request';
import type { Principal } from './service';
import { ALGORITHM, canonicalRequest, scopeText, sha256, signingKey, signText } from './signature/canonical';
import {
  expiredToken,
  headersNotSigned,
  missingCredentials,
  presignedExpired,
  presignedParameters,
  signatureDoesNotMatch,
  timeTooSkewed,
  unknownKey,
  unusableScope,
  wrongToken,
} from './signature/errors';
import { checkChunks, payloadHash } from './signature/payload';
import {
  basicTimeOf,
  type GivenSignature,
  readBasicTime,
  readSignature,
  type SignatureCarrier,
} from './signature/read-signature';

/** The credential scope of a signed request: who, where, which service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** What is needed to verify a signature. */
export interface AuthenticationOptions {
  readonly keys: AccessKeys;
  readonly clock: Clock;
  /** How far the time of signing may be from ours, milliseconds. */
  readonly skewMilliseconds?: number;
}

const MINUTE = 60_000;
const DEFAULT_SKEW = 15 * MINUTE;
/** Seconds that a presigned URL may last: a week. */
const LONGEST_EXPIRY = 604_800;

/**
 * The credential scope in the Authorization header or, for a presigned URL, in X-Amz-Credential; undefined for an
 * unsigned request. Source: IAM User Guide, "AWS Signature Version 4 for API requests".
 */
export function credentialScope(request: SignatureCarrier): CredentialScope | undefined {
  const header = /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const credential = header ?? request.query.get('X-Amz-Credential');
  const [accessKeyId, , region, service, terminator] = credential?.split('/') ?? [];
  if (!accessKeyId || !region || !service || terminator !== 'aws4_request') {
    return undefined;
  }
  return { accessKeyId, region, service };
}

/**
 * Finds who makes the call: the one place where a request becomes trusted. The signature is computed anew with the
 * key's secret and compared; the time, the session token and the body's digest must be right too.
 * @throws AwsError as the service called would refuse it
 */
export function authenticate(
  request: RawRequest,
  options: AuthenticationOptions,
): { readonly scope: CredentialScope; readonly principal: Principal } {
  const scope = credentialScope(request);
  const protocol = protocolOf(request, scope);
  if (request.headers.authorization === undefined && !request.query.has('X-Amz-Algorithm')) {
    throw missingCredentials(protocol);
  }
  const given = readSignature({ query: request.query, headers: request.wire.headers }, protocol);
  const key = options.keys.accessKey(given.accessKeyId);
  if (!key) {
    throw unknownKey(protocol, given.accessKeyId);
  }
  checkToken(key, given, protocol);
  checkTime(given, options, protocol);
  checkSignedHeaders(request, given, protocol);
  checkSignature(request, given, key, protocol);
  if (key.expires !== undefined && key.expires <= options.clock.now()) {
    throw expiredToken(protocol, given.sessionToken ?? '');
  }
  return {
    scope: { accessKeyId: given.accessKeyId, region: given.region, service: given.service },
    principal: key.principal,
  };
}

function protocolOf(request: RawRequest, scope: CredentialScope | undefined): ErrorProtocol {
  const { 'content-type': contentType, 'x-amz-target': target } = request.headers;
  const looksLikeS3 = scope === undefined && target === undefined && contentType === undefined;
  return looksLikeS3 ? 's3' : errorProtocol(scope?.service, contentType);
}

function checkToken(key: AccessKey, given: GivenSignature, protocol: ErrorProtocol): void {
  if (key.sessionToken === given.sessionToken) {
    return;
  }
  throw given.sessionToken === undefined
    ? unknownKey(protocol, given.accessKeyId)
    : wrongToken(protocol, given.sessionToken);
}

function checkTime(given: GivenSignature, options: AuthenticationOptions, protocol: ErrorProtocol): void {
  const { skewMilliseconds = DEFAULT_SKEW, clock } = options;
  const signed = readBasicTime(given.time);
  if (Number.isNaN(signed) || given.time.slice(0, 8) !== given.date) {
    throw unusableScope(
      protocol,
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${given.date}' != '${given.time.slice(0, 8)}', from '${given.time}'.`,
    );
  }
  const now = clock.now();
  const early = signed > now + skewMilliseconds;
  if (given.expires !== undefined) {
    checkExpiry(given.expires, signed, now, protocol);
  }
  if (early || (given.expires === undefined && signed < now - skewMilliseconds)) {
    throw timeTooSkewed(protocol, {
      signed: given.time,
      now: basicTimeOf(now),
      bound: basicTimeOf(early ? now + skewMilliseconds : now - skewMilliseconds),
      tooLate: !early,
      skewMilliseconds,
    });
  }
}

function checkExpiry(expires: number, signed: number, now: number, protocol: ErrorProtocol): void {
  if (!Number.isInteger(expires) || expires < 0) {
    throw presignedParameters(protocol, 'X-Amz-Expires should be a number');
  }
  if (expires > LONGEST_EXPIRY) {
    throw presignedParameters(
      protocol,
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${LONGEST_EXPIRY} seconds`,
    );
  }
  const until = signed + expires * 1_000;
  if (until < now) {
    throw presignedExpired(protocol, new Date(until), new Date(now));
  }
}

/** The host and every header of AWS's own must be covered: else somebody on the way could change them. */
function checkSignedHeaders({ wire }: RawRequest, given: GivenSignature, protocol: ErrorProtocol): void {
  if (!given.signedHeaders.includes('host')) {
    throw unusableScope(protocol, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const open = Object.keys(wire.headers).filter(
    (name) => name.startsWith('x-amz-') && !given.signedHeaders.includes(name),
  );
  // The digest of a presigned request's body is no header of the request that was signed.
  const uncovered = open.filter((name) => !(given.expires !== undefined && name === 'x-amz-content-sha256'));
  if (uncovered.length > 0) {
    throw headersNotSigned(protocol, uncovered);
  }
}

function checkSignature(request: RawRequest, given: GivenSignature, key: AccessKey, protocol: ErrorProtocol): void {
  const { method, rawPath, wire } = request;
  const signed = { method, rawPath, rawQuery: wire.rawQuery, headers: wire.headers };
  const canonical = canonicalRequest(signed, given.signedHeaders, given.service, payloadHash(request, given, protocol));
  const stringToSign = [ALGORITHM, given.time, scopeText(given), sha256(canonical)].join('\n');
  const secret = signingKey(key.secretAccessKey, given);
  const wanted = signText(secret, stringToSign);
  if (!sameText(wanted, given.signature)) {
    const { accessKeyId } = given;
    throw signatureDoesNotMatch(protocol, { accessKeyId, stringToSign, canonicalRequest: canonical });
  }
  checkChunks(request, given, secret, wanted, protocol);
}

/** In the same time wherever they differ. */
function sameText(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
