import { TEMP_SCHEMA } from '../engine/engine-names';
import { type CatalogState, relationKey } from './catalog-state';
import type { CatalogView, RelationDefinition } from './relation';
import { type SystemViewContext, systemView } from './system-views';

/**
 * The catalogue as one statement of one session sees it: temporary relations first, then the system's views, then
 * the schemas of the search path. It remembers what it was asked for, which is what a view or a lock depends on.
 */
export class SessionCatalog implements CatalogView {
  private readonly used = new Set<string>();
  private logsUsed = false;

  constructor(
    private readonly shared: CatalogState,
    private readonly temporary: CatalogState,
    readonly searchPath: readonly string[],
    private readonly system: Omit<SystemViewContext, 'catalog' | 'temporary' | 'searchPath' | 'noteLogs'>,
  ) {}

  relation(name: { readonly schema?: string; readonly name: string }): RelationDefinition | undefined {
    for (const schema of this.candidates(name.schema)) {
      const found = this.find(schema, name.name);
      if (found !== undefined) {
        this.used.add(relationKey(found));
        return found;
      }
    }
    return undefined;
  }

  /** Keys of the relations found so far, the system's included. */
  get usedRelations(): ReadonlySet<string> {
    return this.used;
  }

  /** True when a view over the engine's logs was found: they must be flushed before the statement runs. */
  get usesLogs(): boolean {
    return this.logsUsed;
  }

  private candidates(schema: string | undefined): readonly string[] {
    return schema === undefined ? [TEMP_SCHEMA, 'pg_catalog', ...this.searchPath] : [schema];
  }

  private find(schema: string, name: string): RelationDefinition | undefined {
    if (schema === TEMP_SCHEMA) {
      return this.temporary.relation({ schema, name })?.definition;
    }
    if (schema === 'pg_catalog' || schema === 'information_schema') {
      return systemView(schema, name, {
        ...this.system,
        catalog: this.shared,
        temporary: this.temporary,
        searchPath: this.searchPath,
        noteLogs: () => {
          this.logsUsed = true;
        },
      });
    }
    return this.shared.relation({ schema, name })?.definition;
  }
}
