import { parseFunctionReference } from '../arns';
import { type DurableExecution, statusOf } from '../durable/execution';
import type { ExecutionStore } from '../durable/execution-store';
import type { CheckpointRequest, DurableExecutor } from '../durable/executor';
import type { HistoryEvent } from '../durable/history';
import type { ErrorObject } from '../durable/operation';
import type { FunctionStore } from '../function-store';
import { bodyOf, flag, json, paginate, type Route, type RouteCall } from './http';
import { executionDescription, executionSummary } from './views';

const EXECUTION = '/2025-12-01/durable-executions/{DurableExecutionArn}';

/** Lambda's API for durable executions (API version 2025-12-01), callbacks excepted. */
export function durableRoutes(
  functions: FunctionStore,
  executions: ExecutionStore,
  executor: DurableExecutor,
): readonly Route[] {
  const find = (call: RouteCall) => executions.get(call.labels.DurableExecutionArn!);
  return [
    {
      method: 'POST',
      path: `${EXECUTION}/checkpoint`,
      action: 'CheckpointDurableExecution',
      handle: (call) => checkpoint(executor, call),
    },
    {
      method: 'GET',
      path: `${EXECUTION}/state`,
      action: 'GetDurableExecutionState',
      handle: (call) => state(executor, call),
    },
    {
      method: 'GET',
      path: EXECUTION,
      action: 'GetDurableExecution',
      handle: (call) =>
        json(200, executionDescription(find(call), flag(call.request.query, 'IncludeExecutionData', true))),
    },
    {
      method: 'GET',
      path: `${EXECUTION}/history`,
      action: 'GetDurableExecutionHistory',
      handle: (call) => history(find(call), call),
    },
    {
      method: 'POST',
      path: `${EXECUTION}/stop`,
      action: 'StopDurableExecution',
      handle: (call) => {
        const error = bodyOf(call.request) as ErrorObject;
        return json(200, { StopTimestamp: executor.stop(find(call), error) / 1000 });
      },
    },
    {
      method: 'GET',
      path: '/2025-12-01/functions/{FunctionName}/durable-executions',
      action: 'ListDurableExecutionsByFunction',
      handle: (call) => list(functions, executions, call),
    },
  ];
}

function checkpoint(executor: DurableExecutor, { request, labels }: RouteCall) {
  return json(200, executor.checkpoint(labels.DurableExecutionArn!, bodyOf(request) as CheckpointRequest));
}

function state(executor: DurableExecutor, { request, labels }: RouteCall) {
  const { query } = request;
  const maxItems = Number(query.get('MaxItems') || 1000);
  const token = query.get('CheckpointToken') ?? undefined;
  return json(200, executor.state(labels.DurableExecutionArn!, token, query.get('Marker') ?? undefined, maxItems));
}

function history(execution: DurableExecution, { request: { query } }: RouteCall) {
  const data = flag(query, 'IncludeExecutionData', true);
  const events = execution.events.map((event, index) => ({
    ...(data ? event : withoutData(event)),
    EventId: index + 1,
  }));
  if (flag(query, 'ReverseOrder', false)) events.reverse();
  const { page, NextMarker } = paginate(events, query, 1000);
  return json(200, { Events: page, NextMarker });
}

function withoutData(event: HistoryEvent): HistoryEvent {
  const strip = (key: string, value: unknown) => (key === 'Payload' ? undefined : value);
  return JSON.parse(JSON.stringify(event, strip)) as HistoryEvent;
}

/** Newest first, unless ReverseOrder is set. */
function list(functions: FunctionStore, executions: ExecutionStore, { request: { query }, labels }: RouteCall) {
  const reference = parseFunctionReference(labels.FunctionName!, query.get('Qualifier') ?? undefined);
  const { version } = functions.resolve(reference.functionName, reference.qualifier);
  const statuses = query.getAll('Statuses');
  const name = query.get('DurableExecutionName');
  const after = time(query.get('StartedAfter')) ?? Number.NEGATIVE_INFINITY;
  const before = time(query.get('StartedBefore')) ?? Number.POSITIVE_INFINITY;
  const found = executions
    .ofFunction(reference.functionName)
    .filter(({ start }) => !reference.qualifier || start.version.version === version.version)
    .filter((execution) => statuses.length === 0 || statuses.includes(statusOf(execution)))
    .filter(({ start }) => name === null || start.name === name)
    .filter(({ start }) => start.startedAt > after && start.startedAt < before);
  const ordered = flag(query, 'ReverseOrder', false) ? [...found].reverse() : found;
  const { page, NextMarker } = paginate(ordered.map(executionSummary), query, 1000);
  return json(200, { DurableExecutions: page, NextMarker });
}

/** ISO 8601 or seconds since the epoch, as the SDKs send timestamps in a query string. */
function time(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
