import { IfBranch } from '../../../../local/redshift/dialect/branches';
import { parseProcedureBody, parseStatement } from '../../../../local/redshift/dialect/parser';
import { bare } from './parser-printer';

const statements = (text: string) => (bare(parseProcedureBody(`begin ${text} end;`)) as { body: unknown[] }).body;
const column = (name: string) => ({ node: 'column', parts: [name], position: 0 }) as const;
const number = (text: string) => ({ node: 'literal', literal: { kind: 'number', text } });

describe('CREATE PROCEDURE', () => {
  it('reads parameters, body and clauses', () => {
    const sql = `create or replace procedure etl.run(run_id varchar(64), total inout bigint, out double precision)
      nonatomic as $body$begin null; end$body$ language plpgsql security definer`;
    expect(parseStatement(sql)).toMatchObject({
      name: { parts: ['etl', 'run'] },
      orReplace: true,
      parameters: [
        { name: 'run_id', mode: 'in', type: { name: 'varchar', length: 64 } },
        { name: 'total', mode: 'inout', type: { name: 'bigint' } },
        { name: '', mode: 'out', type: { name: 'double precision' } },
      ],
      body: 'begin null; end',
      securityDefiner: true,
      nonAtomic: true,
    });
  });

  it('finds an error in the body and gives its place in the statement', () => {
    const sql = 'create procedure p() as $$ begin if; end $$ language plpgsql';
    expect(() => parseStatement(sql)).toThrow(
      expect.objectContaining({ message: 'syntax error at or near ";"', more: { position: sql.indexOf(';') + 1 } }),
    );
  });

  it('knows PL/pgSQL only', () => {
    expect(() => parseStatement("create procedure p() as 'x' language sql")).toThrow();
  });
});

describe('procedure bodies', () => {
  it('reads declarations and the handler', () => {
    const block = parseProcedureBody(
      `declare a int := 1; b constant varchar(3) not null default 'x'; r record;
      begin null; exception when others then raise; end`.replace('raise;', "raise info 'x';"),
    );
    expect(bare(block)).toMatchObject({
      declarations: [
        { name: 'a', type: { name: 'integer' }, constant: false, initial: number('1') },
        { name: 'b', type: { name: 'varchar', length: 3 }, constant: true },
        { name: 'r', type: { name: 'record' } },
      ],
      handler: [{ do: 'raise', level: 'info' }],
    });
  });

  it('reads assignments with either sign', () => {
    expect(statements('a := 1; r.b = 1;')).toEqual([
      { do: 'assign', target: 'a', value: number('1') },
      { do: 'assign', target: 'r.b', value: number('1') },
    ]);
  });

  it('reads IF, and CASE as an IF', () => {
    expect(statements('if a then null; elsif b then return; else null; end if;')).toMatchObject([
      {
        do: 'if',
        branches: [new IfBranch(column('a'), [{ do: 'null' }]), new IfBranch(column('b'), [{ do: 'return' }])].map(
          bare,
        ),
        otherwise: [{}],
      },
    ]);
    expect(statements('case a when 1, 2 then null; end case;')).toMatchObject([
      {
        do: 'if',
        branches: [{ condition: { operator: 'or' } }],
        otherwise: [{ do: 'raise', format: 'case not found' }],
      },
    ]);
  });

  it('reads loops, labels and jumps', () => {
    expect(statements('<<rows_loop>> loop exit rows_loop when a > 1; continue; end loop rows_loop;')).toMatchObject([
      { do: 'loop', label: 'rows_loop', body: [{ do: 'exit', label: 'rows_loop', when: {} }, { do: 'continue' }] },
    ]);
    expect(statements('for i in reverse 10..1 by 2 loop null; end loop;')).toMatchObject([
      { do: 'for range', variable: 'i', from: number('10'), to: number('1'), by: number('2'), reverse: true },
    ]);
    expect(statements('while a loop null; end loop;')).toMatchObject([{ do: 'while', condition: { parts: ['a'] } }]);
  });

  it('keeps the query of a FOR loop as text', () => {
    expect(statements("for r in select ';loop' from t loop null; end loop;")).toMatchObject([
      { do: 'for query', targets: ['r'], query: { sql: "select ';loop' from t" } },
    ]);
    expect(statements("for a, b in execute 'x' || y loop null; end loop;")).toMatchObject([
      { targets: ['a', 'b'], query: { dynamic: { operator: '||' } } },
    ]);
  });

  it('takes INTO out of a SELECT, wherever it stands', () => {
    expect(
      statements('select count(*), max(x) into a, r.b from t; select 1 into a; select f(x) from t into a;'),
    ).toEqual([
      { do: 'select into', sql: 'select count(*), max(x) from t', into: ['a', 'r.b'] },
      { do: 'select into', sql: 'select 1', into: ['a'] },
      { do: 'select into', sql: 'select f(x) from t', into: ['a'] },
    ]);
  });

  it('keeps other SQL as text', () => {
    expect(statements("insert into t select case when a then 'b;' end from s; commit; call p(1);")).toEqual([
      { do: 'sql', sql: "insert into t select case when a then 'b;' end from s" },
      { do: 'sql', sql: 'commit' },
      { do: 'sql', sql: 'call p(1)' },
    ]);
  });

  it('reads EXECUTE and RAISE', () => {
    expect(statements("execute 'select ' || a into b, c; raise exception '% of 100%%', a;")).toMatchObject([
      { do: 'execute', into: ['b', 'c'] },
      { do: 'raise', level: 'exception', format: '% of 100%%', arguments: [{}] },
    ]);
  });

  it('reads blocks inside blocks', () => {
    expect(statements('declare x int; begin null; end; begin end;')).toMatchObject([
      { do: 'block', block: { declarations: [{ name: 'x' }] } },
      { do: 'block', block: { body: [] } },
    ]);
  });

  it.each([
    ["raise notice '%';", 'too few parameters specified for RAISE'],
    ["raise notice 'x', 1;", 'too many parameters specified for RAISE'],
    ['return 1;', 'syntax error at or near "1"'],
    ["execute 'x' using 1;", 'syntax error at or near "using"'],
    ['if a then null;', 'syntax error at or near ";"'],
    ['null; exception when division_by_zero then null;', 'unrecognized exception condition "division_by_zero"'],
    ['fetch c into a;', 'FETCH in a stored procedure is not implemented by the local engine'],
  ])('refuses %s', (text, message) => {
    expect(() => statements(text)).toThrow(message);
  });
});
