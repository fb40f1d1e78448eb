import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { outColours as pc } from '../colours';
import { NotDeployedError } from '../errors';
import { locationOptions } from '../location';
import { filterLogEvents, followed, type LogRequest, type ReadEvents } from '../logs/log-events';
import { type LogEvent, rawLine, readableLine } from '../logs/log-line';
import type { Format } from '../output';
import { fromSqlTime, runNamed } from '../run-history';
import { findRun } from '../runs/find-run';
import { type Target, type TargetChoice, withTarget } from '../target';

export interface LogsOptions extends TargetChoice {
  readonly follow?: boolean;
  readonly run?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly format: Extract<Format, 'table' | 'json'>;
}

const HOUR = 3_600_000;
/** Milliseconds between two looks: CloudWatch Logs throttles who asks too often, the local one does not. */
const PAUSE = 2_000;
const PAUSE_HERE = 300;

/** `sparkify logs`: what the ETL function has written, with `follow` until Ctrl-C. @throws CliError */
export async function logs(options: LogsOptions): Promise<void> {
  await withTarget(options, async (target) => {
    const client = new CloudWatchLogsClient(target.workOptions);
    try {
      await show(target, filterLogEvents(client), await requestOf(target, options), options);
    } finally {
      client.destroy();
    }
  });
}

async function requestOf(target: Target, options: LogsOptions): Promise<LogRequest> {
  const { run, since } = options;
  const { LogGroupName } = target.outputs;
  if (LogGroupName === undefined) {
    throw new NotDeployedError(
      `${target.stackName} was deployed before it said where its log is. Deploy it again: sparkify deploy${locationOptions(options)}`,
    );
  }
  const hourAgo = Date.now() - HOUR;
  if (run === undefined) return { logGroupName: LogGroupName, since: since ?? hourAgo };
  const going = await target.executions.running(target.outputs.FunctionAliasArn);
  const runId = await findRun(
    target.warehouse,
    run,
    going.flatMap(({ state }) => state?.runId ?? []),
  );
  const begun = (await runNamed(target.warehouse, runId))?.started_at;
  const from = begun === undefined ? hourAgo : fromSqlTime(begun);
  return { logGroupName: LogGroupName, since: since ?? from, runId };
}

async function show({ here }: Target, read: ReadEvents, request: LogRequest, options: LogsOptions): Promise<void> {
  const line = options.format === 'json' ? rawLine : readableLine;
  let shown = 0;
  const print = (event: LogEvent) => {
    shown += 1;
    console.log(line(event));
  };
  if (options.follow === true) {
    const stopped = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
    console.error(pc.dim('following; Ctrl-C ends it'));
    const pause = here === undefined ? PAUSE : PAUSE_HERE;
    for await (const event of followed(read, request, stopped.signal, pause)) print(event);
    return;
  }
  for await (const event of read(request)) print(event);
  if (shown === 0)
    console.error(`Nothing was written since ${new Date(request.since).toISOString()}; further back: --since 1d`);
}
