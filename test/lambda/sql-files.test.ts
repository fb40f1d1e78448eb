import { join } from 'node:path';
import { migrationStatements, pendingMigrations, unknownMigrations } from '../../lambda/migrations';
import { stepsStatement } from '../../lambda/run-steps';
import { StatementsError } from '../../statements/errors';
import { checkStatements, loadStatements } from '../../statements/load-plan';
import { renderSql, taggedFile } from '../../statements/render';
import { parseSqlFile, type SqlFile } from '../../statements/sql-file';
import { readSqlTree } from '../../statements/tree';

const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
const applied = tree.migrations.map(({ version, name, checksum }) => ({ version, name, checksum }));
const values = {
  run_id: 'operator-x',
  trigger: 'operator',
  mode: 'refresh',
  started_at: '2018-11-05 02:00:00.000',
  files: 2,
  bytes: 10,
  vanished_files: 0,
  generation: 3,
  lock_wait_ms: 275_000,
  songs_max_errors: 1,
  events_max_errors: 6,
  table_counts: '(select count(*) from public.songs) as "songs"',
  load_digest: 'a'.repeat(64),
  source_digest: 'b'.repeat(64),
  copy_role_arn: 'arn:aws:iam::000000000000:role/copy',
  source_region: 'us-west-2',
  events_jsonpaths_url: 's3://source/log_json_path.json',
  songs_manifest_url: 's3://work/runs/x/songs.manifest',
  events_manifest_url: 's3://work/runs/x/events.manifest',
  files_url: 's3://work/runs/x/files/',
};

const everything = new Set(['songs', 'events']);
const all = { runId: 'operator-x', sources: everything, rejecting: everything, rejectedValues: true };

describe('the SQL of a load', () => {
  it.each(['incremental', 'refresh'] as const)('fits one batch of 40 statements in %s mode', (mode) => {
    const statements = loadStatements(tree, { ...all, mode, values: { ...values, mode } });
    expect(statements.length).toBeLessThanOrEqual(40);
    const files = statements.map(taggedFile);
    expect(files.slice(0, 4).map((file) => file?.replace('run/begin/', ''))).toEqual([
      ...['005_bound_wait.sql', '010_lock.sql', '015_unbound_wait.sql', '020_fence.sql'],
    ]);
    expect(files.indexOf('run/ledger/020_copy_files.sql')).toBeGreaterThan(files.indexOf('load/056_plays.sql'));
    expect(files.at(-1)).toBe('run/finish/050_counts.sql');
  });

  it('leaves the COPY out for a source that brings nothing', () => {
    const plan = { ...all, mode: 'incremental' as const, sources: new Set(['events']) };
    const statements = loadStatements(tree, { ...plan, values: { ...values, songs_manifest_url: undefined } });
    const files = statements.map(taggedFile);
    expect(files).toContain('load/031_copy_events.sql');
    expect(files).not.toContain('load/030_copy_songs.sql');
  });

  it('keeps rejects directly after their COPY, and only where some are allowed', () => {
    const filesWith = (...rejecting: string[]): readonly (string | undefined)[] =>
      loadStatements(tree, { ...all, mode: 'refresh', rejecting: new Set(rejecting), values }).map(taggedFile);
    const files = filesWith('songs', 'events');
    for (const [copy, rejects] of [
      ['load/030_copy_songs.sql', 'run/rejects/010_with_values.sql+songs'],
      ['load/031_copy_events.sql', 'run/rejects/010_with_values.sql+events'],
    ])
      expect(files.indexOf(rejects)).toBe(files.indexOf(copy) + 1);
    expect(filesWith().join()).not.toContain('rejects');
  });

  it('lets checks share statements where there are more than places', () => {
    const checks = Array.from({ length: 60 }, (_, index) =>
      parseSqlFile(`checks/check_${index}.sql`, 'select 1 as offender\n'),
    );
    const statements = checkStatements(checks, 'operator-x', 7);
    expect(statements).toHaveLength(7);
    expect(statements.join('\n').match(/'check_\d+'/g)).toHaveLength(60);
  });

  it('records how long each step took', () => {
    const sql = stepsStatement('operator-x', [{ step: "load/1'.sql", startedAt: 0, milliseconds: 12.6 }]);
    expect(sql).toContain("('operator-x', 1, 'load/1_.sql', '1970-01-01 00:00:00.000', 13)");
  });
});

describe('a placeholder', () => {
  const file = (text: string): SqlFile => parseSqlFile('load/1.sql', text);

  it('is filled, and the statement is tagged with its run and file', () => {
    expect(renderSql(file("copy t from '{{files_url}}'\n"), 'operator-x', values)).toBe(
      "/* sparkify run=operator-x file=load/1.sql */\ncopy t from 's3://work/runs/x/files/'",
    );
  });

  it.each([
    ['a quote in a url', { files_url: "s3://work/x' credentials '" }],
    ['a backslash in a url', { files_url: 's3://work/x\\' }],
    ['nothing', { files_url: undefined }],
  ])('refuses %s', (_name, wrong) => {
    expect(() => renderSql(file('{{files_url}}'), 'operator-x', { ...values, ...wrong })).toThrow(StatementsError);
  });

  it('must be a known one', () => {
    expect(() => renderSql(file('{{secret}}'), 'operator-x', values)).toThrow(/unknown placeholder/);
  });
});

describe('a directive', () => {
  it('with an unknown value is refused', () => {
    expect(() => parseSqlFile('load/1.sql', '-- runs: never\nselect 1\n')).toThrow(
      /none of always, incremental, refresh/,
    );
  });
});

describe('migrations', () => {
  it('are all pending in a new warehouse and none in one that has them', () => {
    expect(pendingMigrations(tree.migrations, [])).toHaveLength(tree.migrations.length);
    expect(pendingMigrations(tree.migrations, applied)).toEqual([]);
  });

  it('are applied with their rows in one transaction', () => {
    const statements = migrationStatements(pendingMigrations(tree.migrations, applied.slice(0, -2)), 'deploy-1');
    expect(statements).toHaveLength(3);
    expect(statements[2]).toContain(
      `'${tree.migrations.at(-1)?.name}', '${tree.migrations.at(-1)?.checksum}', 'deploy-1')`,
    );
  });

  it('that were edited after they were applied are refused with what to do', () => {
    const edited = applied.map((row) => (row.version === 3 ? { ...row, checksum: 'f'.repeat(64) } : row));
    expect(() => pendingMigrations(tree.migrations, edited)).toThrow(/0003_users was applied .* edited after/);
  });

  it('are refused where the warehouse has a gap', () => {
    expect(() => pendingMigrations(tree.migrations, applied.slice(1))).toThrow(
      /0002_staging_songs is applied but 0001/,
    );
  });

  it('lack nothing where a deploy that was rolled back has left the warehouse ahead', () => {
    const older = tree.migrations.slice(0, -1);
    expect(pendingMigrations(older, applied)).toEqual([]);
    expect(unknownMigrations(older, applied)).toEqual([expect.objectContaining({ version: applied.length })]);
  });
});
