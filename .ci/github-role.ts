/**
 * `tsx .ci/github-role.ts JOB ENVIRONMENT`: the role that a workflow's job takes on, and its region, as lines for
 * GITHUB_OUTPUT. Accounts and regions stand in lib/config alone.
 */
import { selectEnvironments } from '../lib/config';
import { GITHUB_JOBS, githubRoleName } from '../lib/github-oidc-stack';

const [, , jobName, environment] = process.argv;
const job = GITHUB_JOBS.find((known) => known === jobName);
if (job === undefined || environment === undefined) {
  throw new TypeError(`Usage: github-role.ts ${GITHUB_JOBS.join('|')} ENVIRONMENT, not "${jobName} ${environment}"`);
}
for (const { account, region, name } of selectEnvironments({ env: environment })) {
  console.log(`role=arn:aws:iam::${account}:role/${githubRoleName(job, name)}`);
  console.log(`region=${region}`);
}
