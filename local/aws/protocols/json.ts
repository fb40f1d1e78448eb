import { types } from 'node:util';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from '../service';

/** An operation of a JSON service: the request's members in, the response's members out. Dates become epoch seconds. */
export type JsonOperation = (input: Readonly<Record<string, unknown>>, request: AwsRequest) => Promise<object> | object;

/** JSON as the AWS JSON protocols write it: timestamps are seconds since the epoch, undefined members are left out. */
export function toAwsJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, serialised: unknown) {
    const original = this[key];
    if (types.isDate(original)) {
      return original.getTime() / 1000;
    }
    return typeof original === 'bigint' ? Number(original) : serialised;
  });
}

/**
 * A request body that has to be one JSON object; an empty body counts as `{}`.
 * @throws AwsError SerializationException
 */
export function parseJsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) {
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError('SerializationException', `The request body is not JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
  }
  return parsed as Record<string, unknown>;
}

/** An answer with a JSON body, as `application/x-amz-json-<version>` or plain `application/json` (rest-json). */
export function jsonResponse(value: unknown, options: { status?: number; version?: '1.0' | '1.1' } = {}): AwsResponse {
  const contentType = options.version === undefined ? 'application/json' : `application/x-amz-json-${options.version}`;
  return { status: options.status ?? 200, headers: { 'content-type': contentType }, body: toAwsJson(value) };
}

/** The operation's name in `X-Amz-Target: <prefix>.<Operation>`; undefined where the header is missing. */
export function targetOperation(request: AwsRequest): string | undefined {
  const target = request.headers['x-amz-target'];
  return target?.slice(target.lastIndexOf('.') + 1);
}

/**
 * A service in the AWS JSON protocol, dispatched by `X-Amz-Target`.
 * An operation it does not have answers UnknownOperationException.
 */
export function jsonService(options: {
  readonly signingName: string;
  readonly version?: '1.0' | '1.1';
  readonly operations: Readonly<Record<string, JsonOperation>>;
}): AwsService {
  const version = options.version ?? '1.1';
  return {
    signingName: options.signingName,
    operations: Object.keys(options.operations),
    async handle(request) {
      const name = targetOperation(request);
      const operation = name !== undefined && Object.hasOwn(options.operations, name) ? options.operations[name] : null;
      if (!operation) {
        throw unknownOperation(options.signingName, name ?? `${request.method} ${request.rawPath}`);
      }
      return jsonResponse(await operation(parseJsonObject(request.body), request), { version });
    },
  };
}

/** What every service answers to an operation that the local AWS does not have. */
export function unknownOperation(signingName: string, operation: string, code = 'UnknownOperationException'): AwsError {
  return new AwsError(code, `The local AWS does not have ${signingName} ${operation}.`, 400);
}
