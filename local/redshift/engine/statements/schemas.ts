import { commentKey, schemaKey } from '../../catalog/catalog-state';
import type { RelationName } from '../../catalog/relation';
import type { Comment, CreateSchema } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import { quoteName } from '../engine-names';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { existingColumn, existingTable, missingRelation, relationEntry, splitName } from './names';

const RESERVED = /^(pg_|rs$|information_schema$|main$|temp$)/;

export async function createSchema(statement: CreateSchema, execution: Execution): Promise<Outcome> {
  const { name } = statement;
  if (RESERVED.test(name)) {
    throw new RedshiftError(`unacceptable schema name "${name}"`, '42939', {
      detail: 'The name is reserved for the system.',
    });
  }
  const oid = await execution.engine.counter.next();
  const present = await execution.settle(() => {
    execution.access.createSchema();
    return { content: execution.transaction.catalog.schema(name), locks: [schemaKey(name)] };
  });
  if (present !== undefined) {
    if (!statement.ifNotExists) {
      throw new RedshiftError(`Schema "${name}" already exists`, '42P06');
    }
    execution.notices.push(`Schema "${name}" already exists and will be skipped`);
    return done('CREATE SCHEMA');
  }
  await execution.run(`CREATE SCHEMA ${quoteName(name)}`);
  execution.change(schemaKey(name), {
    entry: 'schema',
    name,
    oid,
    owner: statement.authorization ?? execution.user,
  });
  return done('CREATE SCHEMA');
}

/** Comments are kept in the catalogue; `is null` takes one away. */
export async function comment(statement: Comment, execution: Execution): Promise<Outcome> {
  const on = await execution.settle(() => ({ content: commentTarget(statement, execution), locks: [] }));
  const { text } = statement;
  execution.change(commentKey(on), text === null ? undefined : { entry: 'comment', on, text });
  return done('COMMENT');
}

function ownCommented(relation: RelationName, execution: Execution): void {
  const entry = relationEntry(relation, execution);
  if (entry !== undefined) {
    execution.access.own(entry);
  }
}

function commentTarget(statement: Comment, execution: Execution): string {
  const { on, name } = statement;
  const catalog = execution.catalog();
  switch (on) {
    case 'table':
    case 'view': {
      const found = catalog.relation(splitName(name, execution));
      if (found === undefined) {
        throw missingRelation(name);
      }
      ownCommented(found, execution);
      return `${on} ${found.schema}.${found.name}`;
    }
    case 'column': {
      const table = existingTable(catalog, { ...name, parts: name.parts.slice(0, -1) }, execution);
      ownCommented(table, execution);
      return `column ${table.schema}.${table.name}.${existingColumn(table, name.parts.at(-1) ?? '').name}`;
    }
    default:
      return `${on} ${name.parts.join('.')}`;
  }
}
