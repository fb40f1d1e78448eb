import type { CopyRunner } from '../../../../local/redshift/copy/copy-runner';
import type { Session, Warehouse } from '../../../../local/redshift/warehouse';
import { connect, failure, open, rows, settleDown } from './support';

let warehouse: Warehouse;
let one: Session;
let two: Session;

beforeEach(async () => {
  warehouse = await open();
  one = await connect(warehouse);
  two = await connect(warehouse);
  await rows(one, 'create table t (a int, b varchar(10))', 'create table u (a int)', "insert into t values (1, 'x')");
});
afterEach(() => warehouse.close());

describe('transactions', () => {
  it('commit each statement outside a block', async () => {
    await rows(one, "insert into t values (2, 'y')");
    expect(await rows(two, 'select count(*) from t')).toEqual([[2n]]);
    expect(one.transaction).toBe('idle');
  });

  it('show their changes to others at COMMIT only, and take them back at ROLLBACK', async () => {
    await rows(one, 'begin', "insert into t values (2, 'y')");
    expect(one.transaction).toBe('open');
    expect(await rows(two, 'select count(*) from t')).toEqual([[1n]]);
    await rows(one, 'commit');
    expect(await rows(two, 'select count(*) from t')).toEqual([[2n]]);
    await rows(one, 'begin', 'delete from t', 'rollback');
    expect(await rows(two, 'select count(*) from t')).toEqual([[2n]]);
  });

  it('refuse everything after an error until the block ends', async () => {
    await rows(one, 'begin', "insert into t values (2, 'y')");
    expect(await failure(one, 'select * from missing')).toMatchObject({
      message: 'relation "missing" does not exist',
      sqlState: '42P01',
    });
    expect(one.transaction).toBe('aborted');
    expect(await failure(one, 'select 1')).toMatchObject({
      message: 'current transaction is aborted, commands ignored until end of transaction block',
      sqlState: '25P02',
    });
    expect((await one.execute('commit')).command).toBe('ROLLBACK');
    expect(one.transaction).toBe('idle');
    expect(await rows(one, 'select count(*) from t')).toEqual([[1n]]);
  });

  it('are aborted by a syntax error as well', async () => {
    await rows(one, 'begin');
    expect((await failure(one, 'selekt 1')).sqlState).toBe('42601');
    expect(one.transaction).toBe('aborted');
  });

  it('roll DDL back with the data', async () => {
    await rows(one, 'begin', 'create schema s', 'create table s.n (a int)', 'insert into s.n values (1)');
    await rows(one, 'alter table t add column c int default 7', 'drop table u');
    expect(await rows(one, 'select a, c from t')).toEqual([[1, 7]]);
    await rows(one, 'rollback');
    expect((await failure(one, 'select * from s.n')).sqlState).toBe('42P01');
    expect((await failure(one, 'select c from t')).sqlState).toBe('42703');
    expect(await rows(one, 'select * from u')).toEqual([]);
  });

  it('commit at TRUNCATE, what precedes it included', async () => {
    await rows(one, 'begin', 'insert into u values (1)', 'truncate t', 'rollback');
    expect(await rows(two, 'select (select count(*) from t), (select count(*) from u)')).toEqual([[0n, 1n]]);
  });

  it('end with their session', async () => {
    await rows(one, 'begin', 'delete from t');
    await one.close();
    expect(await rows(two, 'delete from t', 'select count(*) from t')).toEqual([[0n]]);
  });

  it('refuse VACUUM and ALTER COLUMN TYPE in a block', async () => {
    await rows(one, 'begin');
    expect((await failure(one, 'vacuum t')).message).toBe('VACUUM cannot run inside a transaction block');
    await rows(one, 'rollback', 'begin');
    expect((await failure(one, 'alter table t alter column b type varchar(20)')).message).toBe(
      'ALTER TABLE ALTER COLUMN cannot run inside a multiple commands statement',
    );
    await rows(one, 'rollback', 'alter table t alter column b type varchar(20)', 'vacuum t', 'analyze t');
  });

  it('take SET back at ROLLBACK, and SET LOCAL at the end', async () => {
    await rows(one, "set query_group to 'a'", 'begin', "set query_group to 'b'", 'rollback');
    expect(await rows(one, 'show query_group')).toEqual([['a']]);
    await rows(one, 'begin', "set local query_group to 'c'");
    expect(await rows(one, 'show query_group')).toEqual([['c']]);
    await rows(one, 'commit');
    expect(await rows(one, 'show query_group')).toEqual([['a']]);
  });
});

