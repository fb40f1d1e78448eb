import { join } from 'node:path';
import { sourceDigest } from '../../lambda/batches';
import { readConfig } from '../../lambda/config';
import { handle } from '../../lambda/handler';
import { readSqlTree } from '../../statements/tree';
import { FakeWorld } from './fake-world';
import { ENVIRONMENT as environment } from './loaded-world';

const request = {
  RequestType: 'Create',
  ResponseURL: 'https://example.test/put',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'WarehouseLoad',
  ResourceProperties: {},
};
const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
const lastRun = [{ load_digest: tree.loadDigest, source_digest: sourceDigest(readConfig(environment)) }];
const applied = tree.migrations.map(({ version, name, checksum }) => ({ version, name, checksum }));

/** A warehouse that has been loaded before by the same code. */
function loadedWorld(): FakeWorld {
  const fake = new FakeWorld();
  fake.results['run/prepare/030_applied.sql'] = applied;
  fake.results['run/compare/050_last_run.sql'] = lastRun;
  fake.results['run/compare/070_new_files.sql'] = [
    { url: 's3://source/log_data/2.json', etag: 'e2', size_bytes: 9, source: 'events' },
  ];
  return fake;
}

const run = (fake: FakeWorld, event: unknown = request) => handle(event, fake.context(), fake.world(environment));

describe('the first deploy', () => {
  it('migrates, loads everything in one transaction and answers CloudFormation once', async () => {
    const fake = new FakeWorld();
    fake.results['run/prepare/030_applied.sql'] = [];
    // The warehouse has its migrations once they have been applied.
    const push = fake.statements.push.bind(fake.statements);
    fake.statements.push = (...added) => {
      if (added.some(({ name }) => name.endsWith('-migrate'))) fake.results['run/prepare/030_applied.sql'] = applied;
      return push(...added);
    };
    const result = await run(fake);
    expect(result.outcome).toBe('succeeded');
    expect(fake.filesOf('migrate')).toContain('migrations/0007_songplays.sql');
    expect(fake.filesOf('load')).toEqual(
      expect.arrayContaining(['load/020_clear_star.sql', 'load/030_copy_songs.sql', 'load/031_copy_events.sql']),
    );
    expect(fake.filesOf('maintain')[1]).toBe('run_steps');
    expect(fake.answers).toEqual([
      {
        succeeded: true,
        reason: `run ${result.run} loaded 2 files (refresh)`,
        data: expect.objectContaining({ RunId: result.run, Songplays: '3' }),
      },
    ]);
  });
});

describe('the database user', () => {
  const usersOf = (fake: FakeWorld) => new Map(fake.statements.map(({ name, user }) => [name.split('-').at(-1), user]));

  it('is the admin for tables, views, users and grants, and the loader for all that touches data', async () => {
    const fake = loadedWorld();
    fake.results['run/prepare/030_applied.sql'] = applied.slice(0, -1);
    fake.results['run/prepare/040_admitted.sql'] = [{ admitted: 2 }];
    const push = fake.statements.push.bind(fake.statements);
    fake.statements.push = (...added) => {
      if (added.some(({ name }) => name.endsWith('-migrate'))) fake.results['run/prepare/030_applied.sql'] = applied;
      return push(...added);
    };
    await run(fake);
    expect(Object.fromEntries(usersOf(fake))).toEqual({
      ...{ prepare: 'sparkify_admin', migrate: 'sparkify_admin', access: 'sparkify_admin', views: 'sparkify_admin' },
      ...{ survey: 'loader', compare: 'loader', load: 'loader', maintain: 'loader' },
    });
  });

  it('is the loader too when a failure is explained and recorded, and in a dry run', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'load/031_copy_events.sql', error: "Load into table 'staging_events' failed." };
    await run(fake);
    expect(usersOf(fake).get('explain')).toBe('loader');
    expect(usersOf(fake).get('failure')).toBe('loader');
    const dry = loadedWorld();
    await run(dry, { trigger: 'operator', run: 'x', dryRun: true });
    expect(new Set(dry.statements.map(({ user }) => user))).toEqual(new Set(['loader']));
  });

  it('gets its role once: a run that finds all roles given gives none', async () => {
    const fake = loadedWorld();
    await run(fake);
    expect(fake.filesOf('access')).toEqual([]);
    fake.results['run/prepare/040_admitted.sql'] = [{ admitted: 0 }];
    await run(fake, { trigger: 'operator', run: 'other-role' });
    expect(fake.statements.findLast(({ name }) => name.endsWith('-access'))?.sqls.join('\n')).toMatch(
      /etl\.admit\('loader', 'sparkify_loader'\)[\s\S]*\('analyst', 'sparkify_analyst'\)[\s\S]*\('operator', 'sparkify_operator'\)/,
    );
  });

  it('may be the one that Redshift makes of an IAM role, and nothing that could end a string in SQL', () => {
    const role = 'IAMR:Sparkify-dev-EtlFunctionRole-1A2B';
    expect(readConfig({ ...environment, LOADER_USER: role }).loaderUser).toBe(role);
    for (const wrong of ["IAMR:x'y", 'IAMR:', 'IAM:x', 'Loader', '']) {
      expect(() => readConfig({ ...environment, LOADER_USER: wrong })).toThrow(/LOADER_USER is '/);
    }
  });
});

