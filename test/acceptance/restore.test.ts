import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import type { Selection } from '../../lib/config';
import { localAssembly } from '../support/local-world/assembly';
import { LocalWorld, SOURCE_BUCKET } from '../support/local-world/local-world';
import { starDump } from '../support/local-world/star-dump';

const SIZE = { seed: 6, songs: 5, events: 60, users: 6, days: 2 };

/** One story in order: a stack that is deployed, loses its warehouse, and gets it back. */
describe.each(['provisioned', 'serverless'] as const)(
  'a stack with a %s warehouse that goes without the opt-ins to data loss',
  (warehouse) => {
    const folder = mkdtempSync(join(tmpdir(), 'sparkify-restore-'));
    const source = join(folder, 'source');
    const snapshots = join(folder, 'home', 'redshift-snapshots');
    let world: LocalWorld;
    let before: Awaited<ReturnType<typeof starDump>>;

    beforeAll(async () => {
      mkdirSync(source);
      await generateBucket({ folder: source, ...SIZE });
      world = await LocalWorld.open({ home: join(folder, 'home'), source });
    });
    afterAll(async () => {
      await world?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const deploy = async (selection: Selection) => {
      // The second opt-in is not given.
      const assembly = localAssembly(SOURCE_BUCKET, 1, { allowDataLoss: undefined, warehouse, ...selection });
      await world.publish(assembly);
      return world.create(assembly.template);
    };

    it('leaves a final snapshot, its logs, its buckets and its key', async () => {
      expect(await deploy({})).toBe('CREATE_COMPLETE');
      before = await starDump(world);
      await world.beginDelete();
      expect(await world.stackSettled()).toBe('DELETE_COMPLETE');
      const skipped = (await world.stackEvents())
        .filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED')
        .map(({ ResourceType }) => ResourceType);
      expect(new Set(skipped)).toEqual(
        new Set(['AWS::KMS::Key', 'AWS::Lambda::Version', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket']),
      );
      expect(readdirSync(snapshots).filter((name) => name.endsWith('.duckdb'))).toHaveLength(1);
    });

    it('is there again with all its data, and loads nothing twice, when it is deployed from the snapshot', async () => {
      const [snapshot = ''] = readdirSync(snapshots).map((name) => name.replace(/\.\w+$/, ''));
      const config = join(folder, 'restore.yaml');
      writeFileSync(config, `warehouse:\n  restoreFrom:\n    snapshot: ${snapshot}\n`);
      world.forgetStack();
      expect(await deploy({ config })).toBe('CREATE_COMPLETE');
      expect(await starDump(world)).toEqual(before);
      const [last] = await world.rows('select status, files::int from etl.runs order by finished_at desc limit 1');
      expect(last).toEqual(['succeeded', 0]);
    });

    if (warehouse === 'serverless')
      it('is restored in place by the deploy in which the snapshot appears again, and loaded by the same deploy', async () => {
        const update = async (selection: Selection) => {
          const assembly = localAssembly(SOURCE_BUCKET, 1, { allowDataLoss: undefined, warehouse, ...selection });
          await world.publish(assembly);
          return world.update(assembly.template);
        };
        expect(await update({})).toBe('UPDATE_COMPLETE');
        const runs = async () => Number((await world.rows('select count(*)::int from etl.runs'))[0]?.[0]);
        const earlier = await runs();
        await world.rows('delete from songplays');
        expect(await update({ config: join(folder, 'restore.yaml') })).toBe('UPDATE_COMPLETE');
        expect(await starDump(world)).toEqual(before);
        // The run of the first deploy, which the snapshot has, and that of this one.
        expect([earlier, await runs()]).toEqual([3, 2]);
      });

    it('is not made from a snapshot that there is none of', async () => {
      await world.beginDelete();
      await world.stackSettled();
      const config = join(folder, 'nowhere.yaml');
      writeFileSync(config, 'warehouse:\n  restoreFrom:\n    snapshot: nowhere\n');
      world.forgetStack();
      expect(await deploy({ config })).toBe('ROLLBACK_COMPLETE');
      const reasons = (await world.stackEvents()).map(({ ResourceStatusReason = '' }) => ResourceStatusReason);
      expect(reasons.join('\n')).toContain('Snapshot not found: nowhere');
    });
  },
);
