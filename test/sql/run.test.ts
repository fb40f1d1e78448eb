import { stepsStatement } from '../../lambda/plan';
import { StarUnderTest } from './star-under-test';

const MORNING = Date.UTC(2018, 10, 5, 8);
const song = { song_id: 'SO1', title: 'Uprising', artist_id: 'AR1', artist_name: 'Muse' };
const play = { ts: MORNING, sessionId: 256, itemInSession: 0 };

let star: StarUnderTest;
beforeEach(async () => {
  star = await StarUnderTest.open();
});
afterEach(() => star.close());

describe('comparing the sources with the ledger', () => {
  const compare = async (files: StarUnderTest['loaded']) => {
    const results = await star.runFolder('compare', { listing_url: await star.writeListing(files) });
    const [generation, thisRun, lastRun, totals, newFiles] = results.slice(-5);
    return { generation, thisRun, lastRun, totals: totals?.[0]?.map(Number), newFiles };
  };

  it('finds everything new in a warehouse that has loaded nothing', async () => {
    const files = [{ url: 's3://source/log_data/1.json', etag: 'e', sizeBytes: 3, source: 'events' as const }];
    const { lastRun, totals, newFiles } = await compare(files);
    expect({ lastRun, totals }).toEqual({ lastRun: [], totals: [1, 0, 0] });
    expect(newFiles?.map((row) => row.map(String))).toEqual([['s3://source/log_data/1.json', 'e', '3', 'events']]);
  });

  it('tells new, changed and vanished files from those that are loaded', async () => {
    await star.load('refresh', [song], [play]);
    const [songFile, logFile] = star.loaded;
    if (songFile === undefined || logFile === undefined) throw new Error('two files were loaded');
    expect((await compare(star.loaded)).totals).toEqual([0, 0, 0]);
    expect((await compare([songFile])).totals).toEqual([0, 0, 1]);
    expect((await compare([songFile, { ...logFile, etag: 'other' }])).totals).toEqual([0, 1, 0]);
    const late = { ...logFile, url: 's3://source/log_data/late.json' };
    const { totals, newFiles, generation, lastRun } = await compare([...star.loaded, late]);
    expect(totals).toEqual([1, 0, 0]);
    expect(newFiles?.map(([url]) => url)).toEqual([late.url]);
    expect(generation?.[0]?.map(Number)).toEqual([1]);
    expect(lastRun).toHaveLength(1);
  });

  it('knows a run that has succeeded before', async () => {
    await star.load('refresh', [song], [play]);
    await star.runFolder('idle', {});
    expect((await compare(star.loaded)).thisRun?.map((row) => row.map(String))).toEqual([['incremental', '0', '0']]);
  });
});

describe('the run history', () => {
  it('has a row for a run that found nothing, and one only when it comes again', async () => {
    await star.load('refresh', [song], [play]);
    await star.runFolder('idle', {});
    const [counts] = (await star.runFolder('idle', {})).slice(-1);
    expect(counts?.map((row) => row.map(Number))).toEqual([[1, 1, 1, 1, 1, 1, 1]]);
    expect(
      await star.rows('select run_id, mode, status, files::int, staged_events::int from etl.runs order by finished_at'),
    ).toEqual([
      ['operator-run-1', 'refresh', 'succeeded', 2, 1],
      ['operator-x', 'incremental', 'succeeded', 0, 0],
    ]);
  });

  it('keeps how many files and rows each load had', async () => {
    await star.load('refresh', [song], [play, { ...play, itemInSession: 1, page: 'Home' }]);
    expect(
      await star.rows(
        'select files::int, staged_events::int, staged_songs::int, started_at < finished_at from etl.runs',
      ),
    ).toEqual([[2, 2, 1, true]]);
  });
});

describe('a load that fails', () => {
  const tooLong = 'x'.repeat(600);

  it('leaves the file, line, column, value and limit to be read after its rollback', async () => {
    await expect(
      star.load('refresh', [song], [play, { ...play, itemInSession: 1, location: tooLong }]),
    ).rejects.toThrow(/Load into table 'staging_events' failed/);
    const [failed] = await star.rows('select max(query_id) from sys_load_error_detail');
    const query_id = String(failed?.[0]);
    expect((await star.runFile('failure/020_load_errors.sql', { query_id })).map((row) => row.map(String))).toEqual([
      ['s3://source/log_data/1.json', '2', 'location', 'varchar', '512', '1204', 'String length exceeds DDL length'],
    ]);
    expect((await star.runFile('failure/030_rejected_values.sql', { query_id })).map((row) => row.map(String))).toEqual(
      [['s3://source/log_data/1.json', '2', 'location', tooLong]],
    );
  });

  it('is recorded once, with quotes and all, and replaced when it succeeds after all', async () => {
    const error = "COPY failed: value 'O\\'Hara': mend it. run operator-x";
    await star.runFile('failure/010_record.sql', {}, { error });
    await star.runFile('failure/010_record.sql', {}, { error });
    expect(await star.rows('select status, error from etl.runs')).toEqual([['failed', error]]);
    await star.runFolder('idle', {});
    expect(await star.rows('select status, error from etl.runs')).toEqual([['succeeded', null]]);
  });
});

describe('the maintenance', () => {
  it('writes the steps once and analyzes every table', async () => {
    const steps = stepsStatement('operator-x', [
      { step: 'compare', startedAt: MORNING, milliseconds: 12 },
      { step: 'load/030_copy_songs.sql', startedAt: MORNING + 12, milliseconds: 900.4 },
    ]);
    for (let times = 0; times < 2; times += 1) {
      await star.runFolder('steps', {});
      await star.rows(steps);
    }
    expect(await star.rows('select position, step, duration_ms::int from etl.run_steps order by position')).toEqual([
      [1, 'compare', 12],
      [2, 'load/030_copy_songs.sql', 900],
    ]);
    await star.maintain();
  });
});