describe('a later run', () => {
  it('loads the new file only', async () => {
    const fake = loadedWorld();
    await run(fake);
    const manifests = [...fake.objects].filter(([key]) => key.endsWith('.manifest'));
    expect(manifests.map(([key]) => key.split('/').at(-1))).toEqual(['events.manifest']);
    expect(manifests[0]?.[1]).toContain('s3://source/log_data/2.json');
    expect(fake.filesOf('load')).not.toContain('load/020_clear_star.sql');
  });

  it('names its statements so that Delete and a person find them, with tokens that fit', async () => {
    const fake = loadedWorld();
    await run(fake, { trigger: 'operator', run: 'tuesday' });
    expect(fake.statements.map(({ name }) => name)).toContain('sparkify-dev-operator-tuesday-load');
    expect(fake.statements.every(({ token }) => token.length <= 64)).toBe(true);
    expect(new Set(fake.statements.map(({ token }) => token)).size).toBe(fake.statements.length);
  });

  it('starts nothing twice when its event is delivered again', async () => {
    const fake = loadedWorld();
    await run(fake);
    const before = fake.statements.length;
    await run(fake);
    expect(fake.statements.slice(before)).toEqual([]);
  });

  describe('that finds nothing new', () => {
    const idle = ['run/idle/010_delete_run.sql', 'run/idle/020_run.sql', 'run/idle/030_counts.sql'];
    const quiet = () => {
      const fake = loadedWorld();
      fake.results['run/compare/060_totals.sql'] = [{ new_files: 0, changed_files: 0, vanished_files: 1 }];
      return fake;
    };

    it('at night records just that', async () => {
      const fake = quiet();
      const result = await run(fake, { trigger: 'schedule', scheduledTime: '2018-11-05T03:00:00Z' });
      expect(result.reason).toMatch(/found nothing new/);
      expect(fake.filesOf('load')).toEqual(idle);
    });

    it('in a deploy checks the star all the same, for the deploy may have brought a changed check', async () => {
      const fake = quiet();
      const result = await run(fake);
      expect(result.reason).toMatch(/found nothing new/);
      const files = fake.filesOf('load');
      expect(files.slice(-4)).toEqual(['run/finish/010_assert_checks.sql', ...idle]);
      expect(files.filter((file) => file?.startsWith('checks/'))).toHaveLength(tree.checks.length);
    });
  });

  it('waits out throttling under the same token', async () => {
    const fake = loadedWorld();
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    fake.trouble.set('BatchExecuteStatement', [throttled, throttled]);
    fake.trouble.set('DescribeStatement', [throttled]);
    expect((await run(fake)).outcome).toBe('succeeded');
  });
});

