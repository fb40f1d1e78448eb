import type { IdentityStore } from '../iam/identity-store';
import { type ErrorProtocol, errorProtocol } from './protocols/errors';
import { AwsError, type Principal } from './service';

/** The parts of a request that authentication reads. Header names in lower case. */
export interface UnauthenticatedRequest {
  readonly method: string;
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** The credential scope of a signed request: who, where, which service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * The credential scope in the Authorization header or, for a presigned URL, in X-Amz-Credential; undefined for an
 * unsigned request. Source: IAM User Guide, "AWS Signature Version 4 for API requests".
 */
export function credentialScope(request: UnauthenticatedRequest): CredentialScope | undefined {
  const header = /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const credential = header ?? request.query.get('X-Amz-Credential');
  const [accessKeyId, , region, service, terminator] = credential?.split('/') ?? [];
  if (!accessKeyId || !region || !service || terminator !== 'aws4_request') {
    return undefined;
  }
  return { accessKeyId, region, service };
}

/**
 * Finds who makes the call. The one place where a request becomes trusted: today the access key alone decides, the
 * signature itself is not recomputed (docs/divergences.md).
 * @throws AwsError as the service called would refuse a missing or unknown key
 */
export function authenticate(
  request: UnauthenticatedRequest,
  identities: IdentityStore,
): { readonly scope: CredentialScope; readonly principal: Principal } {
  const scope = credentialScope(request);
  const protocol = errorProtocol(scope?.service, request.headers['content-type']);
  if (!scope) {
    throw missingCredentials(request);
  }
  const principal = identities.principalOf(scope.accessKeyId);
  if (!principal) {
    throw unknownKey(protocol, scope);
  }
  return { scope, principal };
}

function missingCredentials(request: UnauthenticatedRequest): AwsError {
  const looksLikeS3 = request.headers['x-amz-target'] === undefined && request.headers['content-type'] === undefined;
  return looksLikeS3
    ? new AwsError('AccessDenied', 'Access Denied', 403)
    : new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
}

function unknownKey(protocol: ErrorProtocol, scope: CredentialScope): AwsError {
  if (protocol === 's3') {
    return new AwsError(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      403,
      { AWSAccessKeyId: scope.accessKeyId },
    );
  }
  const text = 'The security token included in the request is invalid.';
  if (protocol === 'query') {
    return new AwsError('InvalidClientTokenId', text, 403);
  }
  return new AwsError('UnrecognizedClientException', text, protocol === 'rest-json' ? 403 : 400);
}
