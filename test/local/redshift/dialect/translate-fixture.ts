import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { RelationDefinition, TableDefinition } from '../../../../local/redshift/catalog/relation';
import type { Delete, Insert, Merge, Update } from '../../../../local/redshift/dialect/ast';
import type { ParameterValue, Translation, TranslationContext } from '../../../../local/redshift/dialect/contract';
import {
  createDialect,
  ENGINE_MACROS,
  engineType,
  mapEngineError,
  SESSION_SETTINGS,
} from '../../../../local/redshift/dialect/dialect';
import { parseStatement } from '../../../../local/redshift/dialect/parser';
import type { RedshiftType } from '../../../../local/redshift/types';

export interface Outcome {
  readonly labels: readonly string[];
  readonly types: readonly string[];
  readonly engineTypes: readonly string[];
  /** Every value as text, null for NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** 2018-11-15 12:34:56.789 UTC */
export const STATEMENT_TIME = Date.UTC(2018, 10, 15, 12, 34, 56, 789);

/** An engine in memory with a catalogue in memory: just enough to run what the translator makes. */
export class Fixture {
  private readonly relations = new Map<string, RelationDefinition>();
  private oid = 100;
  parameters: ReadonlyMap<string, ParameterValue> = new Map();

  private constructor(private readonly connection: DuckDBConnection) {}

  static async open(): Promise<Fixture> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const sql of [...SESSION_SETTINGS, ...ENGINE_MACROS, 'CREATE SCHEMA public', 'CREATE SCHEMA etl']) {
      await connection.run(sql);
    }
    return new Fixture(connection);
  }

  close(): void {
    this.connection.closeSync();
  }

  /** Creates a table in Redshift's words. */
  async table(sql: string): Promise<void> {
    const node = parseStatement(sql);
    if (node.node !== 'create table') throw new Error('not a CREATE TABLE');
    const [name = '', schema = node.temporary ? 'pg_temp' : 'public'] = [...node.name.parts].reverse();
    this.oid += 1;
    const table: TableDefinition = {
      kind: 'table',
      schema,
      name,
      oid: this.oid,
      temporary: node.temporary,
      columns: node.columns.map((column) => ({
        name: column.name,
        type: column.type,
        notNull: column.notNull || column.identity !== undefined,
        encoding: 'auto',
        ...(column.defaultSql !== undefined && { defaultSql: column.defaultSql }),
        ...(column.identity && { identity: column.identity }),
      })),
      distStyle: { style: 'auto' },
      sortKey: { kind: 'auto' },
      constraints: [],
    };
    this.relations.set(`${schema}.${name}`, table);
    const sequence = `rs.rs_identity_${table.oid}`;
    const columns = table.columns.map((column) => {
      const identity = column.identity ? ` DEFAULT nextval('${sequence}')` : '';
      return `"${column.name}" ${engineType(column.type)}${column.notNull ? ' NOT NULL' : ''}${identity}`;
    });
    if (table.columns.some((column) => column.identity)) await this.connection.run(`CREATE SEQUENCE ${sequence}`);
    const place = node.temporary ? 'temp.main' : schema;
    await this.connection.run(
      `CREATE ${node.temporary ? 'TEMP ' : ''}TABLE ${place}."${name}" (${columns.join(', ')})`,
    );
  }

  define(relation: RelationDefinition): void {
    this.relations.set(`${relation.schema}.${relation.name}`, relation);
  }

  context(): TranslationContext {
    return {
      catalog: {
        searchPath: ['public'],
        relation: ({ schema, name }) => {
          const schemas = schema === undefined ? ['pg_temp', 'public'] : [schema];
          return schemas.map((one) => this.relations.get(`${one}.${name}`)).find((one) => one !== undefined);
        },
      },
      user: 'sparkify_admin',
      sessionUser: 'sparkify_admin',
      hasPrivilege: () => true,
      database: 'sparkify',
      pid: 4711,
      parameters: this.parameters,
      transactionTime: STATEMENT_TIME,
      statementTime: STATEMENT_TIME,
    };
  }

  translate(sql: string): Translation {
    const node = parseStatement(sql);
    const dialect = createDialect();
    if (node.node === 'query statement') return dialect.translateQuery(node.query, this.context());
    return dialect.translateWrite(node as Insert | Update | Delete | Merge, this.context());
  }

  /** Runs one statement. @throws RedshiftError */
  async run(sql: string): Promise<Outcome> {
    const translation = this.translate(sql);
    let outcome: Outcome = { labels: [], types: [], engineTypes: [], rows: [] };
    for (const statement of translation.engineSql) {
      try {
        const reader = await this.connection.runAndReadAll(statement);
        outcome = {
          labels: translation.columns?.map((column) => column.label) ?? [],
          types: translation.columns?.map((column) => describe(column.type)) ?? [],
          engineTypes: reader.columnTypes().map((type) => type.alias ?? String(type)),
          rows: reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value)))),
        };
      } catch (error) {
        throw Object.assign(mapEngineError(error, sql), { engineSql: statement });
      }
    }
    if (translation.columns !== undefined) {
      const wanted = translation.columns.map((column) => engineType(column.type));
      const got = outcome.engineTypes;
      if (wanted.join() !== got.join())
        throw new Error(`engine types ${got.join()} instead of ${wanted.join()}: ${sql}`);
    }
    return outcome;
  }

  /** The only row, as text. */
  async row(sql: string): Promise<readonly (string | null)[]> {
    const { rows } = await this.run(sql);
    if (rows.length !== 1) throw new Error(`${rows.length} rows`);
    return rows[0] ?? [];
  }
}

/** `numeric(10,2)`, `varchar(5)`, `bigint` */
export function describe(type: RedshiftType): string {
  if (type.name === 'numeric') return `numeric(${type.precision},${type.scale})`;
  return 'length' in type ? `${type.name}(${type.length})` : type.name;
}