describe('write locks', () => {
  it('make a second writer wait and then see what the first has committed', async () => {
    await rows(one, 'begin', "insert into t values (2, 'y')");
    let finished = false;
    const waiting = rows(two, 'begin', 'update t set b = b || a').then(() => {
      finished = true;
    });
    await settleDown();
    expect(finished).toBe(false);
    await rows(one, 'commit');
    await waiting;
    expect(await rows(two, 'select * from t order by a')).toEqual([
      [1, 'x1'],
      [2, 'y2'],
    ]);
  });

  it('are taken by LOCK before the snapshot', async () => {
    await rows(one, 'begin', 'lock t', "insert into t values (2, 'y')");
    const waiting = rows(two, 'begin', 'lock table t', 'select count(*) from t');
    await settleDown();
    await rows(one, 'commit');
    expect(await waiting).toEqual([[2n]]);
  });

  it('fix the snapshot too: what others commit after LOCK is not seen', async () => {
    await rows(one, 'begin', 'lock t');
    await rows(two, 'insert into u values (1)');
    expect(await rows(one, 'select count(*) from u')).toEqual([[0n]]);
  });

  it('are handed on in the order of asking', async () => {
    const three = await connect(warehouse);
    const order: string[] = [];
    await rows(one, 'begin', 'lock t');
    const second = rows(two, 'insert into t values (2)').then(() => order.push('two'));
    await settleDown();
    const third = rows(three, 'insert into t values (3)').then(() => order.push('three'));
    await settleDown();
    await rows(one, 'commit');
    await Promise.all([second, third]);
    expect(order).toEqual(['two', 'three']);
  });

  it('do not make readers wait', async () => {
    await rows(one, 'begin', 'delete from t', 'drop table u');
    expect(await rows(two, 'select count(*) from t')).toEqual([[1n]]);
    expect(await rows(two, 'select count(*) from u')).toEqual([[0n]]);
  });

  it('end a deadlock by an error for the younger', async () => {
    await rows(one, 'begin', 'insert into t values (2)');
    await rows(two, 'begin', 'insert into u values (2)');
    const old = rows(one, 'insert into u values (1)');
    await settleDown();
    expect(await failure(two, 'insert into t values (3)')).toMatchObject({
      message: 'deadlock detected',
      sqlState: '40P01',
    });
    await old;
    await rows(one, 'commit');
    expect(await rows(two, 'rollback', 'select a from u')).toEqual([[1]]);
  });

  it('answer 1023 to a writer whose snapshot is older than the last commit', async () => {
    const [[oid] = []] = await rows(one, 'select table_id from svv_table_info where "table" = \'t\'');
    await rows(two, 'begin', 'select * from t');
    await rows(one, "insert into t values (2, 'y')");
    const error = await failure(two, 'update t set a = 5');
    expect(error).toMatchObject({ message: '1023', sqlState: 'XX000' });
    expect(error.more.detail).toMatch(
      new RegExp(
        `^Serializable isolation violation on table - ${oid}, transactions forming the cycle are: \\d+, \\d+ \\(pid:${two.pid}\\)$`,
      ),
    );
  });

  it('follow a table that was dropped and made anew while the writer waited', async () => {
    await rows(one, 'begin', 'drop table t', 'create table t (a varchar(3), b varchar(10))');
    const waiting = rows(two, 'insert into t values (1, 2)');
    await settleDown();
    await rows(one, 'commit');
    await waiting;
    expect(await rows(one, 'select * from t')).toEqual([['1', '2']]);
  });
});

describe('cancel', () => {
  it('ends a wait for a lock', async () => {
    await rows(one, 'begin', 'lock t');
    const waiting = failure(two, 'insert into t values (2)');
    await settleDown();
    two.cancel();
    const error = await waiting;
    expect(error.sqlState).toBe('57014');
    expect(error.message).toMatch(/^Query \(\d+\) cancelled on user's request$/);
    expect(await rows(two, 'select count(*) from t')).toEqual([[1n]]);
  });

  it('interrupts the engine in the middle of a statement and leaves the session usable', async () => {
    let started = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const copy: CopyRunner = {
      run: async (_statement, { connection }) => {
        const endless = connection.run('SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 8');
        started();
        await endless;
        return { loadedRows: 0, notices: [] };
      },
    };
    const other = await open({ copy });
    const session = await connect(other);
    await rows(session, 'create table t (a int)');
    const failed = failure(session, "copy t from 's3://b/k' iam_role 'arn:aws:iam::000000000000:role/r' json 'auto'");
    await running;
    session.cancel();
    expect((await failed).sqlState).toBe('57014');
    expect(await rows(session, 'select 1')).toEqual([[1]]);
    await other.close();
  });

  it('does nothing when nothing runs', async () => {
    one.cancel();
    expect(await rows(one, 'select 1')).toEqual([[1]]);
  });

  it('comes by itself after statement_timeout', async () => {
    await rows(one, 'begin', 'lock t');
    await rows(two, 'set statement_timeout to 5');
    expect((await failure(two, 'insert into t values (2)')).sqlState).toBe('57014');
  });
});
