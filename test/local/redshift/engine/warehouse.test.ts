import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CopyRunner } from '../../../../local/redshift/copy/copy-runner';
import { RedshiftError } from '../../../../local/redshift/errors';
import { connect, failure, open, rows } from './support';

describe('a warehouse', () => {
  it('keeps its catalogue, data, procedures and numbers across a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
    try {
      const file = join(folder, 'cluster.duckdb');
      const first = await open({ file });
      const before = await connect(first);
      await rows(before, 'create schema etl', 'create table etl.t (id int identity(1,1), a varchar(3)) sortkey (a)');
      await rows(before, "insert into etl.t (a) values ('x')", 'create view v as select a from etl.t');
      await rows(
        before,
        "create procedure p() as $$ begin insert into etl.t (a) values ('p'); end; $$ language plpgsql",
      );
      const { queryId } = await before.execute('select 1');
      await first.close();
      const second = await open({ file });
      const after = await connect(second);
      expect((await after.execute('select 1')).queryId).toBeGreaterThan(queryId);
      await rows(after, 'call p()');
      expect(await rows(after, 'select a from v order by a')).toEqual([['p'], ['x']]);
      expect(await rows(after, 'select count(distinct id) from etl.t')).toEqual([[2n]]);
      expect((await failure(after, 'create table etl.t (a int)')).sqlState).toBe('42P07');
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has one database and says so', async () => {
    const warehouse = await open();
    expect(await warehouse.listDatabases()).toEqual(['sparkify']);
    await expect(warehouse.connect({ database: 'dev', user: 'a' })).rejects.toMatchObject({
      message: 'database "dev" does not exist',
      sqlState: '3D000',
    });
    await warehouse.close();
    await expect(warehouse.connect({ database: 'sparkify', user: 'a' })).rejects.toMatchObject({ sqlState: '57P03' });
  });

  it('streams a long result in chunks, which the next statement may cut short', async () => {
    const warehouse = await open();
    const session = await connect(warehouse);
    await rows(session, 'create table d (a int)', 'insert into d values (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)');
    const sql = 'select v.a from d v, d w, d x, d y, d z';
    expect(await rows(session, sql)).toHaveLength(100_000);
    const cut = await session.execute(sql);
    for await (const chunk of cut.rows) {
      expect(chunk.length).toBeLessThan(10_000);
      break;
    }
    const unread = await session.execute(sql);
    expect(await rows(session, 'select count(*) from d')).toEqual([[10n]]);
    expect(unread.columns?.[0]?.label).toBe('a');
    await warehouse.close();
  });

  it('gives COPY the table inside the transaction and keeps what it records of a failed load', async () => {
    const copy: CopyRunner = {
      run: async (statement, context) => {
        const relation = context.connection.relationSql(context.table);
        await context.connection.run(
          `INSERT INTO ${relation} SELECT range::INTEGER, ${context.defaultSql('b')} FROM range(3)`,
        );
        if (statement.from.endsWith('bad')) {
          await context.recordLoadErrors([
            {
              fileName: 's3://bucket/bad',
              lineNumber: 3,
              columnName: 'a',
              columnType: 'int4',
              columnLength: '',
              position: 0,
              errorCode: 1207,
              errorMessage: "Invalid digit, Value 'x', Pos 0, Type: Integer",
              rawLine: '{"a":"x"}',
              rawFieldValue: 'x',
            },
          ]);
          throw new RedshiftError("Load into table 't' failed.", 'XX000');
        }
        return { loadedRows: 3, notices: ['loaded'] };
      },
    };
    const warehouse = await open({ copy });
    const session = await connect(warehouse);
    await rows(session, "create table t (a int, b varchar(9) default 'dflt')");
    const role = "iam_role 'arn:aws:iam::000000000000:role/copy' format as json 'auto'";
    expect(await rows(session, 'select pg_last_copy_id()')).toEqual([[-1]]);
    const result = await session.execute(`copy t from 's3://bucket/good' ${role}`);
    expect([result.command, result.affectedRows, result.notices]).toEqual(['COPY', 0, ['loaded']]);
    expect(await rows(session, 'select pg_last_copy_count(), pg_last_copy_id()')).toEqual([[3n, result.queryId]]);
    await rows(session, 'begin');
    await failure(session, `copy t from 's3://bucket/bad' ${role}`);
    await rows(session, 'rollback');
    expect(await rows(session, 'select count(*), min(b) from t')).toEqual([[3n, 'dflt']]);
    expect(
      await rows(
        session,
        'select trim(file_name), line_number, trim(column_name), error_code from sys_load_error_detail',
      ),
    ).toEqual([['s3://bucket/bad', 3n, 'a', 1207]]);
    expect(await rows(session, 'select pg_last_copy_count()')).toEqual([[0n]]);
    await warehouse.close();
  });
});

