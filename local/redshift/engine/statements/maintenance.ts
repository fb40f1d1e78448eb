import type { Analyze, Lock, Truncate, Vacuum } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import { engineRelation } from '../engine-names';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { tableLocks } from './data';
import { existingColumn, existingTable } from './names';

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
    return { content: tables, locks: tableLocks(tables) };
  });
  return done('LOCK TABLE');
}

/** The engine keeps its own statistics; names are checked and its ANALYZE is run. */
export async function analyze(statement: Analyze, execution: Execution): Promise<Outcome> {
  const { table: name, columns } = statement;
  const table = await execution.settle((catalog) => ({
    content: name === undefined ? undefined : existingTable(catalog, name, execution),
    locks: [],
  }));
  if (table !== undefined) {
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
  await execution.settle((catalog) => ({
    content: name === undefined ? undefined : existingTable(catalog, name, execution),
    locks: [],
  }));
  return done('VACUUM');
}