describe('a dry run', () => {
  const dryRun = { trigger: 'operator', run: 'look', dryRun: true };

  it('says which files, bytes and statements, and does none of it', async () => {
    const fake = loadedWorld();
    fake.results.applied = applied;
    fake.results['run/compare/060_totals.sql'] = [{ new_files: 1, new_bytes: 9, changed_files: 0, vanished_files: 1 }];
    fake.results['run/compare/062_new_by_source.sql'] = [{ source: 'events', files: 1 }];
    fake.results['run/compare/065_vanished_files.sql'] = [{ url: 's3://source/log_data/0.json' }];
    const { plan } = await run(fake, dryRun);
    expect(plan).toMatchObject({
      mode: 'incremental',
      why: [],
      files: 1,
      bytes: 9,
      firstFiles: [{ url: 's3://source/log_data/2.json', bytes: 9 }],
      vanishedFiles: 1,
      vanished: ['s3://source/log_data/0.json'],
      migrations: [],
    });
    expect(plan?.statements).toContain('load/031_copy_events.sql');
    expect(plan?.statements).not.toContain('load/030_copy_songs.sql');
    expect(new Set(fake.statements.map(({ name }) => name.replace('sparkify-dev-dry-run-look-', '')))).toEqual(
      new Set(['survey', 'compare', 'applied']),
    );
    expect([...fake.objects.keys()].filter((key) => !key.includes('/listing/'))).toEqual([]);
    expect(fake.log.filter((line) => line.includes('CloudWatchMetrics'))).toEqual([]);
    const words = fake.statements
      .flatMap(({ sqls }) => sqls)
      .map((sql) => sql.replace(/\/\*.*?\*\/|--.*$/gm, '').trim());
    expect(words.filter((sql) => !/^(select|create temp table|copy listing)\b/.test(sql))).toEqual([]);
  });

  it('says why everything would be loaded again, and which migrations come before', async () => {
    const fake = loadedWorld();
    fake.results['run/prepare/030_applied.sql'] = [];
    fake.results.applied = applied.slice(0, -1);
    fake.results['run/compare/050_last_run.sql'] = [{ load_digest: 'other', source_digest: 'other' }];
    const { plan } = await run(fake, dryRun);
    expect(plan).toMatchObject({ mode: 'refresh', files: 2, bytes: 10 });
    expect(plan?.why).toEqual(['the SQL of the load has changed', 'the addresses of the sources have changed']);
    expect(plan?.firstFiles.map(({ url }) => url)).toEqual([
      's3://source/song_data/1.json',
      's3://source/log_data/1.json',
    ]);
    expect(plan?.migrations).toEqual([tree.migrations.at(-1)?.sql.file]);
  });

  it('leaves no row behind when it fails', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'run/survey/010_ledger.sql', error: 'relation "etl.files" does not exist' };
    await expect(run(fake, dryRun)).rejects.toThrow(/no ledger yet.*Deploy first/);
    expect(fake.statements.map(({ name }) => name)).toEqual(['sparkify-dev-dry-run-look-survey']);
  });
});

describe('a run of some days', () => {
  const days = { trigger: 'operator', run: 'slice', from: '2018-11-01', to: '2018-11-15' };

  it('loads songs and the log files of these days into an empty warehouse', async () => {
    const fake = loadedWorld();
    fake.results['run/compare/050_last_run.sql'] = [];
    const logs = ['2018-10-31', '2018-11-01', '2018-11-15', '2018-11-16', 'x'];
    fake.sources = {
      'song_data/': ['song_data/1.json'],
      'log_data/': logs.map((day) => `log_data/${day}-events.json`),
    };
    const { reason } = await run(fake, days);
    expect(reason).toMatch(/loaded 3 files \(refresh\)/);
    const manifest = [...fake.objects].find(([key]) => key.endsWith('events.manifest'))?.[1] ?? '';
    expect(manifest.match(/\d{4}-\d\d-\d\d/g)).toEqual(['2018-11-01', '2018-11-15']);
  });

  it('says how many files it has left alone', async () => {
    const fake = loadedWorld();
    fake.results['run/compare/060_totals.sql'] = [
      { new_files: 1, new_files_outside: 7, new_files_undated: 2, changed_files: 0, vanished_files: 0 },
    ];
    expect((await run(fake, days)).left).toMatchObject({ outsideDays: 7, undatedFiles: 2 });
  });
});

