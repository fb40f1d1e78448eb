import type { Clock } from '../../../../local/clock';
import type { CopyRunner } from '../../../../local/redshift/copy/copy-runner';
import { RedshiftError } from '../../../../local/redshift/errors';
import { type OpenWarehouseOptions, openWarehouse } from '../../../../local/redshift/open-warehouse';
import type { CellValue, Session, Warehouse } from '../../../../local/redshift/warehouse';

export const clock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

export const noCopy: CopyRunner = {
  run: async () => {
    throw new RedshiftError('no COPY in this test', '0A000');
  },
};

export function open(options: Partial<OpenWarehouseOptions> = {}): Promise<Warehouse> {
  return openWarehouse({
    file: ':memory:',
    database: 'sparkify',
    masterUser: 'sparkify_admin',
    clock,
    copy: noCopy,
    threads: 1,
    ...options,
  });
}

export function connect(warehouse: Warehouse, user = 'sparkify_admin'): Promise<Session> {
  return warehouse.connect({ database: 'sparkify', user });
}

/** Runs each statement and reads all rows of the last one. */
export async function rows(session: Session, ...statements: string[]): Promise<readonly (readonly CellValue[])[]> {
  let all: (readonly CellValue[])[] = [];
  for (const sql of statements) {
    all = [];
    for await (const chunk of (await session.execute(sql)).rows) {
      all.push(...chunk);
    }
  }
  return all;
}

/** The error of a statement that must fail. */
export async function failure(session: Session, sql: string): Promise<RedshiftError> {
  try {
    await rows(session, sql);
  } catch (error) {
    if (error instanceof RedshiftError) {
      return error;
    }
    throw error;
  }
  throw new Error(`no error from: ${sql}`);
}

/** Lets everything that can run now run, several times over. */
export async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
