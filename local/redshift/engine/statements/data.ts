import type { TableDefinition } from '../../catalog/relation';
import type { SessionCatalog } from '../../catalog/session-catalog';
import type { Delete, Explain, Insert, Merge, Query, Statement, Update } from '../../dialect/ast';
import type { Translation } from '../../dialect/contract';
import { notImplementedLocally, notSupported } from '../../errors';
import type { Execution, Parameters } from '../execution';
import { done, type Outcome } from '../outcome';
import { lockKey } from '../transaction';

type Write = Insert | Update | Delete | Merge;

/** The tables that a translation writes, as the catalogue has them. */
function writtenTables(catalog: SessionCatalog, { writes }: Translation): readonly TableDefinition[] {
  return writes.flatMap((name) => {
    const found = catalog.relation(name);
    return found?.kind === 'table' ? [found] : [];
  });
}

/** Keys of the locks of tables that others can reach. */
export function tableLocks(tables: readonly TableDefinition[]): readonly string[] {
  return tables.filter(({ temporary }) => !temporary).map(lockKey);
}

export async function performQuery(query: Query, execution: Execution, parameters: Parameters): Promise<Outcome> {
  const translation = await execution.settle((catalog) => ({
    content: checked(
      execution.engine.dialect.translateQuery(query, execution.translation(catalog, parameters)),
      execution,
    ),
    locks: [],
  }));
  const last = await runAllButLast(translation, execution);
  const columns = translation.columns ?? [];
  return { command: 'SELECT', affectedRows: 0, columns, rows: execution.cells(last, columns) };
}

/** @throws RedshiftError 42501 where the current user may not do what the statement does */
export function checked(translation: Translation, { access }: Execution): Translation {
  access.check(translation.accesses);
  return translation;
}

/** Runs the preparing statements. @returns the last one */
export async function runAllButLast({ engineSql }: Translation, execution: Execution): Promise<string> {
  for (const sql of engineSql.slice(0, -1)) {
    await execution.run(sql);
  }
  return engineSql.at(-1) ?? '';
}

export async function performWrite(statement: Write, execution: Execution, parameters: Parameters): Promise<Outcome> {
  const { translation, tables } = await execution.settle((catalog) => {
    const translated = execution.engine.dialect.translateWrite(statement, execution.translation(catalog, parameters));
    checked(translated, execution);
    const written = writtenTables(catalog, translated);
    return { content: { translation: translated, tables: written }, locks: tableLocks(written) };
  });
  for (const table of tables) {
    execution.noteWrite(table);
  }
  const last = await runAllButLast(translation, execution);
  return done(statement.node.toUpperCase(), await execution.run(last));
}

/** The engine's plan, one line a row; its operators and costs are not Redshift's. */
export async function performExplain(
  { statement }: Explain,
  execution: Execution,
  parameters: Parameters,
): Promise<Outcome> {
  const translation = await execution.settle((catalog) => ({
    content: checked(translate(statement, execution, catalog, parameters), execution),
    locks: [],
  }));
  const last = await runAllButLast({ ...translation, engineSql: translation.engineSql.slice(-1) }, execution);
  const plan = await execution.query(`EXPLAIN ${last}`);
  const lines = plan.flatMap((row) => String(row[1]).split('\n')).filter((line) => line.trim() !== '');
  const columns = [{ label: 'QUERY PLAN', type: { name: 'varchar', length: 65535 }, nullable: 1 }] as const;
  const rows = async function* () {
    yield lines.map((line) => [line]);
  };
  return { command: 'EXPLAIN', affectedRows: 0, columns, rows: rows() };
}

function translate(statement: Statement, execution: Execution, catalog: SessionCatalog, parameters: Parameters) {
  const context = execution.translation(catalog, parameters);
  const { dialect } = execution.engine;
  switch (statement.node) {
    case 'query statement':
      return dialect.translateQuery(statement.query, context);
    case 'insert':
    case 'update':
    case 'delete':
      return dialect.translateWrite(statement, context);
    case 'create table as':
      return dialect.translateQuery(statement.query, context);
    case 'merge':
      throw notImplementedLocally('EXPLAIN MERGE');
    default:
      throw notSupported('EXPLAIN is supported for SELECT, CREATE TABLE AS, INSERT, UPDATE and DELETE only');
  }
}
