import type { TableDefinition } from '../../catalog/relation';
import type { Analyze, Lock, Truncate, Vacuum } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import { permissionDenied } from '../access-control';
import { engineRelation, TEMP_SCHEMA } from '../engine-names';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { tableLocks } from './data';
import { existingColumn, existingTable, relationEntry } from './names';

/**
 * Source: Developer Guide, "Managing transactions": a procedure called in a transaction block ends no transaction.
 * @throws RedshiftError 2D000
 */
export function refuseInAtomicContext(command: string, execution: Execution): void {
  if (execution.callDepth > 0 && execution.control.block === 'open') {
    throw new RedshiftError(
      `${command} cannot be invoked from a procedure that is executing in an atomic context.`,
      '2D000',
      { hint: 'Try calling the procedure as a top-level call i.e. not from within an explicit transaction block.' },
    );
  }
}

/** Empties a table and commits, what precedes included. Source: Developer Guide, TRUNCATE. */
export async function truncate(statement: Truncate, execution: Execution): Promise<Outcome> {
  refuseInAtomicContext('TRUNCATE', execution);
  const table = await execution.settle((catalog) => {
    const found = existingTable(catalog, statement.table, execution);
    const entry = relationEntry(found, execution);
    if (entry !== undefined) {
      execution.access.own(entry, 'truncate');
    }
    return { content: found, locks: tableLocks([found]) };
  });
  execution.noteWrite(table);
  await execution.run(`TRUNCATE ${engineRelation(table)}`);
  await execution.control.commitAndGoOn();
  return done('TRUNCATE TABLE');
}

/** LOCK: the tables' write locks until the end of the transaction, before its snapshot is taken. */
export async function lock(statement: Lock, execution: Execution): Promise<Outcome> {
  await execution.settle((catalog) => {
    const tables = statement.tables.map((name) => existingTable(catalog, name, execution));
    for (const table of tables) {
      mayLock(table, execution);
    }
    return { content: tables, locks: tableLocks(tables) };
  });
  return done('LOCK TABLE');
}

/** As PostgreSQL 8 has it for exclusive locks; Redshift does not document it. @throws RedshiftError 42501 */
function mayLock(table: TableDefinition, { access }: Execution): void {
  if (table.schema !== TEMP_SCHEMA) {
    access.useSchema(table.schema);
  }
  if (!access.may(table, 'update') && !access.may(table, 'delete')) {
    throw permissionDenied(`relation ${table.name}`);
  }
}

/** A table that somebody may not maintain is passed over, as in Redshift. */
function passOver(table: TableDefinition, command: 'analyze' | 'vacuum', execution: Execution): boolean {
  const entry = relationEntry(table, execution);
  const { access, user } = execution;
  if (table.schema === TEMP_SCHEMA || entry?.owner === user || access.rights.holdsSystem(command)) {
    return false;
  }
  execution.notices.push(`skipping "${table.name}" --- only table or database owner can ${command} it`);
  return true;
}

/** The engine keeps its own statistics: names and privileges are checked. */
export async function analyze(statement: Analyze, execution: Execution): Promise<Outcome> {
  const { table: name, columns } = statement;
  const table = await execution.settle((catalog) => ({
    content: name === undefined ? undefined : existingTable(catalog, name, execution),
    locks: [],
  }));
  if (table !== undefined && !passOver(table, 'analyze', execution)) {
    for (const column of columns) {
      existingColumn(table, column);
    }
  }
  return done('ANALYZE');
}

/** Space is the engine's own business: names are checked, nothing else is done. */
export async function vacuum(statement: Vacuum, execution: Execution): Promise<Outcome> {
  if (execution.control.block === 'open' || execution.callDepth > 0) {
    throw new RedshiftError('VACUUM cannot run inside a transaction block', '25001');
  }
  const { table: name } = statement;
  const table = await execution.settle((catalog) => ({
    content: name === undefined ? undefined : existingTable(catalog, name, execution),
    locks: [],
  }));
  if (table !== undefined) {
    passOver(table, 'vacuum', execution);
  }
  return done('VACUUM');
}
