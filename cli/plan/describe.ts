import { outColours } from '../colours';
import { bytes, count, files, type Rows, render } from '../output';
import { isEmpty, type Plan } from './plan';

const column = (name: string, numeric = false) => ({ name, numeric });

/** A plan for people, who have to say yes to it. */
export function describePlan(plan: Plan, pc = outColours): string {
  const { environment, stackName, hash, first, destructive } = plan;
  const lines = [pc.bold(`Plan for ${environment} (${stackName})${first ? ': the first deploy' : ''}`), `hash ${hash}`];
  if (isEmpty(plan)) lines.push('Nothing would change.');
  if (first) lines.push(`${count(plan.infrastructure.length)} resources are made.`);
  else if (plan.infrastructure.length > 0) lines.push(render(infrastructure(plan), 'table'));
  if (!first && plan.outputs.length > 0) lines.push(`Outputs that change: ${plan.outputs.join(', ')}`);
  lines.push(...migrations(plan), ...load(plan));
  lines.push(...plan.refused.map((each) => pc.red(`refused: ${each}`)));
  lines.push(...destructive.map((each) => pc.red(`destructive: ${each}`)));
  return lines.join('\n');
}

function infrastructure({ infrastructure: changes }: Plan): Rows {
  return {
    columns: [column('effect'), column('resource'), column('type'), column('properties')],
    rows: changes.map((change) => [change.effect, change.logicalId, change.type, change.properties.join(', ')]),
  };
}

function migrations({ migrations: pending }: Plan): readonly string[] {
  if (pending.length === 0) return ['No migrations are pending.'];
  const [one] = pending;
  const range = pending.length === 1 ? one?.file : `${one?.file} to ${pending.at(-1)?.file}`;
  return [`${count(pending.length)} ${pending.length === 1 ? 'migration is' : 'migrations are'} pending: ${range}`];
}

function load({ load: cost }: Plan): readonly string[] {
  if (cost === undefined) return ['All files of the sources are loaded.'];
  const why = cost.why.length === 0 ? '' : ` (${cost.why.join('; ')})`;
  const what = cost.files === 0 ? 'no files wait' : `${files(cost.files)}, ${bytes(cost.bytes)}`;
  return [cost.mode === 'refresh' ? `A full refresh of the star${why}: ${what}` : `An incremental load${why}: ${what}`];
}
