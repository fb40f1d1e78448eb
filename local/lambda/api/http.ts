import type { AwsRequest, AwsResponse } from '../../aws/service';
import { functionArn, type LambdaScope, parseFunctionReference } from '../arns';
import { invalidParameter, invalidRequestContent } from '../errors';

/** A request matched to a route: what stood at the path's placeholders, decoded. */
export interface RouteCall {
  readonly request: AwsRequest;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** For example `/2015-03-31/functions/{FunctionName}/aliases`. */
  readonly path: string;
  /** The permission that it takes, without `lambda:`. */
  readonly action: string;
  handle(call: RouteCall): AwsResponse | Promise<AwsResponse>;
}

/** Finds the route; a label takes exactly one path segment, slashes in it are percent-encoded. */
export function matchRoute(
  routes: readonly Route[],
  request: AwsRequest,
): { route: Route; call: RouteCall } | undefined {
  const segments = segmentsOf(request.rawPath);
  for (const route of routes) {
    const labels = route.method === request.method ? match(segmentsOf(route.path), segments) : undefined;
    if (labels) return { route, call: { request, labels } };
  }
  return undefined;
}

/**
 * The ARN that a call's permission is asked for: of the durable execution or the function that its path names, with the
 * version or alias where one is named; `*` where it names none.
 */
export function routeResource({ labels, request }: RouteCall, scope: LambdaScope): string {
  const { DurableExecutionArn: execution, FunctionName: name } = labels;
  if (execution !== undefined) return execution;
  if (name === undefined) return '*';
  const { functionName, qualifier } = parseFunctionReference(name, request.query.get('Qualifier') ?? undefined);
  return functionArn(scope, functionName, qualifier);
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/');
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
    if (part.startsWith('{')) labels[part.slice(1, -1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return labels;
}

export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The request's body as a JSON object; an empty one counts as `{}`. @throws AwsError InvalidRequestContentException */
export function bodyOf(request: AwsRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    return JSON.parse(request.body.toString('utf8')) as Record<string, unknown>;
  } catch (error) {
    throw invalidRequestContent(`Could not parse request body into json: ${(error as Error).message}`);
  }
}

/** One page of a list; markers are indexes. */
export function paginate<T>(
  items: readonly T[],
  query: URLSearchParams,
  most: number,
): { readonly page: readonly T[]; readonly NextMarker?: string } {
  const from = Number(query.get('Marker') || 0);
  if (!Number.isInteger(from) || from < 0) throw invalidParameter(`Invalid Marker: ${query.get('Marker')}`);
  const to = from + Math.min(Number(query.get('MaxItems') || most) || most, most);
  return { page: items.slice(from, to), ...(to < items.length ? { NextMarker: String(to) } : {}) };
}

/** A boolean in the query string. */
export function flag(query: URLSearchParams, name: string, otherwise: boolean): boolean {
  const value = query.get(name);
  return value === null ? otherwise : value === 'true';
}
