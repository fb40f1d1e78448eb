import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import { ENVIRONMENT_NAMES } from '../../lib/config/environment';
import { mergeOverrides } from '../../lib/config/overrides';
import { synthesized, templateOf } from './synthesized';

const RUNBOOK = readFileSync(join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const [dev] = selectEnvironments({ env: 'dev' }) as [EnvironmentConfig];
const changed = (change: object) => templateOf(mergeOverrides(dev, change) as EnvironmentConfig);
const serverless = () =>
  templateOf({ ...dev, warehouse: { kind: 'serverless', baseRpus: 8, maxRpus: 16, usageLimits: [] } });

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
}

const alarmsOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as AlarmProperties,
  );
const anchorOf = ({ AlarmDescription }: AlarmProperties) => AlarmDescription.split('#')[1];

/** As GitHub makes anchors of headings. */
const anchors = [...RUNBOOK.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
);

describe('alarms', () => {
  const ofLoad = ['load-failed', 'load-late', 'dead-letters', 'rows-rejected', 'check-warned'];

  it.each(ENVIRONMENT_NAMES)('watch the load and the cluster in %s', (name) => {
    expect(alarmsOf(synthesized(name)).map(anchorOf).sort()).toEqual(
      [...ofLoad, 'cluster-unhealthy', 'disk-full'].sort(),
    );
  });

  it('watch what a serverless workgroup takes in place of the cluster it is not', () => {
    expect(alarmsOf(serverless()).map(anchorOf).sort()).toEqual([...ofLoad, 'compute-high'].sort());
  });

  it('link to a section of the runbook each, and each of its sections of alarms has one', () => {
    const linked = [...alarmsOf(synthesized('prod')), ...alarmsOf(serverless())].map(anchorOf);
    expect(anchors).toEqual(expect.arrayContaining(linked));
    const [, section = ''] = /^## Alarms$([\s\S]*?)^## /m.exec(RUNBOOK) ?? [];
    const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-'),
    );
    expect(new Set(headings)).toEqual(new Set([...linked, 'budget']));
  });

  it('say what they mean and where the runbook is, and tell the topic when they begin and when they end', () => {
    const topic = { Ref: Object.keys(synthesized('dev').findResources('AWS::SNS::Topic'))[0] };
    for (const { AlarmDescription, AlarmActions, OKActions } of alarmsOf(synthesized('dev'))) {
      expect(AlarmDescription).toMatch(
        /^Sparkify dev: .+\. What to do: https:\/\/example\.com\/\S+\/runbook\.md#[a-z-]+$/,
      );
      expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
    }
  });

  it.each([1, 26, 168])(
    'look back no further than CloudWatch does, a load being late after %i hours',
    (lateAfterHours) => {
      for (const { Period, EvaluationPeriods } of alarmsOf(changed({ alarms: { lateAfterHours } })))
        expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period >= 3600 ? 7 * 86_400 : 86_400);
      changed({ alarms: { lateAfterHours } }).hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'RunsSucceeded',
        Period: 3600,
        EvaluationPeriods: lateAfterHours,
        TreatMissingData: 'breaching',
      });
    },
  );

  it('begin where the configuration says', () => {
    const template = changed({ alarms: { rejectsAbove: 7, diskPercent: 65 } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'RowsRejected', Threshold: 7 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'PercentageDiskSpaceUsed', Threshold: 65 });
  });
});

describe('the topic of the alarms', () => {
  it('is encrypted with the key, TLS only, and published to by CloudWatch and Budgets of the account alone', () => {
    const template = synthesized('dev');
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    });
    const [policy] = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    const statements = policy?.Properties.PolicyDocument.Statement as readonly Statement[];
    expect(statements.filter(({ Effect }) => Effect === 'Deny').map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
    ]);
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Principal }) => Principal.Service)).toEqual([
      'cloudwatch.amazonaws.com',
      'budgets.amazonaws.com',
    ]);
    for (const { Condition } of allowed)
      expect(Condition).toMatchObject({ StringEquals: { 'aws:SourceAccount': dev.account } });
  });

  it('may be encrypted for by those two, as the logs by CloudWatch Logs for groups of this stack', () => {
    const [key] = Object.values(synthesized('dev').findResources('AWS::KMS::Key'));
    const statements = key?.Properties.KeyPolicy.Statement as readonly Statement[];
    const conditions = Object.fromEntries(statements.map(({ Principal, Condition }) => [Principal.Service, Condition]));
    expect(conditions).toMatchObject({
      'logs.us-west-2.amazonaws.com': {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-west-2:111111111111:log-group:Sparkify-dev-*'],
            ],
          },
        },
      },
      'cloudwatch.amazonaws.com': { StringEquals: { 'aws:SourceAccount': dev.account } },
      'budgets.amazonaws.com': { StringEquals: { 'aws:SourceAccount': dev.account } },
    });
  });

  it('mails to whom the configuration names', () => {
    synthesized('dev').resourceCountIs('AWS::SNS::Subscription', 0);
    const template = changed({ alarms: { emails: ['data@example.com', 'night@example.com'] } });
    const mails = Object.values(template.findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties);
    expect(mails.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
      ['email', 'data@example.com'],
      ['email', 'night@example.com'],
    ]);
  });
});

describe('the budget', () => {
  it.each(ENVIRONMENT_NAMES)('of %s is of what carries its tag, and tells at 80 % and by forecast', (name) => {
    const [config] = selectEnvironments({ env: name });
    const template = synthesized(name);
    const topic = { Ref: Object.keys(template.findResources('AWS::SNS::Topic'))[0] };
    const told = (NotificationType: string, Threshold: number) => ({
      Notification: { NotificationType, Threshold, ThresholdType: 'PERCENTAGE', ComparisonOperator: 'GREATER_THAN' },
      Subscribers: [{ SubscriptionType: 'SNS', Address: topic }],
    });
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetLimit: { Amount: config?.budgetUsd, Unit: 'USD' },
        TimeUnit: 'MONTHLY',
        CostFilters: { TagKeyValue: [`user:sparkify:environment$${name}`] },
      },
      NotificationsWithSubscribers: [told('ACTUAL', 80), told('FORECASTED', 100)],
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      Tags: Match.arrayWith([{ Key: 'sparkify:environment', Value: name }]),
    });
  });
});

describe('logs and traces', () => {
  it.each([
    ['dev', () => synthesized('dev'), 365],
    ['prod', () => synthesized('prod'), 365],
    ['a serverless warehouse', serverless, 365],
  ])('are encrypted and forgotten in time, and every function is traced, in %s', (_, template, days) => {
    const groups = Object.values(template().findResources('AWS::Logs::LogGroup'));
    expect(groups.length).toBeGreaterThanOrEqual(2);
    for (const { Properties } of groups)
      expect(Properties).toMatchObject({
        RetentionInDays: days,
        KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
      });
    for (const { Properties } of Object.values(template().findResources('AWS::Lambda::Function')))
      expect(Properties).toMatchObject({
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: expect.anything() },
      });
  });

  it('are kept of the own VPC, and left to its owner in one that is given', () => {
    synthesized('dev').hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL' });
    const subnetIds = ['subnet-11111111', 'subnet-22222222', 'subnet-33333333'];
    templateOf({ ...dev, network: { kind: 'existing', vpcId: 'vpc-12345678', subnetIds } }).resourceCountIs(
      'AWS::EC2::FlowLog',
      0,
    );
  });
});

interface Statement {
  readonly Effect: string;
  readonly Principal: { readonly Service?: string };
  readonly Condition?: object;
}
