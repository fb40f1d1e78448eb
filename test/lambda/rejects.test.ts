import { handle } from '../../lambda/handler';
import { explainLoadErrors } from '../../lambda/load-errors';
import { allowing, ENVIRONMENT, loadedWorld, REQUEST } from './loaded-world';

const fiveAllowed = { ...ENVIRONMENT, SOURCES: allowing(5) };

describe('an environment that allows five rejected events', () => {
  it('lets COPY go on below six errors, keeps the rejects and says how many there were', async () => {
    const fake = loadedWorld();
    fake.results['run/finish/050_counts.sql'] = [{ staging_events: 8, songplays: 3, rejected_rows: 2 }];
    const { reason } = await handle(REQUEST, fake.context(), fake.world(fiveAllowed));
    const load = fake.statements.find(({ name }) => name.endsWith('-load'));
    expect(load?.sqls.find((sql) => sql.includes('copy public.staging_events'))).toMatch(/\nmaxerror 6\n/);
    expect(fake.filesOf('load')).toContain('run/rejects/010_with_values.sql+events');
    expect(reason).toMatch(/loaded 1 files \(incremental\), without 2 rejected rows \(etl\.rejects\)$/);
    expect(fake.answers[0]?.data).toMatchObject({ RejectedRows: '2' });
    const metrics = fake.log.map((line) => JSON.parse(line) as Record<string, unknown>).find((line) => '_aws' in line);
    expect(metrics).toMatchObject({ RowsRejected: 2, RowsStaged: 8, FilesLoaded: 1 });
  });

  it.each([
    ['a Multi-AZ cluster', { MULTI_AZ: 'true' }],
    [
      'a workgroup',
      {
        ...{ CLUSTER_IDENTIFIER: undefined, DATABASE_USER: undefined, WORKGROUP_NAME: 'sparkify-dev' },
        ADMIN_SECRET: 'redshift!sparkify-dev-sparkify_admin',
      },
    ],
  ])('reads them without STL views on %s', async (_what, warehouse) => {
    const fake = loadedWorld();
    await handle(REQUEST, fake.context(), fake.world({ ...fiveAllowed, ...warehouse }));
    const load = fake.statements.find(({ name }) => name.endsWith('-load'));
    expect(fake.filesOf('load')).toContain('run/rejects/020_without_values.sql+events');
    expect(load?.sqls.join().match(/from (stl|sys)_\w+/g)).toEqual(['from sys_load_error_detail']);
  });

  it('is told the number when there were more', async () => {
    const fake = loadedWorld();
    const error = "Load into table 'staging_events' failed.  Check 'sys_load_error_detail' system table for details.";
    fake.fails = { file: 'load/031_copy_events.sql', error };
    fake.results['run/failure/020_load_errors.sql'] = Array.from({ length: 5 }, (_, index) => ({
      ...{ file_name: 's3://source/log_data/2.json', line_number: index + 1, column_name: 'level' },
      ...{ column_type: 'varchar', column_length: '16', error_code: 1204, error_message: 'too long' },
    }));
    const { reason } = await handle(REQUEST, fake.context(), fake.world(fiveAllowed));
    expect(reason).toMatch(
      /line 1, column level .*too long \(1204\) \(and 4 or more others; 5 rejects are allowed\)\./,
    );
  });
});

describe('an environment that allows none', () => {
  it('stops COPY at the first error and keeps nothing', async () => {
    const fake = loadedWorld();
    await handle(REQUEST, fake.context(), fake.world(ENVIRONMENT));
    const load = fake.statements.find(({ name }) => name.endsWith('-load'));
    expect(load?.sqls.find((sql) => sql.includes('copy public.staging_events'))).toMatch(/\nmaxerror 1\n/);
    expect(fake.filesOf('load').join()).not.toContain('rejects');
  });

  it('speaks of no allowance', () => {
    const detail = {
      file_name: 'f',
      line_number: 1,
      column_name: '',
      error_code: 1216,
      error_message: 'Invalid input',
    };
    const unexplained = { kind: 'source data', message: 'x', advice: 'y' } as const;
    expect(explainLoadErrors('public.staging_events', [detail], [], unexplained).message).toBe(
      'COPY staging_events failed: f line 1: Invalid input (1216).',
    );
  });
});
