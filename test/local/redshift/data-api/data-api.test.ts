import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  DescribeTableCommand,
  ExecuteStatementCommand,
  type ExecuteStatementInput,
  GetStatementResultCommand,
  GetStatementResultV2Command,
  ListDatabasesCommand,
  ListSchemasCommand,
  ListSessionsCommand,
  ListStatementsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-redshift-data';
import { ROLE } from '../copy/harness';
import { type Endpoint, startEndpoint, TARGET } from './endpoint';

describe('The Redshift Data API', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.close());

  const send = (more: Partial<ExecuteStatementInput> & { Sql: string }) =>
    endpoint.client.send(new ExecuteStatementCommand({ ...TARGET, WaitTimeSeconds: 30, ...more }));
  const describeId = (Id: string | undefined) => endpoint.client.send(new DescribeStatementCommand({ Id }));
  const run = async (Sql: string, more: Partial<ExecuteStatementInput> = {}): Promise<DescribeStatementResponse> =>
    describeId((await send({ Sql, ...more })).Id);
  const batch = async (Sqls: string[], more: object = {}): Promise<DescribeStatementResponse> => {
    const { Id } = await endpoint.client.send(
      new BatchExecuteStatementCommand({ ...TARGET, Sqls, WaitTimeSeconds: 30, ...more }),
    );
    return describeId(Id);
  };
  const rows = async (Sql: string, more: Partial<ExecuteStatementInput> = {}) => {
    const { Id, Status } = await run(Sql, more);
    expect(Status).toBe('FINISHED');
    return (await endpoint.client.send(new GetStatementResultCommand({ Id }))).Records;
  };
  const refusal = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => {
        throw new Error('was accepted');
      },
      ({ name, message }: Error) => ({ name, message }),
    );

  describe('the database user', () => {
    const { DbUser: _admin, ...nobody } = TARGET;
    const as = async (accessKeyId: string, target: object, Sql: string) => {
      const client = endpoint.clientAs(accessKeyId);
      const { Id } = await client.send(new ExecuteStatementCommand({ ...target, Sql, WaitTimeSeconds: 30 } as never));
      return client.send(new DescribeStatementCommand({ Id }));
    };

    it('that is asked for by name must be there', async () => {
      expect(await run('select 1', { DbUser: 'stranger' })).toMatchObject({
        Status: 'FAILED',
        Error: 'FATAL: password authentication failed for user "IAM:stranger"',
      });
      await run('create user clerk password disable');
      expect(await run('select 1', { DbUser: 'clerk' })).toMatchObject({ Status: 'FINISHED', DbUser: 'clerk' });
    });

    it('is that of the caller where none is asked for, with the rights of everybody', async () => {
      const own = await as('etl-1', nobody, 'create table public.secrets (a int)');
      expect(own).toMatchObject({ Status: 'FINISHED', DbUser: 'IAMR:etl' });
      expect(await as('other-1', nobody, 'select * from public.secrets')).toMatchObject({
        Status: 'FAILED',
        DbUser: 'IAMR:other',
        Error: 'ERROR: permission denied for relation secrets',
      });
      await run('drop table public.secrets');
    });
  });

  describe('a single statement', () => {
    it('answers each type in its own field, without losing digits', async () => {
      const { Id } = await send({
        Sql: "select 1::smallint as a, 9007199254740993::bigint as b, 1.5::double precision as c, 1.50::numeric(5,2) as d, true as e, 'x'::varchar(9) as f, null::int as g, date '2018-11-02' as h",
      });
      const result = await endpoint.client.send(new GetStatementResultCommand({ Id }));
      expect(result.Records).toEqual([
        [
          { longValue: 1 },
          { longValue: 9007199254740992 },
          { doubleValue: 1.5 },
          { stringValue: '1.50' },
          { booleanValue: true },
          { stringValue: 'x' },
          { isNull: true },
          { stringValue: '2018-11-02' },
        ],
      ]);
      expect(
        result.ColumnMetadata?.map(({ label, typeName, precision, scale }) => [label, typeName, precision, scale]),
      ).toEqual([
        ['a', 'int2', 5, 0],
        ['b', 'int8', 19, 0],
        ['c', 'float8', 17, 17],
        ['d', 'numeric', 5, 2],
        ['e', 'bool', 1, 0],
        ['f', 'varchar', 9, 0],
        ['g', 'int4', 10, 0],
        ['h', 'date', 13, 0],
      ]);
    });

    it('fails in its record, never in the call, and gives the position of a syntax error', async () => {
      expect(await run('selec 1')).toMatchObject({
        Status: 'FAILED',
        Error: expect.stringMatching(/^ERROR: syntax error at or near "selec"\n {2}Position: 1$/),
      });
      expect((await run('select * from nowhere')).Error).toMatch(/^ERROR: relation "nowhere" does not exist/);
      expect((await run('select 1', { Database: 'other' })).Error).toBe('FATAL: database "other" does not exist');
    });

    it('pages a long result, every row once', async () => {
      await run('create table numbers (n int)');
      await run(
        'insert into numbers with recursive r(n) as (select 1 union all select n + 1 from r where n < 2500) select n from r',
      );
      const { Id } = await send({ Sql: 'select n from numbers order by n' });
      const all: number[] = [];
      let NextToken: string | undefined;
      let pages = 0;
      do {
        const page = await endpoint.client.send(new GetStatementResultCommand({ Id, NextToken }));
        all.push(...(page.Records ?? []).map(([field]) => field?.longValue ?? 0));
        expect(page.TotalNumRows).toBe(2500);
        NextToken = page.NextToken;
        pages += 1;
      } while (NextToken !== undefined);
      expect(all).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
      expect(pages).toBeGreaterThan(1);
    });

    it('gives CSV to GetStatementResultV2 only', async () => {
      const { Id } = await send({ Sql: `select 'a"b' as x, 1 as y, null::int as z`, ResultFormat: 'CSV' });
      const result = await endpoint.client.send(new GetStatementResultV2Command({ Id }));
      expect(result.Records).toEqual([{ CSVRecords: '"a""b",1,\r\n' }]);
      expect(await refusal(endpoint.client.send(new GetStatementResultCommand({ Id })))).toMatchObject({
        name: 'ValidationException',
      });
    });

    it('reports changed rows, and has no result to get then', async () => {
      await run('create table changed (n int)');
      const done = await run('insert into changed values (1), (2)');
      expect(done).toMatchObject({ Status: 'FINISHED', HasResultSet: false, ResultRows: 2, ResultSize: 0 });
      expect(await refusal(endpoint.client.send(new GetStatementResultCommand({ Id: done.Id })))).toEqual({
        name: 'ResourceNotFoundException',
        message: 'Query does not have result. Please check query status with DescribeStatement.',
      });
    });

    it('casts named parameters to what is needed and refuses unused ones', async () => {
      await run('create table wanted (n int, t varchar(9))');
      await run("insert into wanted values (1, 'a'), (2, 'b')");
      expect(
        await rows('select t from wanted where n = :n or t = :t', {
          Parameters: [
            { name: 'n', value: '1' },
            { name: 't', value: "x'" },
          ],
        }),
      ).toEqual([[{ stringValue: 'a' }]]);
      expect(await refusal(send({ Sql: "select ':x'", Parameters: [{ name: 'x', value: '1' }] }))).toEqual({
        name: 'ValidationException',
        message: 'Parameters list contains unused parameters. Unused parameters: [x]',
      });
      expect(await run('select :nothing')).toMatchObject({
        Status: 'FAILED',
        Error: expect.stringContaining('syntax error at or near ":"'),
      });
    });

    it('loads with COPY and reports no rows for it', async () => {
      endpoint.files.put('bucket', 'songs/a.json', '{"id":1}\n{"id":2}');
      await run('create table songs (id int not null)');
      expect(await run(`copy songs from 's3://bucket/songs' iam_role '${ROLE}' json 'auto'`)).toMatchObject({
        Status: 'FINISHED',
        HasResultSet: false,
        ResultRows: 0,
      });
      endpoint.files.put('bucket', 'bad/a.json', '{"id":1}\n{"id":"x"}');
      const failed = await run(`copy songs from 's3://bucket/bad' iam_role '${ROLE}' json 'auto'`);
      expect(failed.Error).toMatch(
        /^ERROR: Load into table 'songs' failed\. {2}Check 'sys_load_error_detail' system table/,
      );
      expect(
        await rows(
          'select trim(file_name), line_number, trim(column_name), error_code from sys_load_error_detail order by query_id desc limit 1',
        ),
      ).toEqual([
        [{ stringValue: 's3://bucket/bad/a.json' }, { longValue: 2 }, { stringValue: 'id' }, { longValue: 1207 }],
      ]);
      expect(await rows('select count(*) from songs')).toEqual([[{ longValue: 2 }]]);
    });
  });

  describe('a batch', () => {
    it('is one transaction: the first error undoes all, and the rest never runs', async () => {
      await run('create table one (n int)');
      const parts = ['insert into one values (1)', 'insert into missing values (1)', 'select 1'];
      const done = await batch(parts);
      expect(done).toMatchObject({
        Status: 'FAILED',
        Error: expect.stringMatching(/^Query #2 failed with ERROR: /),
        ExecutionMode: 'TRANSACTION',
      });
      expect(done.SubStatements?.map(({ Id }) => Id)).toEqual([1, 2, 3].map((n) => `${done.Id}:${n}`));
      expect(done.SubStatements?.[1]?.Status).toBe('FAILED');
      expect(done.SubStatements?.[2]).toMatchObject({
        Status: 'ABORTED',
        Error: 'Connection or an prior query failed.',
      });
      expect(await rows('select count(*) from one')).toEqual([[{ longValue: 0 }]]);
    });

    it('commits all parts together, sums rows, and keeps results by part', async () => {
      await run('create table two (n int)');
      const done = await batch(['insert into two values (1), (2)', 'select n from two order by n', 'select 7 as x']);
      expect(done).toMatchObject({ Status: 'FINISHED', HasResultSet: true, ResultRows: 5 });
      const part = await endpoint.client.send(new GetStatementResultCommand({ Id: `${done.Id}:2` }));
      expect(part.Records).toEqual([[{ longValue: 1 }], [{ longValue: 2 }]]);
      expect(await describeId(`${done.Id}:3`)).toMatchObject({ Status: 'FINISHED', QueryString: 'select 7 as x' });
      expect(await refusal(endpoint.client.send(new GetStatementResultCommand({ Id: done.Id })))).toEqual({
        name: 'ValidationException',
        message: 'BatchExecuteStatement result can only be retrieved with sub-statement id.',
      });
    });

    it('goes on after an error in AUTO_COMMIT, on one connection', async () => {
      const done = await batch(
        ['create temp table tt (n int)', 'insert into tt values (1)', 'select * from missing', 'select n from tt'],
        { ExecutionMode: 'AUTO_COMMIT' },
      );
      expect(done.Status).toBe('FAILED');
      expect(done.SubStatements?.map(({ Status }) => Status)).toEqual(['FINISHED', 'FINISHED', 'FAILED', 'FINISHED']);
    });

    it('aborts every part when the database cannot be reached', async () => {
      const done = await batch(['select 1', 'select 2'], { Database: 'other' });
      expect(done).toMatchObject({ Status: 'FAILED', Error: 'FATAL: database "other" does not exist' });
      expect(done.SubStatements?.map((part) => [part.Status, part.Error])).toEqual([
        ['ABORTED', 'Connection or an prior query failed.'],
        ['ABORTED', 'Connection or an prior query failed.'],
      ]);
    });

    it('takes 1 to 40 statements', async () => {
      expect(await refusal(batch([]))).toMatchObject({ name: 'ValidationException' });
      expect(await refusal(batch(Array.from({ length: 41 }, () => 'select 1')))).toEqual({
        name: 'ValidationException',
        message:
          "1 validation error detected: Value '[…]' at 'sqls' failed to satisfy constraint: Member must have length less than or equal to 40",
      });
    });
  });

  it('starts nothing twice under one client token, for 8 hours', async () => {
    await run('create table once (n int)');
    const order = { Sql: 'insert into once values (1)', ClientToken: 'run-1' };
    const first = await send(order);
    expect((await send(order)).Id).toBe(first.Id);
    expect(await rows('select count(*) from once')).toEqual([[{ longValue: 1 }]]);
    endpoint.clock.advance(8 * 3_600_000);
    expect((await send(order)).Id).not.toBe(first.Id);
  });

  it('keeps a session alive between statements, one at a time, and closes it in time', async () => {
    const { SessionId } = await send({ Sql: 'create temp table kept (n int)', SessionKeepAliveSeconds: 60 });
    const target = { ClusterIdentifier: undefined, Database: undefined, DbUser: undefined, SessionId };
    expect((await run('insert into kept values (1)', target)).Status).toBe('FINISHED');
    expect(await rows('select n from kept', target)).toEqual([[{ longValue: 1 }]]);
    const { Sessions } = await endpoint.client.send(new ListSessionsCommand({}));
    expect(Sessions).toMatchObject([{ SessionId, Status: 'AVAILABLE' }]);
    endpoint.clock.advance(60_000);
    expect(await refusal(run('select 1', target))).toEqual({
      name: 'ValidationException',
      message: 'Session is not available',
    });
    expect(await refusal(run('select 1', { ...target, SessionId: '00000000-0000-0000-0000-000000000000' }))).toEqual({
      name: 'ValidationException',
      message: 'Session with Id: 00000000-0000-0000-0000-000000000000 is invalid',
    });
  });

  it('returns from a long poll when the time is over, and cancels what still runs', async () => {
    await run('create table locked (n int)');
    const holder = await endpoint.clusters
      .warehouse('sparkify')
      .then((w) => w.connect({ database: 'sparkify', user: 'sparkify_admin' }));
    await holder.execute('begin');
    await holder.execute('lock locked');
    const { Id, Status } = await send({ Sql: 'insert into locked values (1)', WaitTimeSeconds: undefined });
    expect(['SUBMITTED', 'PICKED', 'STARTED']).toContain(Status);
    const poll = endpoint.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect(await endpoint.client.send(new CancelStatementCommand({ Id }))).toMatchObject({ Status: true });
    expect((await poll).Status).toBe('ABORTED');
    expect(await refusal(endpoint.client.send(new CancelStatementCommand({ Id })))).toEqual({
      name: 'ValidationException',
      message: `Could not cancel a query that is already in ABORTED state with ID: ${Id}`,
    });
    await holder.close();
  });

  it('refuses unknown clusters, statements and badly formed ids', async () => {
    expect(await refusal(send({ Sql: 'select 1', ClusterIdentifier: 'nowhere' }))).toEqual({
      name: 'ValidationException',
      message: "Redshift endpoint doesn't exist in this region.",
    });
    expect(await refusal(describeId('00000000-0000-0000-0000-000000000000'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Query does not exist.',
    });
    expect(await refusal(describeId('nonsense'))).toMatchObject({ name: 'ValidationException' });
    expect(await refusal(send({ Sql: `select '${'x'.repeat(102_400)}'` }))).toMatchObject({
      name: 'ValidationException',
    });
  });

  it('lists the statements of the caller and its role', async () => {
    const as = (key: string) => endpoint.clientAs(key);
    const order = new ExecuteStatementCommand({
      ...TARGET,
      Sql: 'select 1',
      StatementName: 'mine',
      WaitTimeSeconds: 30,
    });
    const { Id } = await as('etl-one').send(order);
    const list = (key: string, RoleLevel?: boolean) =>
      as(key)
        .send(new ListStatementsCommand({ StatementName: 'mine', RoleLevel }))
        .then(({ Statements }) => Statements?.map((s) => s.Id));
    expect(await list('etl-two')).toEqual([Id]);
    expect(await list('etl-two', false)).toEqual([]);
    expect(await list('other-one')).toEqual([]);
  });

  it('lists databases, schemas and tables, and describes a table', async () => {
    await run("create table described (id bigint not null, name varchar(12) default 'x', price numeric(8,2))");
    const { client } = endpoint;
    expect((await client.send(new ListDatabasesCommand(TARGET))).Databases).toEqual(['sparkify']);
    expect((await client.send(new ListSchemasCommand({ ...TARGET, SchemaPattern: 'pub%' }))).Schemas).toEqual([
      'public',
    ]);
    expect((await client.send(new ListTablesCommand({ ...TARGET, TablePattern: 'described' }))).Tables).toEqual([
      { name: 'described', schema: 'public', type: 'TABLE' },
    ]);
    const { ColumnList } = await client.send(
      new DescribeTableCommand({ ...TARGET, Schema: 'public', Table: 'described' }),
    );
    expect(
      ColumnList?.map(({ name, typeName, precision, scale, nullable }) => [name, typeName, precision, scale, nullable]),
    ).toEqual([
      ['id', 'int8', 19, 0, 0],
      ['name', 'varchar', 12, 0, 1],
      ['price', 'numeric', 8, 2, 1],
    ]);
  });

  it('remembers statements and results over a restart, and forgets them after a day', async () => {
    const { Id } = await send({ Sql: 'select 42 as answer' });
    await endpoint.restart();
    expect((await endpoint.client.send(new GetStatementResultCommand({ Id }))).Records).toEqual([[{ longValue: 42 }]]);
    endpoint.clock.advance(24 * 3_600_000 + 1);
    expect(await refusal(describeId(Id))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
