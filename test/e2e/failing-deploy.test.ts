import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { Checkout } from '../support/checkout';
import { referenceStar } from '../support/reference-star';

const SIZE = { seed: 9, songs: 40, events: 300, users: 10, days: 2 };

/** A source file broken in one value, and the text it had before. */
function breakLine(file: string, line: number, change: (text: string) => string): string {
  const whole = readFileSync(file, 'utf8');
  const lines = whole.split('\n');
  lines[line - 1] = change(lines[line - 1] as string);
  writeFileSync(file, lines.join('\n'));
  return whole;
}

/** One story in order: a broken first deploy, its mending, a broken update, its mending. */
describe('a row that cannot be loaded', () => {
  const checkout = new Checkout();
  const log = join(checkout.bucket, 'log_data/2018/11/2018-11-02-events.json');
  const start = () => checkout.sparkify('start', '--source', checkout.bucket, '--format', 'json');
  let good = '';

  beforeAll(() => generateBucket({ folder: checkout.bucket, ...SIZE }));
  afterAll(() => checkout.remove());

  it('fails the first deploy with file, line, column, value and limit, and rolls back to nothing', async () => {
    good = breakLine(log, 7, (text) => text.replace(/"sessionId":\d+/, '"sessionId":"12x"'));
    const end = await start();
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(/CREATE_FAILED\s+\|\s+Custom::WarehouseLoad/);
    expect(end.stderr).toContain('log_data/2018/11/2018-11-02-events.json');
    expect(end.stderr).toMatch(/line 7\b/);
    expect(end.stderr).toMatch(/column sessionid/i);
    expect(end.stderr).toContain('12x');
    expect(end.stderr).toMatch(/Invalid digit/);
    expect(end.stderr).toMatch(/ROLLBACK_COMPLETE/);
    const query = await checkout.sparkify('query', 'select count(*) from songplays');
    expect(query.exitCode).not.toBe(0);
  });

  it('is loaded by the next deploy once it is mended', async () => {
    writeFileSync(log, good);
    const end = await start();
    expect({ exitCode: end.exitCode, tail: end.exitCode === 0 ? '' : end.stderr.slice(-3000) }).toEqual({
      exitCode: 0,
      tail: '',
    });
    expect(await checkout.rows('select count(*) as plays from songplays')).toEqual([
      { plays: referenceStar(checkout.bucket).songplays },
    ]);
  });

  it('fails an update, names the limit that it broke, and leaves the star as it was', async () => {
    const before = await checkout.rows('select count(*) as plays, max(start_time) as last from songplays');
    good = breakLine(log, 3, (text) => text.replace(/"level":"\w+"/, `"level":"${'paid'.repeat(20)}"`));
    const sql = join(checkout.folder, 'sql/load/060_time.sql');
    writeFileSync(sql, `${readFileSync(sql, 'utf8')}\n-- a change\n`);
    const end = await start();
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(/UPDATE_FAILED\s+\|\s+Custom::WarehouseLoad/);
    expect(end.stderr).toMatch(/line 3\b/);
    expect(end.stderr).toMatch(/column level/i);
    expect(end.stderr).toMatch(/varchar\(\d+\)/i);
    // The CDK CLI cuts the status to its column's width.
    expect(end.stderr).toMatch(/UPDATE_ROLLBACK_COMPLET/);
    expect(end.stderr).not.toMatch(/ROLLBACK_FAILED/);
    expect(await checkout.rows('select count(*) as plays, max(start_time) as last from songplays')).toEqual(before);
  });

  it('shows in the status what failed and when', async () => {
    const end = await checkout.sparkify('status');
    expect(end.stdout).toMatch(/failed/);
    expect(end.stdout).toContain('2018-11-02-events.json');
  });

  it('is loaded by the next update once it is mended', async () => {
    writeFileSync(log, good);
    const end = await start();
    expect({ exitCode: end.exitCode, tail: end.exitCode === 0 ? '' : end.stderr.slice(-3000) }).toEqual({
      exitCode: 0,
      tail: '',
    });
    expect(await checkout.rows('select count(*) as plays from songplays')).toEqual([
      { plays: referenceStar(checkout.bucket).songplays },
    ]);
  });
});
