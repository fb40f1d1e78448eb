import { createHash } from 'node:crypto';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** What would be deployed is not what was planned, so nothing is. */
export class PlanMismatchError extends Error {
  override readonly name = 'PlanMismatchError';
}

/** `sparkify plan` prints it: what would be deployed, a hyphen, what it would be deployed over. */
const HASH = /^([0-9a-f]{20})-([0-9a-f]{20})$/;

/**
 * Holds an assembly against the plan that somebody has approved. Synth is offline, so it sees the first half of the
 * hash only: the template with the digests of its assets and SQL. That the environment is as it was when the plan was
 * made, `sparkify plan --expect HASH` tells.
 * @param environment whose stack the plan is of; undefined where the app has all
 * @throws PlanMismatchError
 */
export function requirePlan(hash: string, environment: string | undefined, assembly: CloudAssembly): void {
  if (environment === undefined)
    throw new PlanMismatchError(`-c plan=${hash} goes with -c env=NAME: a plan is of one environment.`);
  const planned = HASH.exec(hash)?.[1];
  if (planned === undefined)
    throw new PlanMismatchError(`-c plan=${hash} is no plan's hash. sparkify plan --env ${environment} prints it.`);
  const { template } = assembly.getStackByName(`Sparkify-${environment}`);
  const found = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, planned.length);
  if (found === planned) return;
  throw new PlanMismatchError(
    `What would be deployed to ${environment} is ${found}, but ${planned} was planned: code, SQL or configuration has changed since. Make the plan again: sparkify plan --env ${environment}`,
  );
}
