import { Discovery } from '../../lambda/discovery';
import type { DateRange } from '../../lambda/log-dates';
import { stepsStatement } from '../../lambda/run-steps';
import { newRun } from '../../lambda/state';
import { FakeSource } from '../lambda/fake-source';
import { SOURCES } from '../lambda/loaded-world';
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
  const compare = async (files: StarUnderTest['loaded'], range?: DateRange) => {
    const [ledger = []] = await star.runFolder('survey', {});
    const rows = ledger.map(([bucket, count, digest]) => ({
      bucket: `${bucket}`,
      files: `${count}`,
      digest: `${digest}`,
    }));
    const discovery = new Discovery({
      sources: SOURCES,
      sourceS3: new FakeSource(files).client,
      work: star.work,
      warehouse: { allRows: async () => rows, rows: async function* () {} },
    });
    const run = { runId: 'operator-x', trigger: 'operator', mode: 'incremental', range } as const;
    const listing = await discovery.list({ ...newRun(run, 0, 1), survey: 's' });
    const results = await star.runFolder('compare', {
      buckets: listing.buckets,
      ...(listing.files > 0 && { listing_url: `s3://source/${listing.prefix}` }),
    });
    const [generation, thisRun, lastRun, totals, bySource, vanished, newFiles] = results.slice(-7);
    const [news = -1, bytes, outside, undated, changed = -1, gone = -1] = totals?.[0]?.map(Number) ?? [];
    const songs = Number(bySource?.find(([source]) => source === 'songs')?.[1] ?? 0);
    const more = { bytes, songs, outside, undated, vanished: vanished?.flat(), listed: listing.files };
    return { generation, thisRun, lastRun, totals: [news, changed, gone], more, newFiles };
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
    const gone = await compare([songFile]);
    expect(gone).toMatchObject({ totals: [0, 0, 1], more: { vanished: [logFile.url], listed: 0 } });
    expect((await compare([songFile, { ...logFile, etag: 'other' }])).totals).toEqual([0, 1, 0]);
    const late = { ...logFile, url: 's3://source/log_data/late.json' };
    const { totals, newFiles, generation, lastRun } = await compare([...star.loaded, late]);
    expect(totals).toEqual([1, 0, 0]);
    expect(newFiles?.map(([url]) => url)).toEqual([late.url]);
    expect(generation?.[0]?.map(Number)).toEqual([1]);
    expect(lastRun).toHaveLength(1);
  });

  it('writes down only files of the buckets that differ', async () => {
    const songs = Array.from({ length: 60 }, (_, index) => ({ ...song, song_id: `SO${index}`, title: `t${index}` }));
    await star.load('refresh', songs, [play]);
    expect((await compare(star.loaded)).more.listed).toBe(0);
    const late = { url: 's3://source/log_data/late.json', etag: 'e', sizeBytes: 3, source: 'events' as const };
    const { totals, more } = await compare([...star.loaded, late]);
    expect(totals).toEqual([1, 0, 0]);
    expect(more.listed).toBeLessThan(10);
    const [first, ...others] = star.loaded;
    if (first === undefined) throw new Error('files were loaded');
    expect((await compare([{ ...first, etag: 'other' }, ...others])).totals).toEqual([0, 1, 0]);
  });

  it('leaves new log files of other days, and of none, to another run', async () => {
    const log = (day: string) => ({ url: `s3://source/log_data/${day}-events.json`, etag: 'e', sizeBytes: 3 });
    const files = ['2018-10-31', '2018-11-01', '2018-11-15', '2018-11-16', 'x'].map((day) => ({
      ...log(day),
      source: 'events' as const,
    }));
    const songs = { url: 's3://source/song_data/1.json', etag: 'e', sizeBytes: 7, source: 'songs' as const };
    const { totals, more, newFiles } = await compare([...files, songs], { from: '2018-11-01', to: '2018-11-15' });
    expect(totals).toEqual([3, 0, 0]);
    expect(more).toMatchObject({ bytes: 13, songs: 1, outside: 2, undated: 1 });
    expect(newFiles?.map(([url]) => url)).toEqual([
      's3://source/log_data/2018-11-01-events.json',
      's3://source/log_data/2018-11-15-events.json',
      's3://source/song_data/1.json',
    ]);
  });

  it('asks the last run that has loaded, and whether that was after this one began', async () => {
    await star.load('refresh', [song], [play]);
    await star.runFolder('idle', { load_digest: 'c'.repeat(64), source_digest: 'd'.repeat(64) });
    const lastRun = async (started_at: string) => {
      const [row = []] = await star.runFile('compare/050_last_run.sql', { started_at });
      return [row[0], row[1], String(row[2]).length, row[3], row[4]];
    };
    const source = 'b'.repeat(64);
    expect(await lastRun('2018-12-01 02:00:00.000')).toEqual(['operator-run-1', 'operator', 64, source, true]);
    expect(await lastRun('2999-12-01 02:00:00.000')).toEqual(['operator-run-1', 'operator', 64, source, false]);
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
    // The log files of these tests have no day in their names.
    expect(counts?.map((row) => row.map(Number))).toEqual([[1, 1, 1, 1, 1, 1, 1, MORNING / 1000, 0]]);
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
