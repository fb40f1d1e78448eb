import { procedureKey } from '../../catalog/catalog-state';
import type { ProcedureDefinition, RelationName } from '../../catalog/relation';
import { formatType } from '../../catalog/type-names';
import type { CreateProcedure } from '../../dialect/ast';
import { parseProcedureBody } from '../../dialect/parser';
import { RedshiftError } from '../../errors';
import { mustOwn, permissionDenied } from '../access-control';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { newRelationName } from '../statements/names';

const MAX_ARGUMENTS = 32;
const MAX_SOURCE_BYTES = 2 * 1024 * 1024;

/** Source: Developer Guide, CREATE PROCEDURE. The body is parsed now and its names are resolved at each call. */
export async function createProcedure(statement: CreateProcedure, execution: Execution): Promise<Outcome> {
  checkLimits(statement);
  parseProcedureBody(statement.body);
  const oid = await execution.engine.counter.next();
  const { key, definition } = await execution.settle(() => {
    const name = newRelationName(statement.name, false, execution);
    if (!execution.access.rights.holds('language plpgsql', 'usage')) {
      throw permissionDenied('language plpgsql');
    }
    execution.access.createIn(name.schema, 'create or replace procedure');
    const planned = define(statement, name);
    return { content: planned, locks: [planned.key] };
  });
  const before = execution.transaction.catalog.get(key);
  if (before !== undefined && !statement.orReplace) {
    throw new RedshiftError(`procedure "${definition.name}" already exists with same argument types`, '42723');
  }
  if (before?.entry === 'procedure' && !execution.access.ownsProcedure(before)) {
    throw mustOwn(`procedure ${definition.name}`);
  }
  execution.change(key, {
    entry: 'procedure',
    definition,
    oid: before?.entry === 'procedure' ? before.oid : oid,
    owner: before?.entry === 'procedure' ? before.owner : execution.user,
  });
  return done('CREATE PROCEDURE');
}

function define(statement: CreateProcedure, name: RelationName): { key: string; definition: ProcedureDefinition } {
  const { parameters, body, securityDefiner, nonAtomic } = statement;
  const inputs = parameters.filter(({ mode }) => mode !== 'out').map(({ type }) => formatType(type));
  return {
    key: procedureKey(name, inputs),
    definition: {
      schema: name.schema,
      name: name.name,
      kind: 'procedure',
      parameters,
      body,
      securityDefiner,
      nonAtomic,
    },
  };
}

function checkLimits({ parameters, body }: CreateProcedure): void {
  const inputs = parameters.filter(({ mode }) => mode !== 'out').length;
  const outputs = parameters.filter(({ mode }) => mode !== 'in').length;
  if (inputs > MAX_ARGUMENTS || outputs > MAX_ARGUMENTS) {
    throw new RedshiftError(
      `procedures cannot have more than ${MAX_ARGUMENTS} input and ${MAX_ARGUMENTS} output arguments`,
      '54023',
    );
  }
  if (Buffer.byteLength(body) > MAX_SOURCE_BYTES) {
    throw new RedshiftError('the source of a procedure cannot be larger than 2 MB', '54000');
  }
}
