import { type EnvironmentConfig, type Selection, selectEnvironments } from '../lib/config';
import { addGithubStacks } from '../lib/github-oidc-stack';
import { SparkifyStack } from '../lib/sparkify-stack';
import type { Variant } from './assess';

const stackOf = (name: string, config: EnvironmentConfig): Variant => ({
  name,
  build: (scope) => {
    new SparkifyStack(scope, `Sparkify-${config.name}`, config);
  },
});

const selected = (name: string, selection: Selection): readonly Variant[] =>
  selectEnvironments(selection).map((config) => stackOf(name, config));

const KEY_OF_ANOTHER = 'arn:aws:kms:us-west-2:444444444444:key/00000000-0000-0000-0000-000000000000';

/**
 * Every environment as it is configured, and what the configuration can make of one besides: the other kind of
 * warehouse, a source bucket of the stack's own, data that may go, a
 * network and a source that are given, and the way in for GitHub.
 */
export function variants(): readonly Variant[] {
  const [staging] = selectEnvironments({ env: 'staging' });
  if (staging === undefined) throw new Error('There is no environment staging.');
  return [
    ...selectEnvironments({}).map((config) => stackOf(config.name, config)),
    ...selected('local-serverless', { env: 'local', warehouse: 'serverless' }),
    ...selected('dev-destroy', { env: 'dev', allowDataLoss: 'dev' }),
    stackOf('staging-made-source', {
      ...staging,
      sources: { ...staging.sources, origin: 'made', bucket: 'sparkify-made-source' },
    }),
    stackOf('staging-given', {
      ...staging,
      network: {
        kind: 'existing',
        vpcId: 'vpc-0123456789abcdef0',
        subnetIds: staging.availabilityZones.map((_, index) => `subnet-0123456789abcdef${index}`),
      },
      sources: { ...staging.sources, account: '444444444444', kmsKeyArn: KEY_OF_ANOTHER },
    }),
    { name: 'github', build: (scope) => addGithubStacks(scope, 'owner/repository', selectEnvironments({})) },
  ];
}
