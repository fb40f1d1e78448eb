import type { DuckDBConnection } from '@duckdb/node-api';
import { CatalogState } from '../../../../local/redshift/catalog/catalog-state';
import type { Engine } from '../../../../local/redshift/engine/engine';
import { Transaction } from '../../../../local/redshift/engine/transaction';

/** A connection that is interrupted in one statement, and says what it was given. */
function interruptedIn(pattern: RegExp, rollback: () => void = () => undefined) {
  const said: string[] = [];
  const run = async (sql: string): Promise<void> => {
    said.push(sql);
    if (pattern.test(sql)) throw new Error('INTERRUPT Error: Interrupted!');
    if (sql === 'ROLLBACK') rollback();
  };
  return { said, connection: { run } as unknown as DuckDBConnection };
}

function transactionOn(connection: DuckDBConnection): Transaction {
  const engine = {
    gate: { run: (work: () => Promise<void>) => work() },
    locks: { releaseAll: () => undefined },
    catalog: CatalogState.empty,
    commits: 0,
  } as unknown as Engine;
  return new Transaction(engine, connection, 1, 1, 0, CatalogState.empty);
}

describe('a transaction that is cancelled while it begins', () => {
  it('is rolled back in the engine, so that the next statement of its session finds none', async () => {
    const { said, connection } = interruptedIn(/^SELECT 1/);
    const transaction = transactionOn(connection);
    await expect(transaction.begin()).rejects.toThrow('Interrupted');
    await transaction.rollback();
    expect(said.at(-1)).toBe('ROLLBACK');
  });

  it('has nothing to roll back where the engine had not begun', async () => {
    const { connection } = interruptedIn(/^BEGIN/, () => {
      throw new Error('TransactionContext Error: cannot rollback - no transaction is active');
    });
    const transaction = transactionOn(connection);
    await expect(transaction.begin()).rejects.toThrow('Interrupted');
    await expect(transaction.rollback()).resolves.toBeUndefined();
  });
});