describe('system views', () => {
  it('list what was run, with label, status and error', async () => {
    const warehouse = await open();
    const session = await connect(warehouse);
    await rows(session, "set query_group to 'run-1'", 'create table t (a int)', 'select * from t');
    await failure(session, 'select * from missing');
    expect(
      await rows(
        session,
        `select trim(query_type), trim(status), trim(error_message), trim(query_text) from sys_query_history
         where trim(query_label) = 'run-1' order by query_id`,
      ),
    ).toEqual([
      ['UTILITY', 'success', '', "set query_group to 'run-1'"],
      ['DDL', 'success', '', 'create table t (a int)'],
      ['SELECT', 'success', '', 'select * from t'],
      ['SELECT', 'failed', 'relation "missing" does not exist', 'select * from missing'],
    ]);
    await rows(session, 'create user ann password disable');
    const ann = await connect(warehouse, 'ann');
    expect(await rows(ann, 'select count(*) from sys_query_history')).toEqual([[0n]]);
    await warehouse.close();
  });

  it('describe tables and columns', async () => {
    const warehouse = await open();
    const session = await connect(warehouse);
    await rows(
      session,
      'create schema etl',
      'create table songs (song_id varchar(18) not null encode zstd, year int, duration double precision) diststyle key distkey (song_id) compound sortkey (year, song_id)',
      'create table etl.runs (a int)',
      'create view v as select song_id from songs',
    );
    expect(await rows(session, 'select * from pg_table_def')).toEqual([
      ['public', 'songs', 'song_id', 'character varying(18)', 'zstd', true, 2, true],
      ['public', 'songs', 'year', 'integer', 'none', false, 1, false],
      ['public', 'songs', 'duration', 'double precision', 'none', false, 0, false],
    ]);
    expect(await rows(session, 'select * from svv_table_info')).toEqual([]);
    await rows(session, "insert into songs values ('a', 1, 2.5), ('b', 2, 3.5)");
    expect(
      await rows(session, 'select "schema", "table", diststyle, sortkey1, sortkey_num, tbl_rows from svv_table_info'),
    ).toEqual([['public', 'songs', 'KEY(song_id)', 'year', 2, '2']]);
    expect(await rows(session, 'select table_schema, table_name, table_type from svv_tables order by 1, 2')).toEqual([
      ['etl', 'runs', 'BASE TABLE'],
      ['public', 'songs', 'BASE TABLE'],
      ['public', 'v', 'VIEW'],
    ]);
    expect(
      await rows(
        session,
        "select column_name, data_type, is_nullable, character_maximum_length from information_schema.columns where table_name = 'songs' order by ordinal_position",
      ),
    ).toEqual([
      ['song_id', 'character varying', 'NO', 18],
      ['year', 'integer', 'YES', null],
      ['duration', 'double precision', 'YES', null],
    ]);
    expect(await rows(session, 'select schema_name from svv_all_schemas order by 1')).toEqual([['etl'], ['public']]);
    await warehouse.close();
  });
});