describe('a run that fails', () => {
  it('tells CloudFormation file, line, column, value and limit, and records it', async () => {
    const fake = loadedWorld();
    fake.fails = {
      file: 'load/031_copy_events.sql',
      error: "Load into table 'staging_events' failed.  Check 'stl_load_errors' system table for details.",
    };
    const where = { file_name: 's3://source/log_data/2.json', line_number: 3, column_name: 'level' };
    fake.results['run/failure/020_load_errors.sql'] = [
      {
        ...where,
        column_type: 'varchar',
        column_length: '16',
        error_code: 1204,
        error_message: 'String length exceeds DDL length',
      },
    ];
    fake.results['run/failure/030_rejected_values.sql'] = [{ ...where, field_value: 'platinum-with-cherries' }];
    const result = await run(fake);
    expect(result.outcome).toBe('failed');
    const reason =
      "COPY staging_events failed: s3://source/log_data/2.json line 3, column level (varchar(16)) value 'platinum-with-cherries': " +
      `String length exceeds DDL length (1204). Mend the file, then deploy or load again. run ${result.run}`;
    expect(fake.answers).toEqual([expect.objectContaining({ succeeded: false, reason })]);
    const record = fake.statements.find(({ name }) => name.endsWith('record-failure'));
    expect(record?.parameters).toEqual([{ name: 'error', value: reason }]);
  });

  it('names the check, the count and the rows', async () => {
    const fake = loadedWorld();
    fake.fails = {
      file: 'run/finish/010_assert_checks.sql',
      error: 'check unique_users failed: 2 offending rows, for example: user_id 5 stands 2 times',
    };
    expect((await run(fake)).reason).toMatch(/^check unique_users failed: 2 offending rows.*user_id 5/);
  });

  it('throws when nobody waits for an answer, so that the execution counts as failed', async () => {
    const fake = loadedWorld();
    fake.sources = {};
    await expect(run(fake, { trigger: 'operator', run: 'x' })).rejects.toThrow(
      /no file lies below s3:\/\/source\/song_data\//,
    );
  });

  describe('whose source has no file yet', () => {
    const noFiles = () => {
      const fake = loadedWorld();
      fake.sources = {};
      fake.results['run/compare/050_last_run.sql'] = [];
      fake.results['run/compare/060_totals.sql'] = [{ new_files: 0, changed_files: 0, vanished_files: 0 }];
      return fake;
    };
    const runWith = async (fake: FakeWorld, SOURCE_MAY_BE_EMPTY: string) => {
      const result = handle(request, fake.context(), fake.world({ ...environment, SOURCE_MAY_BE_EMPTY }));
      return { ...(await result), files: fake.statements.map(({ name }) => name) };
    };

    it('waits for data where the same deploy has made the bucket, and loads nothing', async () => {
      const fake = noFiles();
      expect(await runWith(fake, 'true')).toMatchObject({ reason: expect.stringMatching(/found nothing new/) });
      expect(fake.answers).toEqual([expect.objectContaining({ succeeded: true })]);
      expect(fake.statements.flatMap(({ sqls }) => sqls).join('\n')).not.toMatch(/^copy public/m);
    });

    it('takes that for a wrong address where the bucket is given', async () => {
      const fake = noFiles();
      await runWith(fake, 'false');
      expect(fake.answers).toEqual([
        expect.objectContaining({ succeeded: false, reason: expect.stringMatching(/no file lies below s3:/) }),
      ]);
    });

    it('loads as soon as there is a file', async () => {
      const fake = noFiles();
      fake.sources = { 'log_data/': ['log_data/1.json'] };
      fake.results['run/compare/060_totals.sql'] = [{ new_files: 1, changed_files: 0, vanished_files: 0 }];
      expect(await runWith(fake, 'true')).toMatchObject({
        reason: expect.stringMatching(/loaded 1 files \(refresh\)/),
      });
    });
  });

  it('answers also when its own configuration is broken', async () => {
    const fake = new FakeWorld();
    await handle(request, fake.context(), fake.world({ ...environment, DATABASE: undefined }));
    expect(fake.answers).toEqual([{ succeeded: false, reason: expect.stringMatching(/DATABASE is missing/) }]);
  });

  it('refuses an edited migration before it changes anything', async () => {
    const fake = loadedWorld();
    fake.results['run/prepare/030_applied.sql'] = applied.map((row) =>
      row.version === 1 ? { ...row, checksum: 'f'.repeat(64) } : row,
    );
    expect((await run(fake)).reason).toMatch(/0001_staging_events was applied .*edited after/);
    expect(fake.filesOf('migrate')).toEqual([]);
  });
});

