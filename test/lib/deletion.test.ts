import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../../lib/config/environment';
import { mergeOverrides } from '../../lib/config/overrides';
import { synthesized, templateOf } from './synthesized';

/** What holds data, or what data cannot be read without. A queue's messages are events that the next night makes up for. */
const HOLDS_DATA = [
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3::Bucket',
];
/** With a final snapshot of its own: CloudFormation deletes the namespace, and Redshift keeps the data. */
const BY_ITSELF = 'AWS::RedshiftServerless::Namespace';
const SERVERLESS = { kind: 'serverless', baseRpus: 8, maxRpus: 16, usageLimits: [] } as const;

const configOf = (name: EnvironmentName, allowDataLoss?: string) =>
  selectEnvironments({ env: name, ...(allowDataLoss !== undefined && { allowDataLoss }) })[0] as EnvironmentConfig;

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const holding = (template: Template) =>
  Object.entries(template.toJSON().Resources as Readonly<Record<string, Resource>>).filter(([, { Type }]) =>
    HOLDS_DATA.includes(Type),
  );

/** Logical ids of what would lose data when the stack goes or when it is replaced. */
const losing = (template: Template) =>
  holding(template)
    .filter(([, { Type, DeletionPolicy, UpdateReplacePolicy, Properties }]) =>
      Type === BY_ITSELF
        ? Properties.FinalSnapshotName === undefined
        : [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy !== 'Retain' && policy !== 'Snapshot'),
    )
    .map(([, { Type }]) => Type)
    .sort();

describe('when a stack goes', () => {
  it.each(ENVIRONMENT_NAMES)('nothing that holds data goes with it in %s, of either kind of warehouse', (name) => {
    const config = { ...configOf(name), sources: { ...configOf(name).sources, origin: 'made' as const } };
    for (const warehouse of [config.warehouse, SERVERLESS]) {
      const template = templateOf({ ...config, warehouse });
      expect(new Set(holding(template).map(([, { Type }]) => Type)).size).toBe(4);
      expect(losing(template)).toEqual([]);
    }
  });

  it('the warehouse and the logs go where two opt-ins say so; buckets and key are kept even then', () => {
    expect(losing(templateOf(configOf('dev', 'dev')))).toEqual([
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogGroup',
      'AWS::Redshift::Cluster',
    ]);
    const serverless = templateOf({ ...configOf('dev', 'dev'), warehouse: SERVERLESS });
    expect(losing(serverless)).toEqual(['AWS::Logs::LogGroup', 'AWS::Logs::LogGroup', BY_ITSELF]);
  });

  it('one of the two opt-ins alone changes nothing in the template', () => {
    const retained = mergeOverrides(configOf('dev'), { onRemoval: 'retain' }) as EnvironmentConfig;
    expect(synthesized('dev').toJSON()).toEqual(templateOf(retained).toJSON());
  });
});

describe('a warehouse that begins from a snapshot', () => {
  const restored = (name: EnvironmentName, warehouse: object) =>
    templateOf(mergeOverrides(configOf(name), { warehouse }) as EnvironmentConfig);

  it('is a cluster of that snapshot, with all that another cluster has', () => {
    const template = restored('prod', { restoreFrom: { snapshot: 'sparkify-prod-final', account: '999999999999' } });
    template.hasResource('AWS::Redshift::Cluster', {
      DeletionPolicy: 'Snapshot',
      Properties: {
        SnapshotIdentifier: 'sparkify-prod-final',
        OwnerAccount: '999999999999',
        Encrypted: true,
        ManageMasterPassword: true,
      },
    });
    synthesized('prod').hasResourceProperties('AWS::Redshift::Cluster', { SnapshotIdentifier: Match.absent() });
  });

  it('is a workgroup that restores by name, or by ARN', () => {
    restored('prod', { ...SERVERLESS, restoreFrom: { snapshot: 'sparkify-prod-final-1' } }).hasResourceProperties(
      'AWS::RedshiftServerless::Workgroup',
      { SnapshotName: 'sparkify-prod-final-1', SnapshotArn: Match.absent() },
    );
    restored('prod', { ...SERVERLESS, restoreFrom: { snapshot: 'sparkify-prod-final-1' } }).hasResourceProperties(
      'Custom::WarehouseLoad',
      { Warehouse: { 'Fn::Join': [' from ', [Match.anyValue(), 'sparkify-prod-final-1']] } },
    );
    const snapshot = 'arn:aws:redshift:us-west-2:333333333333:snapshot:sparkify/final';
    restored('prod', { ...SERVERLESS, restoreFrom: { snapshot, account: '333333333333' } }).hasResourceProperties(
      'AWS::RedshiftServerless::Workgroup',
      { SnapshotArn: snapshot, SnapshotName: Match.absent(), SnapshotOwnerAccount: '333333333333' },
    );
  });
});
