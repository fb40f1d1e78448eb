import type { AwsError, AwsResponse } from '../service';
import { toAwsJson } from './json';
import { writeXml } from './xml';

/** How a service writes its errors. */
export type ErrorProtocol = 'json1.0' | 'json1.1' | 'rest-json' | 'query' | 's3';

const BY_SIGNING_NAME: Readonly<Record<string, ErrorProtocol>> = {
  s3: 's3',
  sts: 'query',
  cloudformation: 'query',
  iam: 'query',
  sns: 'query',
  ec2: 'query',
  redshift: 'query',
  lambda: 'rest-json',
  scheduler: 'rest-json',
};

/** The protocol to answer in, from the service's name and, for JSON services, the request's content type. */
export function errorProtocol(signingName: string | undefined, contentType: string | undefined): ErrorProtocol {
  const named =
    signingName !== undefined && Object.hasOwn(BY_SIGNING_NAME, signingName) ? BY_SIGNING_NAME[signingName] : undefined;
  if (named) {
    return named;
  }
  if (contentType?.startsWith('application/x-amz-json-1.0')) {
    return 'json1.0';
  }
  if (contentType?.startsWith('application/x-www-form-urlencoded')) {
    return 'query';
  }
  return contentType?.startsWith('application/json') ? 'rest-json' : 'json1.1';
}

/** The error in the protocol's own shape. `resource` is S3's `<Resource>`. */
export function errorResponse(
  protocol: ErrorProtocol,
  error: AwsError,
  requestId: string,
  resource?: string,
): AwsResponse {
  switch (protocol) {
    case 's3':
      return xml(
        error.status,
        writeXml('Error', {
          Code: error.code,
          Message: error.message,
          ...error.members,
          Resource: resource,
          RequestId: requestId,
        }),
      );
    case 'query':
      return xml(
        error.status,
        writeXml('ErrorResponse', {
          Error: {
            Type: error.status >= 500 ? 'Receiver' : 'Sender',
            Code: error.code,
            Message: error.message,
            ...error.members,
          },
          RequestId: requestId,
        }),
      );
    default: {
      const contentType = protocol === 'rest-json' ? 'application/json' : `application/x-amz-json-${protocol.slice(4)}`;
      return {
        status: error.status,
        headers: { 'content-type': contentType, 'x-amzn-errortype': error.code },
        body: toAwsJson({
          __type: error.code,
          message: error.message,
          Message: error.message,
          ...(protocol === 'rest-json' ? { Type: error.status >= 500 ? 'Service' : 'User' } : {}),
          ...error.members,
        }),
      };
    }
  }
}

function xml(status: number, body: string): AwsResponse {
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
