import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { ColumnDefinition, TableDefinition } from '../../../../local/redshift/catalog/relation';
import type { CopyContext, CopyOutcome, LoadError, LoadHistory } from '../../../../local/redshift/copy/copy-runner';
import { type CopyRunnerOptions, createCopyRunner } from '../../../../local/redshift/copy/create-copy-runner';
import { engineType } from '../../../../local/redshift/dialect/engine-types';
import { parseStatement, parseType } from '../../../../local/redshift/dialect/parser';
import type { ObjectStore, ObjectSummary } from '../../../../local/s3/object-store';

export const ROLE = 'arn:aws:iam::000000000000:role/copy';

/** A bucket store on a temporary folder, as far as COPY needs it. */
export class FolderStore {
  readonly root = mkdtempSync(join(tmpdir(), 'copy-test-'));
  private readonly keys = new Map<string, Map<string, number>>();

  put(bucket: string, key: string, body: string | Buffer): void {
    const path = this.path(bucket, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
    const keys = this.keys.get(bucket) ?? new Map<string, number>();
    this.keys.set(bucket, keys.set(key, statSync(path).size));
  }

  /** The object goes, its listing stays. */
  vanish(bucket: string, key: string): void {
    rmSync(this.path(bucket, key));
  }

  store(): ObjectStore {
    const summary = (bucket: string, key: string): ObjectSummary | undefined => {
      const size = this.keys.get(bucket)?.get(key);
      return size === undefined ? undefined : { key, size, etag: '0', lastModified: new Date(0) };
    };
    const { keys } = this;
    const store: Partial<ObjectStore> = {
      bucketExists: (bucket) => keys.has(bucket),
      async *list(bucket, prefix) {
        for (const key of [...(keys.get(bucket)?.keys() ?? [])].sort()) {
          if (key.startsWith(prefix)) {
            yield summary(bucket, key)!;
          }
        }
      },
      head: async (bucket, key) => summary(bucket, key),
      localPath: (bucket, key) => this.path(bucket, key),
      read: async (bucket, key) => readFileSync(this.path(bucket, key)),
    };
    return store as ObjectStore;
  }

  close(): void {
    rmSync(this.root, { recursive: true });
  }

  private path(bucket: string, key: string): string {
    return join(this.root, bucket, `k-${encodeURIComponent(key)}`);
  }
}

export interface Load {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly outcome?: CopyOutcome;
  readonly failure?: { readonly message: string; readonly sqlState?: string; readonly detail?: string };
  readonly errors: readonly LoadError[];
  readonly history: readonly LoadHistory[];
}

/** `name type [not null]`, for example `id integer not null`. */
export function column(declaration: string): ColumnDefinition {
  const [, name = '', type = '', notNull] = /^(\S+) (.*?)( not null)?$/.exec(declaration)!;
  return { name, type: parseType(type), notNull: notNull !== undefined, encoding: 'auto' };
}

export function tableOf(columns: readonly ColumnDefinition[]): TableDefinition {
  return {
    kind: 'table',
    schema: 'public',
    name: 't',
    oid: 100_001,
    temporary: false,
    columns,
    distStyle: { style: 'auto' },
    sortKey: { kind: 'auto' },
    constraints: [],
  };
}

/** One engine, in which each load gets a table of its own inside a transaction. */
export class CopyBench {
  readonly files = new FolderStore();
  private constructor(
    private readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
  ) {}

  static async open(): Promise<CopyBench> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', preserve_insertion_order: 'false' });
    return new CopyBench(instance, await instance.connect());
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
    this.files.close();
  }

  /** Runs `copy t from … <options>` into a new table and rolls everything back. */
  async load(
    columns: readonly ColumnDefinition[],
    copySql: string,
    more: Partial<CopyRunnerOptions> & {
      readonly earlierRows?: string;
      readonly defaults?: Readonly<Record<string, string>>;
      readonly order?: string;
    } = {},
  ): Promise<Load> {
    const errors: LoadError[] = [];
    const history: LoadHistory[] = [];
    const { connection } = this;
    const copy = parseStatement(copySql.replace('$role', `iam_role '${ROLE}'`));
    if (copy.node !== 'copy') {
      throw new Error('not a COPY');
    }
    await connection.run('begin');
    try {
      const definitions = columns.map((c) => `"${c.name}" ${engineType(c.type)}${c.notNull ? ' not null' : ''}`);
      await connection.run(`create table t (${definitions.join(', ')})`);
      if (more.earlierRows !== undefined) {
        await connection.run(`insert into t ${more.earlierRows}`);
      }
      const runner = createCopyRunner({ objects: this.files.store(), attachedRoles: () => [ROLE], ...more });
      const context = contextOf(connection, tableOf(columns), more.defaults ?? {}, errors, history);
      try {
        const outcome = await runner.run(copy, context);
        return { rows: await this.rows(columns, more.order), outcome, errors, history };
      } catch (failure) {
        const { message, sqlState, more: rest } = failure as Error & { sqlState?: string; more?: { detail?: string } };
        return { rows: [], failure: { message, sqlState, detail: rest?.detail }, errors, history };
      }
    } finally {
      await connection.run('rollback');
    }
  }

  private async rows(columns: readonly ColumnDefinition[], order = 'all'): Promise<Load['rows']> {
    const list = columns.map(({ name }) => `"${name}"::varchar`).join(', ');
    const result = await this.connection.runAndReadAll(`select ${list} from t order by ${order}`);
    return result.getRows() as (string | null)[][];
  }
}

function contextOf(
  connection: DuckDBConnection,
  table: TableDefinition,
  defaults: Readonly<Record<string, string>>,
  errors: LoadError[],
  history: LoadHistory[],
): CopyContext {
  const list = (values?: readonly DuckDBValue[]): DuckDBValue[] | undefined =>
    values === undefined ? undefined : [...values];
  return {
    connection: {
      run: async (sql, values) => (await connection.run(sql, list(values))).rowsChanged,
      query: async (sql, values) => (await connection.runAndReadAll(sql, list(values))).getRows(),
      stream: () => {
        throw new Error('not needed');
      },
      raw: connection,
      relationSql: () => 't',
    },
    table,
    catalog: { searchPath: ['public'], relation: () => table },
    queryId: 7,
    user: 'sparkify_admin',
    database: 'sparkify',
    pid: 11,
    transactionId: 5,
    transactionTime: 0,
    statementTime: 0,
    defaultSql: (name) => defaults[name],
    recordLoadErrors: async (rows) => {
      errors.push(...rows);
    },
    recordLoadHistory: async (row) => {
      history.push(row);
    },
    recordLoadDetail: async () => undefined,
    signal: new AbortController().signal,
    clock: { now: () => 0, after: () => () => undefined },
  };
}
