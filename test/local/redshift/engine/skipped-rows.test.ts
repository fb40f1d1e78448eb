import type { CopyRunner } from '../../../../local/redshift/copy/copy-runner';
import type { Session, Warehouse } from '../../../../local/redshift/warehouse';
import { connect, open, rows } from './support';

/** Loads two rows and skips the third line, as MAXERROR allows. */
const skipping: CopyRunner = {
  run: async (_statement, context) => {
    await context.connection.run(`INSERT INTO ${context.connection.relationSql(context.table)} SELECT 1 FROM range(2)`);
    await context.recordLoadErrors([
      {
        fileName: 's3://bucket/file',
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
    return { loadedRows: 2, notices: [] };
  },
};
const COPY = "copy t from 's3://bucket/file' iam_role 'arn:aws:iam::000000000000:role/copy' json 'auto' maxerror 5";
const KEEP =
  'insert into kept select line_number, trim(raw_field_value) from stl_load_errors where query = pg_last_copy_id()';

let warehouse: Warehouse;
let session: Session;
beforeEach(async () => {
  warehouse = await open({ copy: skipping });
  session = await connect(warehouse);
  await rows(session, 'create table t (a int)', 'create table kept (line bigint, value varchar(8))');
});
afterEach(() => warehouse.close());

describe('the rows that a COPY skips', () => {
  it('are told at once to the transaction that it runs in, which may keep them', async () => {
    await rows(session, 'begin', COPY, KEEP, 'commit');
    expect(await rows(session, 'select * from kept')).toEqual([[3n, 'x']]);
    expect(await rows(session, 'select count(*) from stl_load_errors')).toEqual([[1n]]);
    expect(await rows(await connect(warehouse), 'select count(*) from sys_load_error_detail')).toEqual([[1n]]);
  });

  it('are told still when the transaction is rolled back, once', async () => {
    await rows(session, 'begin', COPY, KEEP, 'rollback');
    expect(await rows(session, 'select * from kept', 'select * from t')).toEqual([]);
    expect(await rows(session, 'select line_number from stl_load_errors')).toEqual([[3n]]);
  });

  it('are those of the last COPY', async () => {
    await rows(session, 'begin', COPY, COPY, KEEP, 'commit');
    expect(await rows(session, 'select * from kept')).toEqual([[3n, 'x']]);
    expect(await rows(session, 'select count(*) from stl_load_errors')).toEqual([[2n]]);
  });
});
