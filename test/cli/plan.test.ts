import { createHash } from 'node:crypto';
import type { Template } from '../../cli/assembly';
import { refusePlan } from '../../cli/commands/plan';
import { PlanRefusedError } from '../../cli/errors';
import { describePlan } from '../../cli/plan/describe';
import { planHash } from '../../cli/plan/hash';
import { infrastructureChanges, outputChanges } from '../../cli/plan/infrastructure';
import { migrationPlan } from '../../cli/plan/migrations';
import type { Plan } from '../../cli/plan/plan';

const bucket = (more: object = {}) => ({ Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', ...more });
const cluster = (properties: object, more: object = {}) => ({
  Type: 'AWS::Redshift::Cluster',
  DeletionPolicy: 'Snapshot',
  UpdateReplacePolicy: 'Snapshot',
  Properties: { ClusterType: 'single-node', DBName: 'sparkify', NodeType: 'ra3.large', ...properties },
  ...more,
});
const workgroup = (properties: object = {}) => ({
  Type: 'AWS::RedshiftServerless::Workgroup',
  Properties: { WorkgroupName: 'sparkify-prod', NamespaceName: 'sparkify-prod', BaseCapacity: 8, ...properties },
});
const template = (resources: object): Template => ({ Resources: resources as Template['Resources'] });
const changes = (before: object, after: object) => infrastructureChanges(template(before), template(after));

describe('what a deploy does to resources', () => {
  it('is an addition, a change with its properties, a removal, or nothing', () => {
    const queue = (seconds: number) => ({ Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: seconds } });
    expect(
      changes({ Same: queue(1), Old: queue(1), Gone: queue(1) }, { Same: queue(1), Old: queue(2), New: queue(3) }),
    ).toEqual([
      { logicalId: 'Gone', type: 'AWS::SQS::Queue', effect: 'remove', properties: [] },
      { logicalId: 'New', type: 'AWS::SQS::Queue', effect: 'add', properties: [] },
      { logicalId: 'Old', type: 'AWS::SQS::Queue', effect: 'change', properties: ['VisibilityTimeout'] },
    ]);
  });

  it.each([
    [
      'a cluster of another database',
      { C: cluster({}) },
      { C: cluster({ DBName: 'other' }) },
      'replaced by an empty one',
    ],
    [
      'a cluster that is taken out and not kept',
      { C: cluster({}, { DeletionPolicy: 'Delete' }) },
      {},
      'removed with what it holds',
    ],
    [
      'a bucket that is kept no longer',
      { B: bucket() },
      { B: bucket({ DeletionPolicy: 'Delete' }) },
      'its DeletionPolicy changes from Retain to Delete',
    ],
    [
      'a cluster without a final snapshot from now on',
      { C: cluster({}) },
      { C: cluster({}, { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: undefined }) },
      'its UpdateReplacePolicy changes from Snapshot to Delete',
    ],
    [
      'a namespace that a snapshot is put into',
      { W: workgroup({ SnapshotName: 'one' }) },
      { W: workgroup({ SnapshotName: 'two' }) },
      'what SnapshotName "two" has, and loses what it has now',
    ],
  ])('loses data: %s', (_what, before, after, why) => {
    const [change] = changes(before, after);
    expect(change?.destroys).toContain(why);
  });

  it.each([
    ['a cluster that is resized', { C: cluster({}) }, { C: cluster({ NodeType: 'ra3.4xlarge' }) }],
    ['a bucket that is taken out and kept', { B: bucket() }, {}],
    ['a workgroup that is new', {}, { W: workgroup({ SnapshotName: 'one' }) }],
    ['a workgroup that no longer names its snapshot', { W: workgroup({ SnapshotName: 'one' }) }, { W: workgroup() }],
    [
      'a workgroup that grows',
      { W: workgroup({ SnapshotName: 'one' }) },
      { W: workgroup({ SnapshotName: 'one', BaseCapacity: 16 }) },
    ],
    ['a bucket that is new', {}, { B: bucket({ DeletionPolicy: 'Delete' }) }],
    [
      'a queue that is replaced',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'a' } } },
      { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'b' } } },
    ],
  ])('loses none: %s', (_what, before, after) => {
    const found = changes(before, after);
    expect(found).toHaveLength(1);
    expect(found[0]?.destroys).toBeUndefined();
  });
});

