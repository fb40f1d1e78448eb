import type { ErrorProtocol } from '../protocols/errors';
import type { RawRequest } from '../request';
import { scopeText, sha256, signText } from './canonical';
import { contentHashMismatch, signatureDoesNotMatch, unusableScope } from './errors';
import type { GivenSignature } from './read-signature';

const DIGEST = /^[0-9a-f]{64}$/;
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const EMPTY_DIGEST = sha256('');

type Signed = Pick<RawRequest, 'body' | 'wire'>;

/**
 * What stands for the body in the canonical request. A digest that the caller names must be the body's; S3 alone takes
 * bodies that are not signed, or signed chunk by chunk. @throws AwsError
 */
export function payloadHash(request: Signed, given: GivenSignature, protocol: ErrorProtocol): string {
  const named = request.wire.headers['x-amz-content-sha256'];
  const s3 = given.service === 's3';
  const presigned = given.expires !== undefined;
  if (named === undefined || (presigned && !given.signedHeaders.includes('x-amz-content-sha256'))) {
    return s3 && presigned ? UNSIGNED : sha256(request.body);
  }
  if (DIGEST.test(named)) {
    const computed = sha256(request.body);
    if (computed !== named) {
      throw contentHashMismatch(protocol, named, computed);
    }
    return named;
  }
  const streaming = [SIGNED_CHUNKS, `${SIGNED_CHUNKS}-TRAILER`, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'].includes(named);
  if (!s3 || !(named === UNSIGNED || (streaming && request.wire.chunked))) {
    throw unusableScope(protocol, `x-amz-content-sha256 must be the SHA-256 of the body, not '${named}'.`);
  }
  return named;
}

/**
 * Checks the signatures of the chunks of a streamed body, each of which signs the one before, and of its trailers.
 * Source: S3 API Reference, "Signature calculations: transferring payload in multiple chunks" and "... with trailers".
 * @param seed the request's own signature @throws AwsError SignatureDoesNotMatch
 */
export function checkChunks(
  { wire }: Signed,
  given: GivenSignature,
  key: Buffer,
  seed: string,
  protocol: ErrorProtocol,
): void {
  const named = wire.headers['x-amz-content-sha256'] ?? '';
  if (!wire.chunked || !named.startsWith(SIGNED_CHUNKS)) {
    return;
  }
  const check = (kind: string, before: string, parts: readonly string[], signature: string | undefined): string => {
    const stringToSign = [`AWS4-HMAC-SHA256-${kind}`, given.time, scopeText(given), before, ...parts].join('\n');
    const wanted = signText(key, stringToSign);
    if (signature !== wanted) {
      const { accessKeyId } = given;
      throw signatureDoesNotMatch(protocol, { accessKeyId, stringToSign, canonicalRequest: '' });
    }
    return wanted;
  };
  let last = seed;
  for (const { data, signature } of wire.chunked.chunks) {
    last = check('PAYLOAD', last, [EMPTY_DIGEST, sha256(data)], signature);
  }
  if (named.endsWith('-TRAILER')) {
    const { 'x-amz-trailer-signature': signature, ...trailers } = wire.chunked.trailers;
    const text = Object.keys(trailers)
      .sort()
      .map((name) => `${name}:${trailers[name]}\n`)
      .join('');
    check('TRAILER', last, [sha256(text)], signature);
  }
}
