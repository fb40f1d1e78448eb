import { createHash } from 'node:crypto';
import { recordStatement } from '../../lambda/migrations';
import { parseSqlFile } from '../../statements/sql-file';
import type { Migration } from '../../statements/tree';
import { StarUnderTest } from './star-under-test';

let star: StarUnderTest;
beforeEach(async () => {
  star = await StarUnderTest.open();
});
afterEach(() => star.close());

function migration(text: string): Migration {
  const sql = parseSqlFile('migrations/0001_longer.sql', text);
  return { version: 1, name: 'longer', checksum: createHash('sha256').update(text).digest('hex'), sql };
}

describe('a migration', () => {
  it.each([
    ['alter table public.users alter column first_name type varchar(512)', /cannot run inside a multiple commands/],
    ['alter table etl.rejects append from etl.old_rejects', /cannot run inside a transaction block/],
    ['vacuum public.users', /cannot run inside a transaction block/],
  ])('that stands alone is refused in a transaction, and by itself does no harm twice: %s', async (sql, refusal) => {
    await star.rows('create table etl.old_rejects (like etl.rejects including defaults)');
    await expect(star.transaction([sql])).rejects.toThrow(refusal);
    await star.rows(sql);
    await star.rows(sql);
  });

  it('that stands alone gets one row, whoever writes it', async () => {
    const own = migration('vacuum');
    await star.transaction([recordStatement(own, 'deploy-1')]);
    await star.transaction([recordStatement(own, 'deploy-2')]);
    expect(await star.rows('select version, name, checksum, run_id from etl.migrations')).toEqual([
      [1, 'longer', own.checksum, 'deploy-1'],
    ]);
  });

  it('is stopped where another run has migrated meanwhile', async () => {
    const fence = (applied: number) => star.runFolder('migrate', { applied_migrations: applied });
    await fence(0);
    await star.transaction([recordStatement(migration('vacuum'), 'deploy-1')]);
    await expect(fence(0)).rejects.toThrow(/division by zero|divide by zero/i);
    await fence(1);
  });
});
