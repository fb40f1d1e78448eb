import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import { addGithubStacks } from '../../lib/github-oidc-stack';

interface Role {
  readonly RoleName: string;
  readonly MaxSessionDuration: number;
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly object[] };
}

function templates(configs: readonly EnvironmentConfig[], github = 'owner/repo.name'): readonly Template[] {
  const app = new App({ builtinCloudFormationValidation: false });
  addGithubStacks(app, github, configs);
  return app.node.children
    .filter((child) => child.node.id.startsWith('Sparkify-github'))
    .map((stack) => Template.fromStack(stack as never));
}

const roles = (template: Template): readonly Role[] =>
  Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties as Role);

/** What the one policy of a role lets it do. */
function permissions(template: Template, roleName: string): unknown {
  const [[logicalId] = []] = Object.entries(
    template.findResources('AWS::IAM::Role', { Properties: { RoleName: roleName } }),
  );
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === logicalId),
  );
  expect(policies).toHaveLength(1);
  return policies[0]?.Properties.PolicyDocument.Statement;
}

describe('the way in for GitHub', () => {
  const [prod] = templates(selectEnvironments({ env: 'prod' }));
  const template = prod as Template;

  it('lets a deploy in from the GitHub environment of the same name alone, and from no other audience', () => {
    const [role] = roles(template).filter(({ RoleName }) => RoleName === 'sparkify-github-deploy-prod');
    expect(role?.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: { Ref: expect.stringMatching(/^GitHub/) } },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:owner/repo.name:environment:prod',
          },
        },
      },
    ]);
  });

  it('lets a pull request read, and nothing else', () => {
    const [role] = roles(template).filter(({ RoleName }) => RoleName === 'sparkify-github-diff-prod');
    expect(JSON.stringify(role?.AssumeRolePolicyDocument)).toContain('"repo:owner/repo.name:pull_request"');
    expect(permissions(template, 'sparkify-github-diff-prod')).toEqual([cdkRoles('lookup')]);
  });

  it('lets a deploy take on roles of the CDK bootstrap of its own account and region, nothing else', () => {
    expect(permissions(template, 'sparkify-github-deploy-prod')).toEqual([
      cdkRoles('deploy', 'file-publishing', 'lookup'),
    ]);
  });

  it('lets checks and plans read, from the environment and from the one before its approval', () => {
    const [role] = roles(template).filter(({ RoleName }) => RoleName === 'sparkify-github-check-prod');
    expect(JSON.stringify(role?.AssumeRolePolicyDocument)).toContain(
      '"repo:owner/repo.name:environment:prod","repo:owner/repo.name:environment:prod-plan"]',
    );
    expect(permissions(template, 'sparkify-github-check-prod')).toEqual([
      {
        Effect: 'Allow',
        Action: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
        Resource: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':cloudformation:us-west-2:333333333333:stack/Sparkify-prod/*'],
          ],
        },
      },
    ]);
  });

  it('names no wildcard in whom it trusts, and one in what they may: the id behind the name of a stack', () => {
    const wild = JSON.stringify(template.toJSON().Resources).match(/"[^"]*\*[^"]*"/g);
    expect(wild).toEqual(['":cloudformation:us-west-2:333333333333:stack/Sparkify-prod/*"']);
  });

  it('makes one provider an account, with the roles of all its environments, and none for the local AWS', () => {
    const together = selectEnvironments({}).map((config) => ({ ...config, account: '111111111111' }));
    const [one, ...rest] = templates(together);
    expect(rest).toEqual([]);
    one?.resourceCountIs('AWS::IAM::OIDCProvider', 1);
    expect(
      roles(one as Template)
        .map(({ RoleName }) => RoleName)
        .sort(),
    ).toEqual(
      ['check', 'deploy', 'diff'].flatMap((job) =>
        ['dev', 'prod', 'staging'].map((name) => `sparkify-github-${job}-${name}`),
      ),
    );
    expect(templates(selectEnvironments({}))).toHaveLength(3);
  });

  it.each(['owner', 'owner/*', '*/repo', 'owner/repo/more', 'owner/repo:environment:prod'])(
    'refuses %s as a repository',
    (github) => {
      expect(() => templates(selectEnvironments({ env: 'dev' }), github)).toThrow(
        /github is .*; allowed: OWNER\/REPOSITORY/,
      );
    },
  );
});

function cdkRoles(...names: readonly string[]): object {
  const arns = names.map((name) => ({
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, `:iam::333333333333:role/cdk-hnb659fds-${name}-role-333333333333-us-west-2`],
    ],
  }));
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arns.length === 1 ? arns[0] : arns };
}
