import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import {
  type CatalogEntry,
  CatalogState,
  commentKey,
  relationKey,
  schemaKey,
} from '../../../../local/redshift/catalog/catalog-state';
import { CATALOG_DDL, loadCatalog, storeChanges } from '../../../../local/redshift/catalog/catalog-store';
import type { TableDefinition } from '../../../../local/redshift/catalog/relation';

const table = (name: string, oid: number): TableDefinition => ({
  kind: 'table',
  schema: 'public',
  name,
  oid,
  temporary: false,
  columns: [{ name: 'a', type: { name: 'numeric', precision: 18, scale: 2 }, notNull: true, encoding: 'auto' }],
  distStyle: { style: 'key', column: 'a' },
  sortKey: { kind: 'compound', columns: ['a'] },
  constraints: [{ kind: 'primary key', columns: ['a'] }],
});

type Keyed = readonly [string, CatalogEntry];

const entries: fc.Arbitrary<Keyed> = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'ü"\''), fc.nat()).map(([name, oid]): Keyed => {
    const entry = { entry: 'relation', definition: table(name, oid), owner: 'me', createdAt: 1 } as const;
    return [relationKey(entry.definition), entry];
  }),
  fc.constantFrom('s', 't').map((name): Keyed => [schemaKey(name), { entry: 'schema', name, oid: 1, owner: 'me' }]),
  fc.string().map((text): Keyed => [commentKey('table x'), { entry: 'comment', on: 'table x', text }]),
);
const change = fc
  .tuple(entries, fc.boolean())
  .map(([[key, entry], remove]) => [key, remove ? undefined : entry] as const);

describe('the catalogue', () => {
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;

  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    connection = await instance.connect();
    for (const sql of CATALOG_DDL) {
      await connection.run(sql);
    }
  });
  afterAll(() => {
    connection.closeSync();
    instance.closeSync();
  });

  it('read back from the engine is what its changes add up to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 5 }), async (transactions) => {
        await connection.run('DELETE FROM rs.catalog');
        let expected = CatalogState.empty;
        let position = 0;
        for (const changes of transactions) {
          const changed = new Map(changes);
          await connection.run('BEGIN');
          await storeChanges(connection, changed, () => position++);
          await connection.run('COMMIT');
          expected = expected.with(changed);
        }
        const loaded = await loadCatalog(connection);
        for (const kind of ['relation', 'schema', 'comment'] as const) {
          expect(new Map(loaded.all(kind))).toEqual(new Map(expected.all(kind)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is a value: changing it leaves the older one as it was', () => {
    const one = CatalogState.empty.with(
      new Map([[schemaKey('s'), { entry: 'schema', name: 's', oid: 1, owner: 'o' }]]),
    );
    const none = one.with(new Map([[schemaKey('s'), undefined]]));
    expect(one.schema('s')?.oid).toBe(1);
    expect(none.schema('s')).toBeUndefined();
    expect(one.with(new Map())).toBe(one);
  });
});
