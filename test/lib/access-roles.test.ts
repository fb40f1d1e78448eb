import type { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import { LOCAL_WAREHOUSES } from '../../lib/config/local';
import { type PolicyStatement, synthesized, templateOf } from './synthesized';

const [dev] = selectEnvironments({ env: 'dev' }) as [EnvironmentConfig];
const templates = {
  provisioned: templateOf(dev),
  serverless: templateOf({ ...dev, warehouse: { ...LOCAL_WAREHOUSES.serverless, usageLimits: [] } }),
};

function idOf(template: Template, role: 'Analyst' | 'Operator' | 'EtlRole'): string {
  const id = Object.keys(template.findResources('AWS::IAM::Role')).find((each) => each.includes(role));
  if (id === undefined) throw new Error(`there is no role ${role}`);
  return id;
}

function statementsOf(template: Template, role: 'Analyst' | 'Operator' | 'EtlRole'): readonly PolicyStatement[] {
  const id = idOf(template, role);
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(`"${id}"`))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as PolicyStatement[]);
}

const actionsOf = (statements: readonly PolicyStatement[]) =>
  statements.flatMap(({ Action }) => Action).toSorted((one, other) => one.localeCompare(other));
const resourcesOf = (statements: readonly PolicyStatement[], action: string) =>
  JSON.stringify(statements.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource));
const variables = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment?.Variables ?? {})
    .find((each) => 'LOADER_USER' in each) as Record<string, unknown>;
const trustOf = (template: Template, role: 'Analyst' | 'Operator') =>
  template.findResources('AWS::IAM::Role')[idOf(template, role)]?.Properties.AssumeRolePolicyDocument.Statement;

const DATA_API = [
  'redshift-data:BatchExecuteStatement',
  'redshift-data:CancelStatement',
  'redshift-data:DescribeStatement',
  'redshift-data:ExecuteStatement',
  'redshift-data:GetStatementResult',
  'redshift-data:ListStatements',
];

describe('an analyst', () => {
  it('may query through the Data API, as its own database user, and nothing else', () => {
    const { provisioned, serverless } = templates;
    expect(actionsOf(statementsOf(provisioned, 'Analyst'))).toEqual([...DATA_API, 'redshift:GetClusterCredentials']);
    expect(resourcesOf(statementsOf(provisioned, 'Analyst'), 'redshift:GetClusterCredentials')).toMatch(
      /:dbuser:.*\/analyst"/,
    );
    expect(actionsOf(statementsOf(serverless, 'Analyst'))).toEqual([...DATA_API, 'redshift-serverless:GetCredentials']);
  });

  it.each(['Analyst', 'Operator'] as const)('sees and cancels own statements only, as does an operator: %s', (role) => {
    const owned = statementsOf(templates.provisioned, role).filter(({ Action }) =>
      [Action].flat().includes('redshift-data:CancelStatement'),
    );
    expect(owned.map(({ Condition }) => Condition)).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
      { StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } },
    ]);
  });
});

describe('an operator', () => {
  const statements = statementsOf(templates.provisioned, 'Operator');

  it('starts, watches and stops loads, through the alias and of this function only', () => {
    const [alias] = Object.keys(templates.provisioned.findResources('AWS::Lambda::Alias'));
    expect(resourcesOf(statements, 'lambda:InvokeFunction')).toBe(JSON.stringify([{ Ref: alias }]));
    for (const action of ['ListDurableExecutionsByFunction', 'GetDurableExecution', 'StopDurableExecution'])
      expect(resourcesOf(statements, `lambda:${action}`)).toContain('EtlFunction');
  });

  it('reads logs, metrics, alarms, dead letters and what runs leave in the work bucket', () => {
    expect(actionsOf(statements)).toEqual(
      expect.arrayContaining([
        'logs:FilterLogEvents',
        'cloudwatch:DescribeAlarms',
        'sqs:ReceiveMessage',
        'kms:Decrypt',
      ]),
    );
    expect(resourcesOf(statements, 's3:GetObject')).toMatch(/WorkBucket.*\/runs\/\*/);
  });

  it('is no admin: neither its password nor credentials of another user, nothing that changes what is deployed', () => {
    for (const template of Object.values(templates)) {
      const actions = actionsOf(statementsOf(template, 'Operator'));
      expect(actions.filter((action) => /secretsmanager|:(Create|Update|Put|Modify)/.test(action))).toEqual([]);
    }
    expect(resourcesOf(statements, 'redshift:GetClusterCredentials')).not.toContain('sparkify_admin');
  });
});

describe('the function', () => {
  it('works on a cluster as the admin and as the loader, by temporary credentials of these two', () => {
    const template = templates.provisioned;
    const allowed = resourcesOf(statementsOf(template, 'EtlRole'), 'redshift:GetClusterCredentials');
    expect(allowed).toMatch(/\/sparkify_admin".*\/loader"/);
    expect(allowed).not.toMatch(/\/(analyst|operator)"/);
    expect(variables(template)).toMatchObject({
      ...{ DATABASE_USER: 'sparkify_admin', LOADER_USER: 'loader', MULTI_AZ: 'false' },
      ...{ ANALYST_USER: 'analyst', OPERATOR_USER: 'operator' },
    });
  });

  it('is told on serverless the users that Redshift makes of the roles', () => {
    const template = templates.serverless;
    const user = (role: 'Analyst' | 'Operator' | 'EtlRole') => ({
      'Fn::Join': ['', ['IAMR:', { Ref: idOf(template, role) }]],
    });
    expect(variables(template)).toMatchObject({
      LOADER_USER: user('EtlRole'),
      ANALYST_USER: user('Analyst'),
      OPERATOR_USER: user('Operator'),
    });
  });

  it('is sent an Update when a database user becomes another one', () => {
    for (const template of Object.values(templates)) {
      const [load] = Object.values(template.findResources('Custom::WarehouseLoad'));
      const { LOADER_USER, ANALYST_USER, OPERATOR_USER } = variables(template);
      expect(load?.Properties.Users).toEqual([LOADER_USER, ANALYST_USER, OPERATOR_USER]);
    }
  });
});

describe('who takes on the roles of people', () => {
  it('is whoever the configuration names, each role its own', () => {
    const analyst = 'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/Analysts';
    const operators = ['arn:aws:iam::123456789012:role/OnCall', 'arn:aws:iam::123456789012:user/ann'];
    const template = templateOf({ ...dev, access: { analysts: [analyst], operators } });
    const trust = (AWS: string) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } });
    expect(trustOf(template, 'Analyst')).toEqual([trust(analyst)]);
    expect(trustOf(template, 'Operator')).toEqual(operators.map(trust));
  });

  it.each(['Analyst', 'Operator'] as const)(
    'is the account, in a session with MFA, where nobody is named: %s',
    (role) => {
      expect(trustOf(templates.provisioned, role)).toEqual([
        expect.objectContaining({
          Action: 'sts:AssumeRole',
          Principal: { AWS: expect.objectContaining({ 'Fn::Join': expect.anything() }) },
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        }),
      ]);
    },
  );

  it('is on one machine whoever has the local keys', () => {
    const root = { AWS: 'arn:aws:iam::000000000000:root' };
    for (const role of ['Analyst', 'Operator'] as const)
      expect(trustOf(synthesized('local'), role)).toEqual([
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: root },
      ]);
  });
});
