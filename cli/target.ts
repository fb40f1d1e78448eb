import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { ensureLocalAws, type LocalAwsHandle } from '../local/client';
import { assembledStack, stackNameOf } from './assembly';
import { explainAws, explainRefusal, refuseUnknownProfile } from './aws-access';
import { NotDeployedError } from './errors';
import type { Executions } from './executions';
import { sparkifyHome } from './home';
import type { IdentityName } from './identities';
import { type ClientOptions, type StackOutputs, stackOutputs, WarehouseClient } from './warehouse';

/** Which environment a command means, and where it is. */
export interface TargetChoice {
  /** dev, staging, prod or local. */
  readonly env: string;
  /** The environment as `promote` or `deploy --here` has made it on this machine; otherwise AWS. `local` is always here. */
  readonly here?: boolean;
  /** Of the AWS configuration files; else what the AWS SDK finds by itself. */
  readonly profile?: string;
  readonly region?: string;
  /** ARN of a role to look with, as the CDK's lookup role of the environment's account. */
  readonly assume?: string;
  /** Speak to the function and the warehouse as the role that the stack's output OperatorRoleArn names. */
  readonly asOperator?: boolean;
}

/** Where an environment's AWS is. */
export interface Place {
  readonly environment: string;
  readonly stackName: string;
  readonly options: ClientOptions;
  readonly asOperator?: boolean;
  /** The local AWS, where the environment is on this machine. */
  readonly here?: {
    readonly aws: LocalAwsHandle;
    readonly account: string;
  };
}

/** A deployed environment with the clients that speak to it. */
export interface Target extends Place {
  readonly outputs: StackOutputs;
  readonly warehouse: WarehouseClient;
  readonly executions: Executions;
  /** What other clients need that are to work as this one does, as the operator where that is asked for. */
  readonly workOptions: ClientOptions;
  /** Runs one piece of work with a client that is somebody. */
  as<T>(identity: IdentityName, work: (warehouse: WarehouseClient) => Promise<T>): Promise<T>;
}

/** The assembly of the last promotion on this machine. */
export function promotedAssembly(home = sparkifyHome()): string {
  return join(home, 'promote', 'cdk.out');
}

/** The assembly of the last `sparkify deploy --here`. */
export function deployedAssembly(home = sparkifyHome()): string {
  return join(home, 'deploy', 'cdk.out');
}

function assembliesHere(): readonly string[] {
  return [promotedAssembly(), deployedAssembly()];
}

