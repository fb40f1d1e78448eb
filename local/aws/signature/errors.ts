import type { ErrorProtocol } from '../protocols/errors';
import { AwsError } from '../service';

/**
 * The refusals of a request for its signature, in the words and codes of the service that it is for.
 * Source: IAM "Troubleshooting Signature Version 4 signing", each service's "Common errors", S3 "Error responses".
 */

/** REST services answer 403 where the JSON protocols answer 400. */
function jsonStatus(protocol: ErrorProtocol): number {
  return protocol === 'rest-json' ? 403 : 400;
}

function refusal(
  protocol: ErrorProtocol,
  codes: { readonly s3: string; readonly query: string; readonly json: string },
  message: string,
  members: Readonly<Record<string, unknown>> = {},
): AwsError {
  if (protocol === 's3') {
    return new AwsError(codes.s3, message, 403, members);
  }
  return protocol === 'query'
    ? new AwsError(codes.query, message, 403)
    : new AwsError(codes.json, message, jsonStatus(protocol));
}

export function missingCredentials(protocol: ErrorProtocol): AwsError {
  if (protocol === 's3') {
    return new AwsError('AccessDenied', 'Access Denied', 403);
  }
  return protocol === 'query'
    ? new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
    : new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', jsonStatus(protocol));
}

export function incompleteSignature(protocol: ErrorProtocol, detail: string): AwsError {
  return protocol === 's3'
    ? new AwsError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${detail}`, 400)
    : new AwsError(protocol === 'query' ? 'IncompleteSignature' : 'IncompleteSignatureException', detail, 400);
}

export function presignedParametersMissing(protocol: ErrorProtocol, names: readonly string[]): AwsError {
  const list = `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
  return presignedParameters(protocol, `Query-string authentication version 4 requires the ${list} parameters.`);
}

/** A presigned URL whose own parameters can't be. */
export function presignedParameters(protocol: ErrorProtocol, message: string): AwsError {
  return protocol === 's3'
    ? new AwsError('AuthorizationQueryParametersError', message, 400)
    : incompleteSignature(protocol, message);
}

export function unknownKey(protocol: ErrorProtocol, accessKeyId: string): AwsError {
  return refusal(
    protocol,
    { s3: 'InvalidAccessKeyId', query: 'InvalidClientTokenId', json: 'UnrecognizedClientException' },
    protocol === 's3'
      ? 'The AWS Access Key Id you provided does not exist in our records.'
      : 'The security token included in the request is invalid.',
    { AWSAccessKeyId: accessKeyId },
  );
}

/** The session token is not that of the key. */
export function wrongToken(protocol: ErrorProtocol, token: string): AwsError {
  return protocol === 's3'
    ? new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400, { 'Token-0': token })
    : unknownKey(protocol, '');
}

export function expiredToken(protocol: ErrorProtocol, token: string): AwsError {
  if (protocol === 's3') {
    return new AwsError('ExpiredToken', 'The provided token has expired.', 400, { 'Token-0': token });
  }
  const text = 'The security token included in the request is expired';
  return protocol === 'query'
    ? new AwsError('ExpiredToken', text, 403)
    : new AwsError('ExpiredTokenException', text, jsonStatus(protocol));
}

const OTHER_SIGNATURE = {
  s3: 'SignatureDoesNotMatch',
  query: 'SignatureDoesNotMatch',
  json: 'InvalidSignatureException',
};

/** @param computed what the signature was computed over, which AWS tells too */
export function signatureDoesNotMatch(
  protocol: ErrorProtocol,
  computed: { readonly accessKeyId: string; readonly stringToSign: string; readonly canonicalRequest: string },
): AwsError {
  const text =
    protocol === 's3'
      ? 'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
      : 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  return refusal(protocol, OTHER_SIGNATURE, text, {
    AWSAccessKeyId: computed.accessKeyId,
    StringToSign: computed.stringToSign,
    CanonicalRequest: computed.canonicalRequest,
  });
}

/** The scope's date is another than the time of signing, or a header that has to be signed is not. */
export function unusableScope(protocol: ErrorProtocol, message: string): AwsError {
  return protocol === 's3'
    ? new AwsError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${message}`, 400)
    : refusal(protocol, OTHER_SIGNATURE, message);
}

/** @param headers those that came without being covered by the signature */
export function headersNotSigned(protocol: ErrorProtocol, headers: readonly string[]): AwsError {
  const text = 'There were headers present in the request which were not signed';
  return protocol === 's3'
    ? new AwsError('AccessDenied', text, 403, { HeadersNotSigned: headers.join(', ') })
    : refusal(protocol, OTHER_SIGNATURE, `${text}: ${headers.join(', ')}`);
}

/** Times as SigV4 writes them. */
export interface SkewedTimes {
  readonly signed: string;
  readonly now: string;
  /** The earliest or latest time that would do. */
  readonly bound: string;
  readonly tooLate: boolean;
  readonly skewMilliseconds: number;
}

export function timeTooSkewed(protocol: ErrorProtocol, times: SkewedTimes): AwsError {
  const { signed, now, bound, tooLate, skewMilliseconds } = times;
  if (protocol === 's3') {
    return new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
      { RequestTime: signed, ServerTime: now, MaxAllowedSkewMilliseconds: skewMilliseconds },
    );
  }
  const minutes = Math.round(skewMilliseconds / 60_000);
  return refusal(
    protocol,
    OTHER_SIGNATURE,
    tooLate
      ? `Signature expired: ${signed} is now earlier than ${bound} (${now} - ${minutes} min.)`
      : `Signature not yet current: ${signed} is still later than ${bound} (${now} + ${minutes} min.)`,
  );
}

export function presignedExpired(protocol: ErrorProtocol, expires: Date, now: Date): AwsError {
  return protocol === 's3'
    ? new AwsError('AccessDenied', 'Request has expired', 403, { Expires: expires, ServerTime: now })
    : refusal(protocol, OTHER_SIGNATURE, `Signature expired: the URL was good until ${expires.toISOString()}`);
}

export function contentHashMismatch(protocol: ErrorProtocol, given: string, computed: string): AwsError {
  const text = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  return protocol === 's3'
    ? new AwsError('XAmzContentSHA256Mismatch', text, 400, {
        ClientComputedContentSHA256: given,
        S3ComputedContentSHA256: computed,
      })
    : refusal(protocol, OTHER_SIGNATURE, text);
}
