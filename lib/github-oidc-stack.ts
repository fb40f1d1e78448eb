import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';
import { ConfigurationError, type EnvironmentConfig, type EnvironmentName } from './config';
import { ManagedRole } from './managed-role';

const ISSUER = 'token.actions.githubusercontent.com';
/** What aws-actions/configure-aws-credentials asks GitHub to name in the token. */
const AUDIENCE = 'sts.amazonaws.com';
/** The qualifier of a bootstrap that was given none. */
const QUALIFIER = 'hnb659fds';
/** A deploy may take 60 minutes, its build and checks come on top. */
const SESSION = Duration.hours(2);

export const GITHUB_JOBS = ['deploy', 'check', 'diff'] as const;
export type GithubJob = (typeof GITHUB_JOBS)[number];

/** The role that a workflow's job takes on in an environment's account. */
export function githubRoleName(job: GithubJob, environment: EnvironmentName): string {
  return `sparkify-github-${job}-${environment}`;
}

/** A repository on GitHub, as `owner/name`. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/**
 * Reads `-c github=owner/name`.
 * @throws ConfigurationError
 */
export function parseRepository(text: string): Repository {
  const [, owner, name] = /^([\w-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner === undefined || name === undefined) {
    throw new ConfigurationError('all', 'github', text, 'OWNER/REPOSITORY, without wildcards');
  }
  return { owner, name };
}

/**
 * Lets workflows of one repository into one account, without a key that could be stolen: GitHub signs who is calling,
 * and each role says which calls it takes. One stack an account: an account has one provider for an issuer.
 *
 * | role | who | what |
 * |---|---|---|
 * | `sparkify-github-deploy-ENV` | jobs of the GitHub environment ENV, after its approvals | takes on the CDK's deploy, publish and lookup roles |
 * | `sparkify-github-check-ENV` | the same jobs, and those of ENV-plan, which wait for no approval | reads which stack is there, and takes on its role for operators, where `access.operators` names it |
 * | `sparkify-github-diff-ENV` | jobs of pull requests | takes on the CDK's lookup role, which reads |
 *
 * Source of the claims: GitHub Docs, "OpenID Connect reference".
 */
export class GithubOidcStack extends Stack {
  private readonly provider: iam.OidcProviderNative;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly repository: Repository;
      /** Environments of one account; the region of the first is the stack's. */
      readonly environments: readonly [EnvironmentConfig, ...EnvironmentConfig[]];
    },
  ) {
    const { repository, environments } = props;
    const [{ account, region }] = environments;
    super(scope, id, {
      env: { account, region },
      description: `Lets workflows of ${repository.owner}/${repository.name} deploy Sparkify into this account`,
    });
    this.provider = new iam.OidcProviderNative(this, 'GitHub', { url: `https://${ISSUER}`, clientIds: [AUDIENCE] });
    for (const environment of environments) this.addRoles(repository, environment);
  }

  private addRoles(repository: Repository, environment: EnvironmentConfig): void {
    const from = `repo:${repository.owner}/${repository.name}`;
    const own = `${from}:environment:${environment.name}`;
    this.addRole('deploy', environment, [own], ['deploy', 'file-publishing', 'lookup']);
    this.letReadStack(this.addRole('check', environment, [own, `${own}-plan`], []), environment);
    this.addRole('diff', environment, [`${from}:pull_request`], ['lookup']);
  }

  private addRole(
    job: GithubJob,
    environment: EnvironmentConfig,
    subjects: readonly string[],
    cdkRoles: readonly string[],
  ): ManagedRole {
    const { name, account, region } = environment;
    const role = new ManagedRole(this, `${name}-${job}`, {
      roleName: githubRoleName(job, name),
      description: `GitHub workflows: ${job} of Sparkify ${name}`,
      // Equal, never like: a pattern would let in what only looks alike.
      assumedBy: new iam.WebIdentityPrincipal(this.provider.oidcProviderArn, {
        StringEquals: {
          [`${ISSUER}:aud`]: AUDIENCE,
          [`${ISSUER}:sub`]: subjects.length === 1 ? subjects[0] : subjects,
        },
      }),
      maxSessionDuration: SESSION,
    });
    if (cdkRoles.length === 0) return role;
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: cdkRoles.map(
          (cdkRole) =>
            `arn:${this.partition}:iam::${account}:role/cdk-${QUALIFIER}-${cdkRole}-role-${account}-${region}`,
        ),
      }),
    );
    return role;
  }

  private letReadStack(role: ManagedRole, { name, account, region }: EnvironmentConfig): void {
    const stack = `arn:${this.partition}:cloudformation:${region}:${account}:stack/Sparkify-${name}/*`;
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
        resources: [stack],
      }),
    );
    acknowledgeWildcards(
      role,
      'The ARN of a stack ends with an id that CloudFormation gives it when it is made. The pattern is of the one stack of this name.',
      stack,
    );
  }
}

/** The stacks for all environments on AWS, one an account, called after their environments. */
export function addGithubStacks(scope: Construct, github: string, configs: readonly EnvironmentConfig[]): void {
  const repository = parseRepository(github);
  const accounts = new Map<string, [EnvironmentConfig, ...EnvironmentConfig[]]>();
  for (const config of configs.filter(({ name }) => name !== 'local')) {
    const known = accounts.get(config.account);
    if (known === undefined) accounts.set(config.account, [config]);
    else known.push(config);
  }
  for (const environments of accounts.values()) {
    const names = environments.map(({ name }) => name).join('-');
    new GithubOidcStack(scope, `Sparkify-github-${names}`, { repository, environments });
  }
}
