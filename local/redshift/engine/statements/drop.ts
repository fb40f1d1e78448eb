import { procedureKey, type RelationEntry, relationKey, schemaKey } from '../../catalog/catalog-state';
import { formatType } from '../../catalog/type-names';
import type { Drop, QualifiedName } from '../../dialect/ast';
import { notImplementedLocally, RedshiftError } from '../../errors';
import { mustOwn, procedureObject, tableObject } from '../access-control';
import { engineRelation, identitySequence, quoteName } from '../engine-names';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { lockKey } from '../transaction';
import { dependentsOf, withoutForeignKeysTo } from './dependents';
import { dropGrants } from './grants';
import { isTemporary, relationEntry, splitName } from './names';

/** Source: Developer Guide, DROP TABLE, DROP VIEW, DROP SCHEMA, DROP PROCEDURE: RESTRICT unless CASCADE is written. */
export async function drop(statement: Drop, execution: Execution): Promise<Outcome> {
  for (const name of statement.names) {
    await dropOne(statement, name, execution);
  }
  return done(`DROP ${statement.what.toUpperCase()}`);
}

function dropOne(statement: Drop, name: QualifiedName, execution: Execution): Promise<void> {
  switch (statement.what) {
    case 'schema':
      return dropSchema(statement, name, execution);
    case 'procedure':
      return dropProcedure(statement, name, execution);
    case 'function':
      throw notImplementedLocally('DROP FUNCTION');
    default:
      return dropNamedRelation(statement, name, execution);
  }
}

async function dropNamedRelation(statement: Drop, name: QualifiedName, execution: Execution): Promise<void> {
  const entry = await execution.settle((catalog) => {
    const found = catalog.relation(splitName(name, execution));
    const present = found === undefined ? undefined : relationEntry(found, execution);
    if (present === undefined) {
      missing(statement, name, execution);
      return { content: undefined, locks: [] };
    }
    checkKind(statement.what, present);
    execution.access.own(present, 'drop');
    return { content: present, locks: isTemporary(present.definition) ? [] : [lockKey(present.definition)] };
  });
  if (entry !== undefined) {
    await dropRelation(entry, statement.cascade, execution);
  }
}

/** @throws RedshiftError 2BP01 when something depends on it and `cascade` is not asked for */
async function dropRelation(entry: RelationEntry, cascade: boolean, execution: Execution): Promise<void> {
  const { definition } = entry;
  const key = relationKey(definition);
  const dependents = dependentsOf(entry, execution);
  if (!cascade && dependents.views.length + dependents.referencing.length > 0) {
    throw stillNeeded(kindOf(entry), definition.name, [...dependents.views, ...dependents.referencing]);
  }
  for (const view of dependents.views) {
    // Another's view may be gone with this one's.
    if (relationEntry(view.definition, execution) !== undefined) {
      await dropRelation(view, true, execution);
    }
  }
  for (const other of dependents.referencing) {
    execution.change(relationKey(other.definition), withoutForeignKeysTo(other, key));
  }
  if (definition.kind === 'table') {
    execution.noteWrite(definition);
    await execution.run(`DROP TABLE ${engineRelation(definition)}`);
    if (definition.columns.some(({ identity }) => identity !== undefined)) {
      await execution.run(`DROP SEQUENCE ${identitySequence(definition)}`);
    }
  }
  execution.change(key, undefined);
  dropGrants(tableObject(definition), execution);
}

function kindOf({ definition, materialized }: RelationEntry): 'table' | 'view' | 'materialized view' {
  return materialized === undefined ? definition.kind : 'materialized view';
}

function checkKind(wanted: Drop['what'], entry: RelationEntry): void {
  const kind = kindOf(entry);
  if (kind !== wanted) {
    const article = wanted === 'table' ? 'a table' : `a ${wanted}`;
    throw new RedshiftError(`"${entry.definition.name}" is not ${article}`, '42809', {
      hint: `Use DROP ${kind.toUpperCase()} to remove a ${kind}.`,
    });
  }
}

function stillNeeded(kind: string, name: string, by: readonly RelationEntry[]): RedshiftError {
  const detail = by.map((entry) => `${kindOf(entry)} ${entry.definition.name} depends on ${kind} ${name}`).join('\n');
  return new RedshiftError(`cannot drop ${kind} ${name} because other objects depend on it`, '2BP01', {
    detail,
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

function missing(statement: Drop, name: QualifiedName, execution: Execution): void {
  const { what, ifExists } = statement;
  const label = `${what.charAt(0).toUpperCase()}${what.slice(1)} "${name.parts.join('.')}" does not exist`;
  if (!ifExists) {
    throw new RedshiftError(label, what === 'schema' ? '3F000' : what === 'procedure' ? '42883' : '42P01');
  }
  execution.notices.push(`${label} and will be skipped`);
}

async function dropSchema(statement: Drop, name: QualifiedName, execution: Execution): Promise<void> {
  const schema = name.parts[0] ?? '';
  const present = await execution.settle(() => ({
    content: execution.transaction.catalog.schema(schema),
    locks: [schemaKey(schema)],
  }));
  if (present === undefined) {
    missing(statement, name, execution);
    return;
  }
  execution.access.ownSchema(schema);
  const { catalog } = execution.transaction;
  const relations = catalog.relations().filter(({ definition }) => definition.schema === schema);
  const procedures = [...catalog.all('procedure')].filter(([, { definition }]) => definition.schema === schema);
  if (!statement.cascade && relations.length + procedures.length > 0) {
    throw stillNeeded('schema', schema, relations);
  }
  for (const relation of relations) {
    if (relationEntry(relation.definition, execution) !== undefined) {
      await execution.lock([lockKey(relation.definition)]);
      await dropRelation(relation, true, execution);
    }
  }
  for (const [key, { definition }] of procedures) {
    execution.change(key, undefined);
    dropGrants(procedureObject(definition), execution);
  }
  await execution.run(`DROP SCHEMA ${quoteName(schema)}`);
  execution.change(schemaKey(schema), undefined);
  dropGrants(`schema ${schema}`, execution);
}

async function dropProcedure(statement: Drop, name: QualifiedName, execution: Execution): Promise<void> {
  await execution.settle(() => ({ content: undefined, locks: [] }));
  const { schema, name: procedure } = splitName(name, execution);
  const schemas = schema === undefined ? execution.control.settings.searchPath(execution.user) : [schema];
  const found = schemas.flatMap((candidate) =>
    execution.transaction.catalog.procedures({ schema: candidate, name: procedure }),
  );
  const [only] = found;
  if (only === undefined) {
    missing(statement, name, execution);
    return;
  }
  if (found.length > 1) {
    throw new RedshiftError(`procedure name "${procedure}" is not unique`, '42725', {
      hint: 'Specify the argument list to select the procedure unambiguously.',
    });
  }
  if (!execution.access.ownsProcedure(only) && !execution.access.rights.holdsSystem('drop procedure')) {
    throw mustOwn(`procedure ${only.definition.name}`);
  }
  const { definition } = only;
  const inputs = definition.parameters.filter(({ mode }) => mode !== 'out').map(({ type }) => formatType(type));
  execution.change(procedureKey(definition, inputs), undefined);
  dropGrants(procedureObject(definition), execution);
}
