import { describeDryRun, dryRun, type RunOptions, runFields } from '../dry-run';
import { LoadError, UsageError } from '../errors';
import type { ExecutionEnd } from '../executions';
import { type LocalStack, withLocalStack } from '../local-stack';
import { bytes, count, type Format, files, render } from '../output';
import { type RunRow, runNamed, stepsOf } from '../run-history';
import { freshRunName } from '../run-name';
import { stepRows } from '../summary';

interface LoadOptions {
  readonly format: Extract<Format, 'table' | 'json'>;
}

/** The run's id, as the function's result names it. */
function runIdOf(end: ExecutionEnd): string | undefined {
  const result = end.result;
  if (typeof result !== 'object' || result === null || !('run' in result)) return undefined;
  return typeof result.run === 'string' ? result.run : undefined;
}

async function runOf(stack: LocalStack, end: ExecutionEnd, arn: string): Promise<RunRow> {
  const runId = runIdOf(end);
  if (end.status !== 'SUCCEEDED' || runId === undefined) {
    throw new LoadError(
      `The load did not succeed (${end.status}): ${end.error ?? 'without a reason'}\nExecution: ${arn}`,
    );
  }
  const run = await runNamed(stack.warehouse, runId);
  if (run === undefined) throw new LoadError(`Run ${runId} succeeded but has no row in etl.runs.`);
  return run;
}

async function shown(stack: LocalStack, runs: readonly RunRow[], options: LoadOptions): Promise<void> {
  if (options.format === 'json') {
    console.log(JSON.stringify(runs, null, 2));
    return;
  }
  for (const run of runs) {
    const what = run.files === 0 ? 'nothing new' : `${files(run.files)}, ${bytes(run.bytes)}`;
    const without =
      run.rejected_rows > 0 ? `, without ${count(run.rejected_rows)} rejected rows (status --rejects)` : '';
    console.log(`${run.run_id}: ${run.status}, ${run.mode}, ${what}${without}`);
    const rows = stepRows(await stepsOf(stack.warehouse, run.run_id));
    const columns = [
      { name: 'step', numeric: false },
      { name: 'took', numeric: true },
    ];
    if (rows.length > 0) console.log(render({ columns, rows }, 'table'));
  }
}

/** `sparkify load`: starts a load now and waits for its end. @throws LoadError when it fails */
export async function load(
  options: LoadOptions & RunOptions & { readonly name?: string; readonly dryRun?: boolean },
): Promise<void> {
  if (options.dryRun === true) {
    if (options.name !== undefined) throw new UsageError('--dry-run and --name: a dry run is no run and has no name.');
    return withLocalStack(async (stack) => {
      const plan = await dryRun(stack, options);
      console.log(options.format === 'json' ? JSON.stringify(plan, null, 2) : describeDryRun(plan));
    });
  }
  const name = options.name ?? freshRunName('manual');
  if (!/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(name)) {
    throw new UsageError(
      `--name ${name}: 1 to 60 lower-case letters, digits and hyphens (not at the ends) are allowed.`,
    );
  }
  await withLocalStack(async (stack) => {
    const event = { trigger: 'operator', run: name, ...runFields(options) };
    const arn = await stack.executions.start(stack.outputs.FunctionAliasArn, name, event);
    const end = await stack.executions.end(arn);
    await shown(stack, [await runOf(stack, end, arn)], options);
  });
}

/** `sparkify tick`: lets the nightly schedule fire once and waits for its load. @throws LoadError when it fails */
export async function tick(options: LoadOptions): Promise<void> {
  await withLocalStack(async (stack) => {
    const runs: RunRow[] = [];
    for (const fired of await stack.aws.tick()) {
      if (fired.durableExecutionArn === undefined) {
        throw new LoadError(
          `The schedule ${fired.schedule} could not reach its target: ${fired.error ?? 'no reason given'}`,
        );
      }
      if (options.format === 'table') console.error(`${fired.schedule} fired for ${String(fired.scheduledTime)}`);
      runs.push(await runOf(stack, await stack.executions.end(fired.durableExecutionArn), fired.durableExecutionArn));
    }
    if (runs.length === 0) throw new LoadError('There is no enabled schedule to fire.');
    await shown(stack, runs, options);
  });
}