describe('the migrations of a plan', () => {
  const file = (name: string, text = 'create table t (a int)\n') => ({ name, text });
  const row = (version: number, text = 'create table t (a int)\n') => ({
    version,
    name: 'x',
    checksum: createHash('sha256').update(text).digest('hex'),
  });

  it('are those that the warehouse lacks, the ones that lose data marked', () => {
    const files = [
      file('0001_a.sql'),
      file('0002_b.sql'),
      file('0003_c.sql', '-- Away with it.\ndrop table public.b\n'),
      file('0004_d.sql', 'alter table public.users\n    drop column level\n'),
    ];
    expect(migrationPlan(files, [row(1)])).toEqual({
      refused: [],
      pending: [
        { file: 'migrations/0002_b.sql' },
        { file: 'migrations/0003_c.sql', destroys: 'it drops: drop table public.b' },
        { file: 'migrations/0004_d.sql', destroys: 'it drops a column: alter table public.users drop column level' },
      ],
    });
  });

  it('say what the function would refuse: an edited one, a gap', () => {
    const { refused } = migrationPlan([file('0001_a.sql', 'select 2\n'), file('0003_c.sql')], [row(1)]);
    expect(refused).toEqual([
      expect.stringContaining('migrations/0001_a.sql was edited after it was applied'),
      expect.stringContaining('migrations/0003_c.sql: number 0002 is missing'),
    ]);
  });
});

describe('the hash of a plan', () => {
  const wanted = template({ A: { Type: 'AWS::SQS::Queue' } });
  const deployed = template({});
  const applied = [{ version: 1, name: 'a', checksum: 'c' }];
  const hash = planHash(wanted, deployed, applied);

  it('changes its first half with what would be deployed, and only that', () => {
    const other = planHash(template({ B: { Type: 'AWS::SQS::Queue' } }), deployed, applied);
    expect(other.split('-')[0]).not.toBe(hash.split('-')[0]);
    expect(other.split('-')[1]).toBe(hash.split('-')[1]);
  });

  it.each([
    ['the deployed template', wanted, applied],
    ['a first deploy', undefined, applied],
    ['the applied migrations', deployed, []],
  ])('changes its second half with what it is deployed over: %s', (_what, over, rows) => {
    const other = planHash(wanted, over, rows);
    expect(other.split('-')[0]).toBe(hash.split('-')[0]);
    expect(other.split('-')[1]).not.toBe(hash.split('-')[1]);
  });
});

describe('a plan', () => {
  const plan: Plan = {
    environment: 'prod',
    stackName: 'Sparkify-prod',
    hash: 'a-b',
    first: false,
    infrastructure: [],
    outputs: [],
    migrations: [],
    refused: [],
    destructive: [],
  };

  it('is refused when it loses data, unless that is allowed', () => {
    const bad = { ...plan, destructive: ['AWS::S3::Bucket B: it is removed with what it holds'] };
    expect(() => refusePlan(bad, {})).toThrow(PlanRefusedError);
    expect(() => refusePlan(bad, {})).toThrow(
      'B: it is removed with what it holds. If that is meant: --allow-destructive',
    );
    expect(() => refusePlan(bad, { allowDestructive: true })).not.toThrow();
  });

  it('is refused when the function would refuse it, whatever is allowed, and when another was expected', () => {
    expect(() => refusePlan({ ...plan, refused: ['edited'] }, { allowDestructive: true })).toThrow('edited');
    expect(() => refusePlan(plan, { expect: 'c-d' })).toThrow('The plan for prod is a-b, not c-d');
    expect(() => refusePlan(plan, { expect: 'a-b' })).not.toThrow();
  });

  it('is empty only where no output changes either', () => {
    const before = { Outputs: { Kept: { Value: 'a' }, Other: { Value: 'a' }, Gone: { Value: 'a' } } };
    const after = { Outputs: { Kept: { Value: 'a' }, Other: { Value: 'b' }, New: { Value: 'a' } } };
    const outputs = outputChanges(before, after);
    expect(outputs).toEqual(['Gone', 'New', 'Other']);
    expect(outputChanges(before, before)).toEqual([]);
    expect(describePlan(plan)).toContain('Nothing would change.');
    expect(describePlan({ ...plan, outputs })).toContain('Outputs that change: Gone, New, Other');
    expect(describePlan({ ...plan, outputs })).not.toContain('Nothing would change.');
  });

  it('tells people what it costs and what it loses', () => {
    const text = describePlan({
      ...plan,
      migrations: [{ file: 'migrations/0002_b.sql' }],
      load: { mode: 'refresh', why: ['the SQL of the load has changed'], files: 15_030, bytes: 7_400_000 },
      destructive: ['AWS::S3::Bucket B: it is removed'],
    });
    expect(text).toContain('1 migration is pending: migrations/0002_b.sql');
    expect(text).toContain('A full refresh of the star (the SQL of the load has changed): 15,030 files, 7.4 MB');
    expect(text).toContain('destructive: AWS::S3::Bucket B: it is removed');
  });
});