/** How this CLI signs and where to, in the account of these variables. */
export function optionsFrom(environment: Readonly<Record<string, string>>): ClientOptions {
  return {
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    region: environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
}

/**
 * An environment of a running local AWS.
 * @param assembly names the environment's account; otherwise the last promotion or deploy does
 * @throws NotDeployedError when no promotion or deploy has named its account yet
 */
export async function localPlace(aws: LocalAwsHandle, environment: string, assembly?: string): Promise<Place> {
  const stackName = stackNameOf(environment);
  if (environment === 'local') {
    return { environment, stackName, options: optionsFrom(aws.environment), here: { aws, account: aws.accountId } };
  }
  const known = assembly ?? assembliesHere().find((folder) => existsSync(join(folder, 'manifest.json')));
  if (known === undefined) {
    throw new NotDeployedError(
      `${environment} was never made on this machine. Make it: sparkify deploy --env ${environment} --here, or all three: npm run promote`,
    );
  }
  const { account } = assembledStack(known, environment);
  const options = optionsFrom(await aws.environmentOf(account));
  return { environment, stackName, options, here: { aws, account } };
}

/** Credentials of a role, taken on with those that are given, or that the AWS SDK finds. */
function assuming(
  RoleArn: string,
  { credentials, ...clientConfig }: ClientOptions = {},
): Pick<ClientOptions, 'credentials'> {
  const params = { RoleArn, RoleSessionName: 'sparkify' };
  return {
    credentials: fromTemporaryCredentials({
      params,
      clientConfig,
      ...(credentials !== undefined && { masterCredentials: credentials }),
    }),
  };
}

/** The operator's role is taken on by whoever calls, not by the role that looks: it trusts people and the pipeline. */
function operating({ options }: Place, { OperatorRoleArn }: StackOutputs): ClientOptions {
  const here = options.endpoint !== undefined;
  return assuming(OperatorRoleArn, here ? options : { region: options.region });
}

/** Opens the clients of a deployed environment. @throws NotDeployedError */
export async function openTarget(place: Place): Promise<Target & { close(): void }> {
  const { stackName } = place;
  const outputs = await stackOutputs(stackName, place.options);
  const options = { ...place.options, ...(place.asOperator && operating(place, outputs)) };
  const warehouse = new WarehouseClient(outputs, options, place.asOperator ? outputs.OperatorUser : undefined);
  let executions: Executions | undefined;
  return {
    ...place,
    outputs,
    warehouse,
    workOptions: options,
    // Most commands look at the warehouse only: the client of Lambda is loaded for those that do not.
    get executions() {
      const { Executions: Client } = require('./executions') as typeof import('./executions');
      executions ??= new Client(options);
      return executions;
    },
    as: async (identity, work) => {
      if (identity === 'admin') return work(warehouse);
      const { warehouseAs } = await import('./people.ts');
      const person = await warehouseAs(identity, outputs, options);
      try {
        return await work(person);
      } finally {
        person.close();
      }
    },
    close: () => {
      warehouse.close();
      executions?.close();
    },
  };
}

/** Whether a command means AWS itself, and not this machine. */
export function isOnAws({ env, here }: TargetChoice): boolean {
  return env !== 'local' && here !== true;
}

/**
 * Runs some work where an environment is. On this machine the local AWS is started when it is not up, and stopped again.
 * @param assembly names the account of an environment on this machine that is not deployed yet
 * @throws NotDeployedError when nothing was ever started here
 * @throws AwsAccessError when AWS does not let somebody in
 */
export async function withPlace<T>(
  choice: TargetChoice,
  work: (place: Place) => Promise<T>,
  assembly?: string,
): Promise<T> {
  if (isOnAws(choice)) return onAws(choice, work);
  return withLocalAws(async (aws) => {
    const place = await localPlace(aws, choice.env, assembly);
    return work(choice.asOperator === true ? { ...place, asOperator: true } : place).catch((error: unknown) => {
      throw explainRefusal(error) ?? error;
    });
  });
}

async function onAws<T>(choice: TargetChoice, work: (place: Place) => Promise<T>): Promise<T> {
  const { env, asOperator, profile, region, assume } = choice;
  // What was set before is what the person has set, and is told as theirs.
  const variables = { ...process.env };
  const named = profile ?? variables.AWS_PROFILE;
  if (named !== undefined) refuseUnknownProfile(named);
  // The SDK reads the profile from here only, also the credentials of its assumed roles.
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  const options = {
    ...(region === undefined ? {} : { region }),
    ...(assume === undefined ? {} : assuming(assume)),
  };
  try {
    return await work({ environment: env, stackName: stackNameOf(env), options, ...(asOperator && { asOperator }) });
  } catch (error) {
    throw explainAws(error, choice, variables) ?? error;
  }
}

/**
 * Runs some work against the local AWS of the home, which is started when it is not up, and stopped again.
 * @throws NotDeployedError when nothing was ever started here
 */
export async function withLocalAws<T>(work: (aws: LocalAwsHandle) => Promise<T>): Promise<T> {
  const home = sparkifyHome();
  if (!existsSync(home))
    throw new NotDeployedError(`There is no ${home}: nothing was started here. Begin with: npm start`);
  const aws = await ensureLocalAws({ home });
  try {
    return await work(aws);
  } finally {
    await aws.stop();
  }
}

/** Runs some work against a deployed environment. @throws NotDeployedError */
export function withTarget<T>(choice: TargetChoice, work: (target: Target) => Promise<T>): Promise<T> {
  return withPlace(choice, async (place) => {
    const target = await openTarget(place);
    try {
      return await work(target);
    } finally {
      target.close();
    }
  });
}