describe('Delete', () => {
  const remove = { ...request, RequestType: 'Delete', PhysicalResourceId: 'sparkify-warehouse-load' };

  it('stops other runs, cancels their statements and drops nothing', async () => {
    const fake = new FakeWorld();
    expect((await run(fake, remove)).outcome).toBe('deleted');
    expect(fake.calls).toEqual(expect.arrayContaining(['StopDurableExecution', 'CancelStatement']));
    expect(fake.statements).toEqual([]);
    expect(fake.answers[0]).toMatchObject({
      succeeded: true,
      reason: expect.stringMatching(/1 runs stopped, 1 statements cancelled/),
    });
  });

  it('succeeds when the cluster and even the configuration are gone', async () => {
    const fake = new FakeWorld();
    fake.trouble.set('ListStatements', [new Error("Redshift endpoint doesn't exist in this region.")]);
    await run(fake, remove);
    await handle(remove, fake.context(), fake.world({}));
    expect(fake.answers.map(({ succeeded }) => succeeded)).toEqual([true, true]);
  });
});

describe('an Update', () => {
  const updated = (properties: object) => ({
    ...request,
    RequestType: 'Update',
    RequestId: 'two',
    ResourceProperties: properties,
  });

  it('to the properties that the last deploy put in place is a rollback: nothing runs, the same is answered again', async () => {
    const fake = loadedWorld();
    await run(fake, { ...request, ResourceProperties: { LoadDigest: 'a', ServiceToken: 'x' } });
    const statements = fake.statements.length;
    fake.trouble.set('BatchExecuteStatement', [new Error('the warehouse must not be asked')]);
    await run(fake, updated({ LoadDigest: 'a', ServiceToken: 'y' }));
    expect(fake.statements).toHaveLength(statements);
    expect(fake.answers[1]).toEqual({
      succeeded: true,
      reason: expect.stringContaining('rolled back'),
      data: fake.answers[0]?.data,
    });
  });

  it('to other properties loads, and is the last deploy from then on', async () => {
    const fake = loadedWorld();
    await run(fake, { ...request, ResourceProperties: { LoadDigest: 'a' } });
    const statements = fake.statements.length;
    await run(fake, updated({ LoadDigest: 'b' }));
    expect(fake.statements.length).toBeGreaterThan(statements);
    await run(fake, { ...updated({ LoadDigest: 'a' }), RequestId: 'three' });
    expect(fake.answers[2]?.reason).not.toContain('rolled back');
  });

  it('that failed is not remembered', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'load/031_copy_events.sql', error: 'relation "x" does not exist' };
    await run(fake, { ...request, ResourceProperties: { LoadDigest: 'a' } });
    expect(fake.answers[0]?.succeeded).toBe(false);
    fake.fails = undefined;
    await run(fake, updated({ LoadDigest: 'a' }));
    expect(fake.answers[1]?.reason).not.toContain('rolled back');
  });

  it('that is delivered twice ends as its first delivery did, and changes no later deploy', async () => {
    const fake = loadedWorld();
    const first = { ...request, ResourceProperties: { LoadDigest: 'a' } };
    await run(fake, first);
    await run(fake, updated({ LoadDigest: 'b' }));
    fake.fails = { file: 'run/compare/030_generation.sql', error: 'relation "x" does not exist' };
    await run(fake, first);
    expect(fake.answers[2]).toEqual(fake.answers[0]);
    await run(fake, { ...updated({ LoadDigest: 'b' }), RequestId: 'three' });
    expect(fake.answers[3]?.reason).toContain('rolled back');
  });
});
