import { join } from 'node:path';
import { synthesize } from '../cdk';
import { contextOf } from '../commands/plan';
import { count } from '../output';
import { makePlan } from '../plan/make-plan';
import { isEmpty, type Plan } from '../plan/plan';
import type { Place } from '../target';
import { type Finding, findings } from './finding';
import type { Commands } from './where';

const { ok, warn, fail } = findings('warehouse');

/** Whether what is deployed is what this checkout would deploy. */
export function planFinding(plan: Plan, commands: Commands): Finding {
  if (plan.refused.length > 0) {
    // On this machine everything can be made anew; elsewhere the files of what was applied must come back.
    const mend = commands.here ? 'npm start -- --fresh' : 'git checkout HEAD -- sql/migrations';
    return fail('checkout', `a deploy would be refused: ${plan.refused.join('; ')}`, mend);
  }
  if (isEmpty(plan)) return ok('checkout', 'what is deployed is what stands here');
  const resources = plan.infrastructure.length;
  const parts = [
    ...(resources > 0 ? [`${count(resources)} ${resources === 1 ? 'resource' : 'resources'}`] : []),
    ...(plan.migrations.length > 0 ? [`${count(plan.migrations.length)} migrations`] : []),
  ];
  const found = `a deploy would change ${parts.join(' and ')} (${commands.sparkify('plan')} says which)`;
  return warn('checkout', found, commands.deploy);
}

/** Synthesizes the checkout and compares it with what is deployed. */
export async function lookAtDeployment(place: Place, home: string, commands: Commands): Promise<Finding> {
  const assembly = join(home, 'doctor', 'cdk.out');
  try {
    await synthesize(assembly, contextOf({ env: place.environment, here: commands.here }));
    return planFinding(await makePlan(place, assembly), commands);
  } catch (error) {
    return fail('checkout', (error as Error).message.split('\n').slice(0, 3).join(' '), commands.sparkify('plan'));
  }
}
