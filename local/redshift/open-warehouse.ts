import { DuckDBInstance } from '@duckdb/node-api';
import type { Clock } from '../clock';
import { type CatalogEntry, CatalogState, principalKey, schemaKey } from './catalog/catalog-state';
import { CATALOG_DDL, lastPosition, loadCatalog, storeChanges } from './catalog/catalog-store';
import type { CopyRunner } from './copy/copy-runner';
import { createDialect, ENGINE_MACROS } from './dialect/dialect';
import { Counter } from './engine/counter';
import type { Engine } from './engine/engine';
import { quoteName } from './engine/engine-names';
import { EngineWarehouse } from './engine/engine-warehouse';
import { Journal } from './engine/journal';
import { LockTable } from './engine/locks';
import { Mutex } from './engine/mutex';
import type { Warehouse } from './warehouse';

/** Redshift gives user objects oids from 100000 on; transactions and queries count on from there too. */
const FIRST_NUMBER = 100_000;
const MASTER_USER_ID = 100;
const PUBLIC_OID = 2200;

export interface OpenWarehouseOptions {
  /** The engine's file, made when it is not there; `:memory:` keeps nothing. */
  readonly file: string;
  /** The one database. */
  readonly database: string;
  /** The admin user, who is superuser. */
  readonly masterUser: string;
  readonly clock: Clock;
  readonly copy: CopyRunner;
  /** Whether there are the STL, STV, SVL and SVCS views, as on clusters in one zone; default true. */
  readonly clusterViews?: boolean;
  /** As DuckDB writes it, default `1GB`; more is spilled to `<file>.tmp`. */
  readonly memoryLimit?: string;
  /** Default 2. */
  readonly threads?: number;
}

/**
 * Opens one cluster's warehouse: Redshift's behaviour over one DuckDB file. Only one process may have a file open.
 * @throws Error of the engine when the file cannot be opened or is in use
 */
export async function openWarehouse(options: OpenWarehouseOptions): Promise<Warehouse> {
  const { file } = options;
  const instance = await DuckDBInstance.create(file, {
    memory_limit: options.memoryLimit ?? '1GB',
    threads: String(options.threads ?? 2),
    preserve_insertion_order: 'false',
    ...(file === ':memory:' ? {} : { temp_directory: `${file}.tmp` }),
  });
  const system = await instance.connect();
  for (const sql of [...CATALOG_DDL, Counter.ddl, ...Journal.ddl, ...ENGINE_MACROS]) {
    await system.run(sql);
  }
  const engine: Engine = {
    clock: options.clock,
    database: options.database,
    masterUser: options.masterUser,
    clusterViews: options.clusterViews ?? true,
    dialect: createDialect(),
    copy: options.copy,
    locks: new LockTable(),
    counter: new Counter(system, FIRST_NUMBER),
    journal: new Journal(system),
    gate: new Mutex(),
    catalog: CatalogState.empty,
    commits: 0,
    lastWrites: new Map(),
    connect: () => instance.connect(),
  };
  const stored = await loadCatalog(system);
  // Positions in the stored catalogue go on from there.
  engine.commits = await lastPosition(system);
  engine.catalog = stored.schemas().length > 0 ? stored : await firstCatalog(engine, system);
  return new EngineWarehouse(engine, instance, system);
}

/** A new database: schema `public` and the admin user. */
async function firstCatalog({ masterUser }: Engine, system: Parameters<typeof storeChanges>[0]): Promise<CatalogState> {
  const entries = new Map<string, CatalogEntry>([
    [schemaKey('public'), { entry: 'schema', name: 'public', oid: PUBLIC_OID, owner: masterUser }],
    [
      principalKey('user', masterUser),
      { entry: 'principal', kind: 'user', name: masterUser, oid: MASTER_USER_ID, superuser: true },
    ],
  ]);
  await system.run('BEGIN TRANSACTION');
  await system.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName('public')}`);
  let position = 0;
  await storeChanges(system, entries, () => position++);
  await system.run('COMMIT');
  return new CatalogState(entries);
}
