import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parse } from 'yaml';
import { type Answer, answered, bucketRegion, emptyPrefixes, orNull, using } from '../aws-answers';
import type { Place } from '../target';
import type { ClientOptions } from '../warehouse';
import type { AccountFacts, AccountRest, Wanted } from './account';
import { callerIdentity, configuredRegion } from './caller';

/** Asks an account for all that a deploy needs. @param deployed whether the stack is there */
export async function accountFacts(
  place: Pick<Place, 'options'>,
  wanted: Wanted,
  deployed: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<AccountFacts> {
  const { options } = place;
  const region = options.region ?? (await configuredRegion(options));
  const caller = await callerIdentity({ ...options, region: wanted.region });
  const endpoint = options.endpoint === undefined ? environment.AWS_ENDPOINT_URL : undefined;
  const right = 'is' in caller && caller.is.account === wanted.account;
  return {
    wanted,
    endpoint: endpoint === '' ? undefined : endpoint,
    region,
    caller,
    rest: right ? await accountRest({ ...options, region: wanted.region }, wanted, deployed) : undefined,
  };
}

async function accountRest(options: ClientOptions, wanted: Wanted, deployed: boolean): Promise<AccountRest> {
  const { sources, prefixes } = wanted;
  const bucket = await bucketRegion(options, sources.bucket);
  const region = 'is' in bucket ? bucket.is : null;
  return {
    bootstrap: await bootstrapVersion(options),
    bootstrapOfCli: bootstrapOfCli(),
    unreserved: await unreservedConcurrency(options),
    deployed,
    serviceRole: await hasServiceRole(options),
    bucket,
    emptyPrefixes: region === null ? { is: [] } : await emptyPrefixes({ ...options, region }, sources.bucket, prefixes),
  };
}

function bootstrapVersion(options: ClientOptions): Promise<Answer<number | null>> {
  return answered(() =>
    using(new SSMClient(options), async (ssm) => {
      const asked = ssm.send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }));
      const found = await orNull(asked, 'ParameterNotFound');
      return found === null ? null : Number(found.Parameter?.Value);
    }),
  );
}

/** The version in the template that `cdk bootstrap` of this checkout deploys. */
function bootstrapOfCli(): number {
  const file = createRequire(__filename).resolve('aws-cdk/lib/api/bootstrap/bootstrap-template.yaml');
  const { Resources } = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as {
    readonly Resources: { readonly CdkBootstrapVersion: { readonly Properties: { readonly Value: string } } };
  };
  return Number(Resources.CdkBootstrapVersion.Properties.Value);
}

function unreservedConcurrency(options: ClientOptions): Promise<Answer<number>> {
  return answered(() =>
    using(new LambdaClient(options), async (lambda) => {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      return AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    }),
  );
}

function hasServiceRole(options: ClientOptions): Promise<Answer<boolean>> {
  return answered(() =>
    using(new IAMClient(options), async (iam) => {
      const asked = iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForRedshift' }));
      return (await orNull(asked, 'NoSuchEntity', 'NoSuchEntityException')) !== null;
    }),
  );
}
