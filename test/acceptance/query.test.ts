import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { Checkout, type CommandEnd, type RunningCommand } from '../support/checkout';

const SIZE = { seed: 6, songs: 20, events: 300, users: 8, days: 2 };
/** Long enough never to end by itself while the test waits. */
const ENDLESS = `select count(*) from staging_events a, staging_events b, staging_events c, staging_events d,
staging_events e where a.ts + b.ts + c.ts + d.ts + e.ts < 0`;

/** One story on one local AWS that is up, through the real command. */
describe('sparkify query', () => {
  const checkout = new Checkout();
  let serving: RunningCommand;
  const query = (...args: readonly string[]): Promise<CommandEnd> => checkout.sparkify('query', ...args);

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, ...SIZE });
    serving = checkout.begin('start', '--source', checkout.bucket, '--serve');
    await serving.said(/Serving on http/);
  });
  afterAll(async () => {
    await serving?.interrupt();
    checkout.remove();
  });

  it('runs what is piped into it, statement by statement, in one session', async () => {
    const sql = 'create temp table t as select 7 as lucky;\nselect lucky from t; -- done\n';
    for (const args of [[], ['-']]) {
      const end = await checkout.piped(sql, 'query', ...args, '--format', 'csv');
      expect(end).toMatchObject({ exitCode: 0, stdout: 'lucky\n7\n' });
    }
  });

  it('stops at the first statement of a file that fails: file, line, and what stays', async () => {
    const file = join(checkout.folder, 'daily.sql');
    writeFileSync(file, "create table marks (n int);\n\n-- misspelt\nselect levl\nfrom users;\nselect ';', 3\n");
    const end = await query('--file', file, '--format', 'json');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain(`${file}:4: select levl\n`);
    expect(end.stderr).toContain('Did you mean level?');
    expect(end.stderr).toMatch(
      /Statement 2 of 3, line 4 of .*, is rolled back; what the one before it did stays; the one/,
    );
    expect(end.stdout).toBe('');
    expect((await query('select count(*) from marks; drop table marks', '--format', 'csv')).stdout).toBe('count\n0\n');
  });

  it('writes rows of many pages to a file, whole or not at all, and not over another', async () => {
    const file = join(checkout.folder, 'pairs.json');
    const sql = 'select a.ts, b.ts as other from staging_events a, staging_events b order by 1, 2';
    const end = await query(sql, '--output', file);
    expect({ exitCode: end.exitCode, stdout: end.stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(SIZE.events ** 2);
    expect(end.stderr).toContain(`90,000 rows`);
    const again = await query('select 1', '--output', file);
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('--force')]);
    const failing = await query('select nope from users', '--output', file, '--force');
    expect(failing.exitCode).toBe(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(SIZE.events ** 2);
  });

  it('cancels the statement on Ctrl-C, ends with 130 and says what was left as it was', async () => {
    const file = join(checkout.folder, 'never.csv');
    const running = checkout.begin(
      'query',
      `create table stays (n int); begin; insert into stays values (1); ${ENDLESS}`,
      '--output',
      file,
    );
    await running.said(/1 row changed/);
    const said = running.said(
      /Cancelled\. Statement 4 of 4, line 1, is rolled back; the transaction that begins on line 1 is rolled back; what the one before that did stays\./,
    );
    expect(await running.interrupt()).toBe(130);
    await said;
    expect(existsSync(file)).toBe(false);
    const left = await query('select count(*) from stays; drop table stays', '--format', 'csv');
    expect(left.stdout).toBe('count\n0\n');
    const states = await checkout.rows<{ status: string }>(
      "select trim(status) as status from sys_query_history where query_text like '%staging_events e%' and query_text not like '%sys_query_history%'",
    );
    expect(states).toEqual([{ status: 'canceled' }]);
  });

  it('knows where things are on this machine by --env, and as whom by --as', async () => {
    const end = await query('select current_user', '--env', 'local', '--as', 'analyst', '--format', 'csv');
    expect(end.stdout).toBe('current_user\nanalyst\n');
    const refused = await query('delete from songplays', '--as', 'analyst');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('docs/access.md')]);
  });

  it('does not begin a transaction that would end with the command', async () => {
    const end = await query('begin');
    expect([end.exitCode, end.stderr]).toEqual([2, expect.stringContaining('its session ends with the command')]);
  });
});
