import type { AwsResponse } from '../../aws/service';
import { invalidParameter, requestTooLarge } from '../errors';
import type { FunctionStore } from '../function-store';
import type { Invoker, SynchronousResult } from '../invoker';
import { resolveCall } from './function-routes';
import type { Route, RouteCall } from './http';

/** Bytes of a synchronous answer (Lambda quotas, "Invocation payload"). */
const RESPONSE_LIMIT = 6_291_556;

/** The Invoke API. */
export function invokeRoute(store: FunctionStore, invoker: Invoker): Route {
  return {
    method: 'POST',
    path: '/2015-03-31/functions/{FunctionName}/invocations',
    action: 'InvokeFunction',
    handle: (call) => invoke(store, invoker, call),
  };
}

async function invoke(store: FunctionStore, invoker: Invoker, call: RouteCall): Promise<AwsResponse> {
  const { headers, body } = call.request;
  const target = resolveCall(store, call);
  const payload = body.length === 0 ? '{}' : body.toString('utf8');
  const executionName = headers['x-amz-durable-execution-name'];
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  switch (type) {
    case 'RequestResponse': {
      const result = await invoker.invoke(target, payload, executionName);
      return respond(result, headers['x-amz-log-type'] === 'Tail');
    }
    case 'Event': {
      const { durableExecutionArn } = invoker.invokeAsync(target, payload, executionName);
      return { status: 202, headers: executionHeader(durableExecutionArn), body: '' };
    }
    case 'DryRun':
      invoker.check(target, payload);
      return { status: 204 };
    default:
      throw invalidParameter(`Value '${type}' at 'invocationType' is none of RequestResponse, Event, DryRun`);
  }
}

function respond(result: SynchronousResult, withLog: boolean): AwsResponse {
  const size = Buffer.byteLength(result.payload);
  if (size > RESPONSE_LIMIT) {
    throw requestTooLarge(
      `Response payload size (${size} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
    );
  }
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': result.executedVersion,
      ...(result.functionError ? { 'x-amz-function-error': result.functionError } : {}),
      ...(withLog && result.logTail ? { 'x-amz-log-result': result.logTail.toString('base64') } : {}),
      ...executionHeader(result.durableExecutionArn),
    },
    body: result.payload,
  };
}

function executionHeader(arn: string | undefined): Record<string, string> {
  return arn ? { 'x-amz-durable-execution-arn': arn } : {};
}
