import { type RelationEntry, relationKey } from '../../catalog/catalog-state';
import type { TableDefinition } from '../../catalog/relation';
import type { Execution } from '../execution';

/** What hangs on a relation: views over it, and tables whose foreign keys point at it. */
export interface Dependents {
  readonly views: readonly RelationEntry[];
  readonly referencing: readonly RelationEntry[];
}

/** Source: Developer Guide, DROP TABLE; late-binding views depend on nothing. */
export function dependentsOf(entry: RelationEntry, execution: Execution): Dependents {
  const { transaction } = execution;
  const key = relationKey(entry.definition);
  const all = [...transaction.catalog.relations(), ...transaction.temporaryCatalog.relations()];
  const others = all.filter(({ definition }) => relationKey(definition) !== key);
  return {
    views: others.filter(({ dependsOn }) => dependsOn?.includes(key) === true),
    referencing: others.filter(({ definition }) => definition.kind === 'table' && references(definition, key)),
  };
}

function references(table: TableDefinition, key: string): boolean {
  return table.constraints.some(
    (constraint) => constraint.kind === 'foreign key' && relationKey(constraint.references.table) === key,
  );
}

/** The table without its foreign keys to `key`. */
export function withoutForeignKeysTo(entry: RelationEntry, key: string): RelationEntry {
  if (entry.definition.kind !== 'table') {
    return entry;
  }
  const constraints = entry.definition.constraints.filter(
    (constraint) => constraint.kind !== 'foreign key' || relationKey(constraint.references.table) !== key,
  );
  return { ...entry, definition: { ...entry.definition, constraints } };
}
