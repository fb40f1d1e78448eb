import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parse } from 'yaml';
import type { Place } from '../target';
import type { ClientOptions } from '../warehouse';
import type { AccountFacts, AccountRest, Answer, Wanted } from './account';
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
  const bucket = await bucketRegion(options, wanted.sources);
  const reachable = 'is' in bucket && bucket.is !== null;
  return {
    bootstrap: await bootstrapVersion(options),
    bootstrapOfCli: bootstrapOfCli(),
    unreserved: await unreservedConcurrency(options),
    deployed,
    serviceRole: await hasServiceRole(options),
    bucket,
    emptyPrefixes: reachable ? await emptyPrefixes({ ...options, region: bucket.is ?? '' }, wanted) : { is: [] },
  };
}

/** What was answered; an error's name and text where it was refused. */
async function answered<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { is: await ask() };
  } catch (error) {
    const { name, message } = error as Error;
    return { refused: { code: name, message: message === name ? '' : message } };
  }
}

/** A client that is closed when its work is done. */
async function using<C extends { destroy(): void }, T>(client: C, work: (client: C) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** The same, null where AWS says that there is no such thing. */
function orNull<T>(work: Promise<T>, ...names: readonly string[]): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && names.includes(error.name)) return null;
    throw error;
  });
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

const s3 = (options: ClientOptions) =>
  // Path style where the endpoint is no domain of AWS.
  new S3Client({
    ...options,
    followRegionRedirects: true,
    forcePathStyle: options.endpoint !== undefined || process.env.AWS_ENDPOINT_URL !== undefined,
  });

/** A bucket's region; S3 tells it even who may not read. */
function bucketRegion(options: ClientOptions, { bucket }: Wanted['sources']): Promise<Answer<string | null>> {
  return answered(() =>
    using(s3(options), async (client) => {
      const found = await orNull(client.send(new HeadBucketCommand({ Bucket: bucket })), 'NotFound', 'NoSuchBucket');
      return found === null ? null : (found.BucketRegion ?? options.region ?? '');
    }),
  );
}

function emptyPrefixes(options: ClientOptions, { sources, prefixes }: Wanted): Promise<Answer<readonly string[]>> {
  return answered(() =>
    using(s3(options), async (client) => {
      const empty: string[] = [];
      for (const Prefix of prefixes) {
        const { KeyCount } = await client.send(
          new ListObjectsV2Command({ Bucket: sources.bucket, Prefix, MaxKeys: 1 }),
        );
        if (KeyCount === 0) empty.push(Prefix);
      }
      return empty;
    }),
  );
}
