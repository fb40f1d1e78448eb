import { join } from 'node:path';
import { outColours as pc } from '../colours';
import { IamReportError } from '../errors';
import { PROJECT } from '../home';
import { readExplanations } from '../iam/explanations';
import { type JudgedRole, type Judgement, judge } from '../iam/judge';
import { stackRoles } from '../iam/stack-roles';
import { withLocalStack } from '../local-stack';
import { count, type Format, render } from '../output';

/** Why permissions of the stack's roles are unused on a local run; beside the constructs that make the roles. */
const EXPLANATIONS = join('lib', 'unused-permissions.yaml');

/**
 * `sparkify iam-report`: what each role of the stack was used for on the local AWS, what it never used, what it was
 * refused.
 * @throws IamReportError with `check`, when a permission is unused and nobody says why, or an explanation is outdated
 */
export async function iamReport(options: {
  readonly format: Extract<Format, 'table' | 'json'>;
  readonly check?: boolean;
}): Promise<void> {
  const explanations = readExplanations(join(PROJECT, EXPLANATIONS));
  const judgement = await withLocalStack(async ({ aws, outputs, stackName, options: client }) => {
    const roles = await stackRoles(stackName, client, await aws.iamUsage());
    return judge(roles, explanations, 'WorkgroupName' in outputs ? 'serverless' : 'provisioned');
  });
  console.log(options.format === 'json' ? JSON.stringify(judgement, null, 2) : described(judgement));
  if (options.check === true) check(judgement);
}

function described({ roles, unexplained }: Judgement): string {
  const unused = unexplained.length === 0 ? 'every unused one is explained' : `${unexplained.length} unexplained`;
  return [...roles.map(roleTable), `${roles.length} roles; of the unused permissions ${unused}.`].join('\n');
}

function roleTable({ path, statements, refusals }: JudgedRole): string {
  const columns = ['statement', 'action', 'used', 'last on, or why never'].map((name) => ({
    name,
    numeric: name === 'used',
  }));
  const rows = statements.flatMap(({ policy, sid, index, actions }) =>
    actions.map((action) => [
      `${policy.slice(policy.lastIndexOf('/') + 1)} ${sid ?? index + 1}`,
      action.action,
      action.count === 0 ? (action.reason === undefined ? pc.red('never') : 'never') : count(action.count),
      action.last?.resource ?? action.reason ?? pc.red('nobody says why'),
    ]),
  );
  const refused = refusals.map(
    ({ action, lastResource, reason, count: times }) =>
      `${pc.yellow('refused')} ${count(times)} × ${action} on ${lastResource} (${reason})`,
  );
  return [pc.bold(path), render({ columns, rows }, 'table'), ...refused, ''].join('\n');
}

function check({ unexplained, outdated }: Judgement): void {
  const problems = [
    ...unexplained.map((each) => `unused: ${each}`),
    ...outdated.map((each) => `explanation no longer needed: ${each}`),
  ];
  if (problems.length === 0) return;
  throw new IamReportError(
    `${problems.map((each) => `✗ ${each}`).join('\n')}\n` +
      `Take an unused permission away where it is granted (lib/), or say in ${EXPLANATIONS} what would use it; ` +
      'take an explanation that is no longer needed out of there.',
  );
}
