import { setTimeout } from 'node:timers/promises';
import type { Executions } from '../executions';
import type { WarehouseClient } from '../warehouse';

/** What a run names its statements by: the environment, the run, and one of these. */
const STEPS = ['prepare', 'migrate', 'applied', 'access', 'views', 'survey', 'compare', 'load', 'maintain', 'explain'];

/**
 * How long the process of a stopped run may still start statements, in milliseconds: it starts nothing with a state older
 * than five seconds, and its last call may be on its way. The function waits as long after a Delete (lambda/remove.ts).
 */
export const FADING = 12_000;
const LOOK_AGAIN = 1_000;

/** Whether a statement is of this run: the whole name, for operator-x-load is also how the run x-load begins. */
export function isStatementOf(environment: string, runId: string, name: string): boolean {
  return STEPS.some((step) => name === `sparkify-${environment}-${runId}-${step}`);
}

/**
 * Stops the execution of a run, then cancels its statements for as long as new ones may come.
 * @returns how many statements were cancelled
 */
export async function cancelRun(
  { executions, warehouse, environment }: { executions: Executions; warehouse: WarehouseClient; environment: string },
  run: { readonly runId: string; readonly arn: string },
  now: () => number = Date.now,
): Promise<number> {
  await executions.stop(run.arn, 'sparkify cancel');
  const until = now() + FADING;
  let cancelled = 0;
  for (;;) {
    cancelled += await warehouse.cancelStatements(`sparkify-${environment}-${run.runId}-`, (name) =>
      isStatementOf(environment, run.runId, name),
    );
    if (now() >= until) return cancelled;
    await setTimeout(LOOK_AGAIN);
  }
}
