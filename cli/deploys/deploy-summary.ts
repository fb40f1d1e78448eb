import { outColours as pc } from '../colours';
import type { Plan } from '../plan/plan';
import { type CheckRow, checksOf, lastRuns, type RunRow, type TableCount, tableCounts } from '../run-history';
import { checkLine, countsTable, lastRunNote, outputsTable } from '../summary';
import type { Target } from '../target';

/** What a deploy ends with, as programs get it. */
export interface DeploySummary {
  readonly environment: string;
  readonly stackName: string;
  /** False where there was nothing to deploy. */
  readonly deployed: boolean;
  readonly plan: Plan;
  readonly outputs: object;
  readonly tables: readonly TableCount[];
  readonly lastRun?: RunRow;
  /** Those of the load of the last deploy. */
  readonly checks: readonly CheckRow[];
}

/** Reads what has become of an environment. */
export async function deploySummary(target: Target, plan: Plan, deployed: boolean): Promise<DeploySummary> {
  const { environment, stackName, outputs, warehouse } = target;
  const [lastRun] = await lastRuns(warehouse, 1);
  return {
    environment,
    stackName,
    deployed,
    plan,
    outputs,
    tables: await tableCounts(warehouse),
    ...(lastRun && { lastRun }),
    checks: await checksOf(warehouse, outputs.LastLoadRun),
  };
}

/** The end of a deploy for people. */
export function describeDeploy({ stackName, outputs, tables, lastRun, checks }: DeploySummary): string {
  return [
    `${pc.bold(stackName)}: outputs`,
    outputsTable(outputs),
    `\n${pc.bold(`Warehouse${lastRunNote(lastRun)}`)}`,
    countsTable(tables),
    ...(checks.length > 0 ? [checkLine(checks)] : []),
  ].join('\n');
}
