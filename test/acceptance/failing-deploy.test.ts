import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws, type LocalAwsHandle } from '../../local/client';
import { Checkout, type CommandEnd } from '../support/checkout';
import { type ReferenceStar, referenceStar } from '../support/reference-star';

const SIZE = { seed: 9, songs: 40, events: 300, users: 10, days: 2 };
const NOVEMBER = 'log_data/2018/11';
const DAY = `${NOVEMBER}/2018-11-02-events.json`;
/** Late, and before all other files in their order. */
const LATE = `${NOVEMBER}/2018-10-31-events.json`;

interface Status {
  readonly runs: readonly { readonly run_id: string; readonly status: string; readonly rejected_rows: number }[];
  readonly rejects: { readonly run_id: string; readonly rejected_rows: number; readonly rows: readonly Reject[] };
}

interface Reject {
  readonly source: string;
  readonly file_url: string;
  readonly line_number: number;
  readonly column_name: string;
  readonly value: string;
  readonly error_code: number;
  readonly reason: string;
}

/** Files below a folder whose name ends so. */
function filesOf(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * One story in order: a bad row fails the first deploy; rejects are allowed, and the next deploy loads all but those; one
 * more than are allowed fails the night and then an update; without them all is as it would have been.
 */
describe('a row that cannot be loaded', () => {
  const checkout = new Checkout();
  const path = (key: string) => join(checkout.bucket, key);
  const lines = (key: string) => readFileSync(path(key), 'utf8').split('\n');
  const start = () => checkout.sparkify('start', '--source', checkout.bucket, '--format', 'json');
  /** Kept up for the whole story, as while somebody serves it. */
  let aws: LocalAwsHandle;
  let good: ReferenceStar;
  let day: string;
  /** A play of the day, to be spoiled. */
  let play: string;
  /** The file of the song without a year that is a number. */
  let badSong: string;

  /** Puts a line into the log of the day, as the line of that number. */
  const insert = (line: number, text: string) =>
    writeFileSync(
      path(DAY),
      lines(DAY)
        .toSpliced(line - 1, 0, text)
        .join('\n'),
    );
  const change = (file: string, from: string | RegExp, to: string) => {
    const whole = readFileSync(join(checkout.folder, file), 'utf8');
    const changed = whole.replace(from, to);
    expect(changed).not.toBe(whole);
    writeFileSync(join(checkout.folder, file), changed);
  };
  const star = () =>
    checkout.rows(`select (select count(*) from songplays) as plays, (select count(*) from songs) as songs,
      (select max(start_time) from songplays) as last, (select count(*) from etl.files) as files,
      (select count(*) from etl.rejects) as rejects`);
  const expectDone = ({ exitCode, stderr }: CommandEnd) =>
    expect({ exitCode, tail: exitCode === 0 ? '' : stderr.slice(-3000) }).toEqual({ exitCode: 0, tail: '' });

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, ...SIZE });
    good = referenceStar(checkout.bucket);
    day = readFileSync(path(DAY), 'utf8');
    play = lines(DAY).find((line) => line.includes('"NextSong"')) ?? '';
    aws = await ensureLocalAws({ home: checkout.home });
  });
  afterAll(async () => {
    await aws.stop();
    checkout.remove();
  });

  it('fails the first deploy with file, line, column, value and limit, and rolls back to nothing', async () => {
    insert(7, play.replace(/"sessionId":\d+/, '"sessionId":"12x"'));
    const end = await start();
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(/CREATE_FAILED\s+\|\s+Custom::WarehouseLoad/);
    expect(end.stderr).toContain(DAY);
    expect(end.stderr).toMatch(/line 7\b/);
    expect(end.stderr).toMatch(/column sessionid/i);
    expect(end.stderr).toContain('12x');
    expect(end.stderr).toMatch(/Invalid digit/);
    expect(end.stderr).toMatch(/ROLLBACK_COMPLETE/);
    const query = await checkout.sparkify('query', 'select count(*) from songplays');
    expect(query.exitCode).not.toBe(0);
    // The CDK CLI deletes what is left of it: the next deploy is the first again, and changes nothing that is there.
    const plan = await checkout.sparkify('plan', '--format', 'json');
    expect(JSON.parse(plan.stdout)).toMatchObject({ first: true, destructive: [] });
  });

  it('is left out by the next deploy where three are allowed, and all others are loaded', async () => {
    insert(9, play.replace(/"location":"[^"]*"/, `"location":"${'x'.repeat(600)}"`));
    const [song = ''] = filesOf(path('song_data'), '.json');
    const text = readFileSync(song, 'utf8');
    expect(text).toMatch(/"year":\s*\d+/);
    badSong = join(dirname(song), 'TRBAD.json');
    writeFileSync(badSong, text.replace(/"year":\s*\d+/, '"year": "MCMXC"'));
    change('lib/config/local.ts', '...COMMON,\n', '...COMMON,\n  rejects: { songs: 3, events: 3 },\n');
    expectDone(await start());
    expect(await star()).toEqual([
      expect.objectContaining({
        plays: good.songplays,
        songs: good.songs,
        files: SIZE.songs + 1 + SIZE.days,
        rejects: 3,
      }),
    ]);
  });

  it('is told by status with file, line, column, value, code and reason, and counted alike everywhere', async () => {
    const end = await checkout.sparkify('status', '--rejects', '--format', 'json');
    const { runs, rejects } = JSON.parse(end.stdout) as Status;
    expect(runs.map(({ status, rejected_rows }) => [status, rejected_rows])).toEqual([['succeeded', 3]]);
    const where = ({ source, file_url, line_number, column_name }: Reject) =>
      [source, file_url.replace(/^s3:\/\/[^/]+\//, ''), line_number, column_name].join(' ');
    expect(rejects.rows.map((row) => [where(row), row.value.slice(0, 5), row.error_code, row.reason])).toEqual([
      [`events ${DAY} 7 sessionid`, '12x', 1207, expect.stringMatching(/^Invalid digit, Value 'x'/)],
      [`events ${DAY} 9 location`, 'xxxxx', 1204, 'String length exceeds DDL length'],
      [
        `songs ${relative(checkout.bucket, badSong)} 1 year`,
        'MCMXC',
        1207,
        expect.stringMatching(/^Invalid digit, Value 'M'/),
      ],
    ]);
    expect(rejects).toMatchObject({ run_id: runs[0]?.run_id, rejected_rows: 3 });
    const table = await checkout.sparkify('status', '--rejects');
    expect(table.stdout).toMatch(
      /2018-11-02-events\.json[^\n]* 7 [^\n]*sessionid[^\n]*12x[^\n]*1207[^\n]*Invalid digit/,
    );
    expect(lastMetrics()).toMatchObject({ RunsSucceeded: 1, RowsRejected: 3 });
    expect(attributes()).toMatchObject({ RunId: runs[0]?.run_id, RejectedRows: '3' });
  });

  it('too many fails the night with its place and the number allowed, and changes nothing', async () => {
    const before = await star();
    const tooLong = play.replace(/"level":"\w+"/, `"level":"${'paid'.repeat(20)}"`);
    writeFileSync(path(LATE), [play, tooLong, tooLong, tooLong, tooLong].join('\n'));
    const end = await checkout.sparkify('tick');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain(LATE);
    expect(end.stderr).toMatch(/line 2, column level \(varchar\(\d+\)\) value 'paidpaid/);
    expect(end.stderr).toContain('3 rejects are allowed');
    expect(end.stderr).toContain('Mend the file, then deploy or load again');
    expect(await star()).toEqual(before);
    expect(lastMetrics()).toMatchObject({ RunsFailed: 1, RowsRejected: 0 });
  });

  it('fails an update, names the limit that it broke, and leaves the star as it was', async () => {
    const before = await star();
    change('sql/load/060_time.sql', /$/, '\n-- a change\n');
    const end = await start();
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(/UPDATE_FAILED\s+\|\s+Custom::WarehouseLoad/);
    expect(end.stderr).toMatch(/line 2\b/);
    expect(end.stderr).toMatch(/column level/i);
    expect(end.stderr).toMatch(/varchar\(\d+\)/i);
    // The CDK CLI cuts the status to its column's width.
    expect(end.stderr).toMatch(/UPDATE_ROLLBACK_COMPLET/);
    expect(end.stderr).not.toMatch(/ROLLBACK_FAILED/);
    expect(await star()).toEqual(before);
  });

  it('shows in the status what failed and when', async () => {
    const end = await checkout.sparkify('status');
    expect(end.stdout).toMatch(/failed/);
    expect(end.stdout).toContain(LATE);
  });

  it('is loaded by the next update once it is mended', async () => {
    rmSync(path(LATE));
    writeFileSync(path(DAY), day);
    expectDone(await start());
    const { songplays: plays, songs } = good;
    expect(await star()).toEqual([
      expect.objectContaining({ plays, songs, files: SIZE.songs + 1 + SIZE.days, rejects: 4 }),
    ]);
  });

  /** What the last run has told CloudWatch, from the function's log on disk. */
  function lastMetrics(): unknown {
    const said = filesOf(join(checkout.home, 'logs'), '.log')
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .filter((line) => line.includes('CloudWatchMetrics'))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { readonly _aws: { readonly Timestamp: number } });
    return said.sort((one, other) => one._aws.Timestamp - other._aws.Timestamp).at(-1);
  }

  /** What CloudFormation has of the custom resource. */
  function attributes(): unknown {
    const stacks = filesOf(checkout.home, '.stack.json')
      .map((file) => JSON.parse(readFileSync(file, 'utf8')) as StackFile)
      .filter(({ status }) => status === 'CREATE_COMPLETE');
    const resources = stacks.flatMap((stack) => Object.values(stack.resources));
    return resources.find(({ type }) => type === 'Custom::WarehouseLoad')?.attributes;
  }
});

interface StackFile {
  readonly status: string;
  readonly resources: Readonly<Record<string, { readonly type: string; readonly attributes: object }>>;
}
