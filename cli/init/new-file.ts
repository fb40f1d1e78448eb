import type { AwsEnvironment } from '../environments';

/** The file of an environment that has none yet: the smallest that the questions can begin from. */
export function newFile(environment: AwsEnvironment): string {
  const isProd = environment === 'prod';
  const block = { dev: 40, staging: 41, prod: 42 }[environment];
  return `# ${environment}
#
# What is not named here stands in common.ts; every field is explained in environment.ts and checked at synth.
# \`npx sparkify init --env ${environment}\` asks for the values and writes them here; comments stay.

# Twelve digits, in quotes.
account: "000000000000"
network:
  kind: own
  cidr: 10.${block}.0.0/16
warehouse:
  kind: provisioned
  nodeType: ra3.large
  numberOfNodes: ${environment === 'dev' ? 1 : 2}
  multiAz: false
  snapshotRetentionDays: ${isProd ? 35 : 7}
  pause: null
# US dollars a month; docs/cost.md has the arithmetic.
budgetUsd: ${environment === 'dev' ? 500 : 950}
# With destroy, and -c allowDataLoss=${environment} at the deploy, the warehouse leaves nothing behind.
onRemoval: retain
terminationProtection: ${isProd}
`;
}
