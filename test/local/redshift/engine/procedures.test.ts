import type { Session, Warehouse } from '../../../../local/redshift/warehouse';
import { connect, failure, open, rows } from './support';

let warehouse: Warehouse;
let session: Session;

beforeAll(async () => {
  warehouse = await open();
  session = await connect(warehouse);
  await rows(session, 'create table t (a int, b varchar(20))', 'create table log (message varchar(200))');
});
beforeEach(() => rows(session, 'truncate t', 'truncate log'));
afterAll(() => warehouse.close());

const define = (signature: string, body: string) =>
  rows(session, `create or replace procedure ${signature} as $$ ${body} $$ language plpgsql`);

describe('stored procedures', () => {
  it('put their parameters and variables into SQL', async () => {
    await define(
      'fill(n in int, label in varchar(20))',
      `declare twice int := n * 2; begin
         insert into t values (n, label), (twice, label || '!');
         update t set b = upper(b) where a = twice;
       end;`,
    );
    await rows(session, "call fill(4, 'it''s')");
    expect(await rows(session, 'select * from t order by a')).toEqual([
      [4, "it's"],
      [8, "IT'S!"],
    ]);
  });

  it('raise an exception with its message, which ends the transaction', async () => {
    await define(
      'check_rows(least int)',
      `declare found_rows bigint; begin
         insert into t values (1, 'lost');
         select count(*) into found_rows from t;
         if found_rows < least then
           raise exception 'check % failed: % of % rows, 100%%', 'rows', found_rows, least;
         elsif found_rows = least then raise info 'just %', found_rows;
         else null; end if;
       end;`,
    );
    expect(await failure(session, 'call check_rows(3)')).toMatchObject({
      message: 'check rows failed: 1 of 3 rows, 100%',
      sqlState: 'P0001',
    });
    expect(await rows(session, 'select * from t')).toEqual([]);
    expect((await session.execute('call check_rows(1)')).notices).toEqual(['just 1']);
  });

  it('keep the message of a failing statement', async () => {
    await define('broken()', "begin insert into t values (1, 'far too long for twenty characters'); end;");
    expect((await failure(session, 'call broken()')).message).toContain(
      'value too long for type character varying(20)',
    );
  });

  it('answer their OUT and INOUT parameters as one row', async () => {
    await define('outs(a in int, b inout int, c out varchar(10))', "begin b := a + b; c := 'sum ' || b; end;");
    const result = await session.execute('call outs(1, 2)');
    expect(result.columns?.map(({ label, type }) => [label, type.name])).toEqual([
      ['b', 'integer'],
      ['c', 'varchar'],
    ]);
    expect(await rows(session, 'call outs(1, 2)')).toEqual([[3, 'sum 3']]);
  });

  it('loop over ranges, queries and conditions, and leave labelled loops', async () => {
    await define(
      'loops()',
      `declare r record; n int := 0; total int := 0;
       begin
         for i in 1..3 loop insert into t values (i, 'up'); end loop;
         for i in reverse 3..1 loop total := total * 10 + i; end loop;
         for r in select a, b from t order by a loop
           continue when r.a = 2;
           insert into log values (r.a || r.b);
         end loop;
         <<outer_loop>> loop
           loop n := n + 1; exit outer_loop when n >= 5; end loop;
         end loop;
         while n < 7 loop n := n + 1; end loop;
         insert into log values (total || '/' || n);
       end;`,
    );
    await rows(session, 'call loops()');
    expect(await rows(session, 'select message from log order by 1')).toEqual([['1up'], ['321/7'], ['3up']]);
  });

  it('run text with EXECUTE, and know FOUND', async () => {
    await define(
      'dynamic(tbl varchar(20))',
      `declare n bigint; begin
         execute 'insert into ' || quote_ident(tbl) || ' values (9, ''dyn'')';
         execute 'select count(*) from ' || tbl into n;
         insert into log values ('n=' || n);
         update t set b = 'none' where a = 777;
         if not found then insert into log values ('none'); end if;
         select a into n from t where a = 9;
         if found then insert into log values ('found ' || n); end if;
       end;`,
    );
    await rows(session, "call dynamic('t')");
    expect(await rows(session, 'select message from log order by 1')).toEqual([['found 9'], ['n=1'], ['none']]);
  });

  it('roll back, run the handler in a transaction of its own and throw again', async () => {
    await define(
      'handled()',
      `begin
         insert into t values (1, 'a');
         insert into t values (2 / 0, 'b');
       exception when others then
         insert into log values ('failed: ' || sqlerrm);
       end;`,
    );
    expect((await failure(session, 'call handled()')).message).toMatch(/divi(sion|de) by zero/i);
    expect(await rows(session, 'select * from t')).toEqual([]);
    expect(String((await rows(session, 'select message from log'))[0]?.[0])).toMatch(/^failed: /);
  });

  it('commit inside when called outside a block, and refuse it in one', async () => {
    await define(
      'step()',
      "begin insert into t values (1, 'kept'); commit; insert into t values (2, 'lost'); raise exception 'stop'; end;",
    );
    await failure(session, 'call step()');
    expect(await rows(session, 'select b from t')).toEqual([['kept']]);
    await rows(session, 'begin');
    expect((await failure(session, 'call step()')).message).toContain('COMMIT cannot be invoked from a procedure');
    await rows(session, 'rollback');
  });

  it('call each other, sixteen deep at most', async () => {
    await define('deep(n int)', 'begin if n > 1 then call deep(n - 1); end if; insert into t values (n, null); end;');
    await rows(session, 'call deep(16)');
    expect(await rows(session, 'select count(*) from t')).toEqual([[16n]]);
    expect((await failure(session, 'call deep(17)')).message).toContain('16 levels');
  });

  it('are found by name and number of arguments, and dropped', async () => {
    await define('gone(a int)', 'begin null; end;');
    expect((await failure(session, 'call gone()')).sqlState).toBe('42883');
    expect(
      (await failure(session, 'create procedure gone(a int) as $$ begin null; end; $$ language plpgsql')).sqlState,
    ).toBe('42723');
    await rows(session, 'drop procedure gone(int)');
    expect((await failure(session, 'call gone(1)')).sqlState).toBe('42883');
  });

  it('refuse a query whose rows go nowhere', async () => {
    await define('nowhere()', 'begin select 1; end;');
    expect((await failure(session, 'call nowhere()')).message).toBe('query has no destination for result data');
  });
});
