import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterSpec } from '../../../local/redshift/cluster-control';
import { createClusterControl } from '../../../local/redshift/clusters';
import { openWarehouse } from '../../../local/redshift/open-warehouse';
import { randomIds, systemClock } from '../../../local/system-clock';
import { FolderStore } from './copy/harness';

const SPEC: ClusterSpec = {
  clusterIdentifier: 'one',
  database: 'sparkify',
  masterUsername: 'admin',
  port: 5439,
  nodeType: 'ra3.xlplus',
  numberOfNodes: 1,
  clusterViews: true,
  roleArns: [],
  manageMasterPassword: true,
};

describe('The clusters of one home', () => {
  let root: string;
  const files = new FolderStore();
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'clusters-test-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  afterAll(() => files.close());

  const control = () =>
    createClusterControl({
      home: { redshift: join(root, 'redshift'), snapshots: join(root, 'snapshots') },
      clock: systemClock,
      ids: randomIds,
      objects: files.store(),
      openWarehouse,
    });
  const execute = async (clusters: ReturnType<typeof control>, sql: string) => {
    const session = await (await clusters.warehouse('one')).connect({ database: 'sparkify', user: 'admin' });
    try {
      const result = await session.execute(sql);
      const rows = [];
      for await (const chunk of result.rows) {
        rows.push(...chunk);
      }
      return rows;
    } finally {
      await session.close();
    }
  };

  it('keep their properties and data over a restart', async () => {
    const first = control();
    const made = await first.create(SPEC);
    expect(made).toMatchObject({
      status: 'available',
      arn: 'arn:aws:redshift:us-west-2:000000000000:cluster:one',
      masterPasswordSecretArn: expect.stringMatching(
        /^arn:aws:secretsmanager:us-west-2:000000000000:secret:redshift!one-admin-/,
      ),
    });
    await execute(first, 'create table t as select 7 as n');
    await first.close();
    const second = control();
    expect(second.list()).toEqual([made]);
    expect(await execute(second, 'select n from t')).toEqual([[7]]);
    await second.close();
  });

  it('refuse a second cluster of a name, a bad name, and work on none', async () => {
    const clusters = control();
    await clusters.create(SPEC);
    await expect(clusters.create(SPEC)).rejects.toMatchObject({ code: 'ClusterAlreadyExists' });
    await expect(clusters.create({ ...SPEC, clusterIdentifier: 'Two--' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
    await expect(clusters.modify({ ...SPEC, clusterIdentifier: 'two' })).rejects.toMatchObject({
      code: 'ClusterNotFound',
    });
    await expect(clusters.warehouse('two')).rejects.toMatchObject({ code: 'ClusterNotFound' });
    await clusters.delete('two', { snapshot: true });
  });

  it('change roles in place, but never the database or the master user', async () => {
    const clusters = control();
    await clusters.create(SPEC);
    expect((await clusters.modify({ ...SPEC, roleArns: ['arn:x'] })).roleArns).toEqual(['arn:x']);
    await expect(clusters.modify({ ...SPEC, database: 'other' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  it('leave a snapshot behind when one is asked for, and nothing else', async () => {
    const clusters = control();
    await clusters.create(SPEC);
    await execute(clusters, 'create table t as select 7 as n');
    await clusters.delete('one', { snapshot: true });
    expect(clusters.describe('one')).toBeUndefined();
    expect(readdirSync(join(root, 'snapshots')).map((name) => name.replace(/^one-.*[.]/, ''))).toEqual([
      'duckdb',
      'json',
    ]);
    expect(existsSync(join(root, 'redshift', 'one.duckdb'))).toBe(false);
    await clusters.create(SPEC);
    await expect(execute(clusters, 'select n from t')).rejects.toMatchObject({ sqlState: '42P01' });
    await clusters.close();
  });

  it('begin from a snapshot with its data, database and admin user, as often as one likes', async () => {
    const clusters = control();
    await clusters.create(SPEC);
    await execute(clusters, 'create table t as select 7 as n');
    await clusters.delete('one', { snapshot: true });
    const [snapshotIdentifier = ''] = readdirSync(join(root, 'snapshots')).map((name) => name.replace(/[.]\w+$/, ''));
    for (let time = 0; time < 2; time += 1) {
      const made = await clusters.create({ ...SPEC, database: 'other', masterUsername: 'nobody', snapshotIdentifier });
      expect(made).toMatchObject({ database: 'sparkify', masterUsername: 'admin' });
      expect(await execute(clusters, 'select n from t')).toEqual([[7]]);
      await clusters.delete('one', { snapshot: false });
    }
    await clusters.close();
  });

  it('take back what a snapshot has, and lose nothing by one that there is none of', async () => {
    const clusters = control();
    await clusters.create(SPEC);
    await execute(clusters, 'create table t as select 7 as n');
    await clusters.delete('one', { snapshot: 'seven' });
    await clusters.create({ ...SPEC, clusterViews: false });
    await execute(clusters, 'create table u as select 8 as n');
    await expect(clusters.restore('one', 'eight')).rejects.toMatchObject({ code: 'ClusterSnapshotNotFound' });
    expect(await execute(clusters, 'select n from u')).toEqual([[8]]);
    expect(await clusters.restore('one', 'seven')).toMatchObject({ database: 'sparkify', clusterViews: false });
    expect(await execute(clusters, 'select n from t')).toEqual([[7]]);
    await expect(execute(clusters, 'select n from u')).rejects.toMatchObject({ sqlState: '42P01' });
    await expect(clusters.delete('one', { snapshot: 'seven' })).rejects.toMatchObject({
      code: 'ClusterSnapshotAlreadyExists',
    });
    expect(await execute(clusters, 'select n from t')).toEqual([[7]]);
    await clusters.close();
  });

  it('do not begin from a snapshot that there is none of, nor from a file elsewhere', async () => {
    const clusters = control();
    for (const snapshotIdentifier of ['nothing', '../redshift/one'])
      await expect(clusters.create({ ...SPEC, snapshotIdentifier })).rejects.toMatchObject({
        code: 'ClusterSnapshotNotFound',
      });
    expect(clusters.list()).toEqual([]);
  });
});
