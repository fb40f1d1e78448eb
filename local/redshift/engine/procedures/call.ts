import type { ProcedureEntry } from '../../catalog/catalog-state';
import type { ProcedureDefinition } from '../../catalog/relation';
import { formatType } from '../../catalog/type-names';
import type { Call } from '../../dialect/ast';
import type { ParameterValue } from '../../dialect/contract';
import { parseProcedureBody } from '../../dialect/parser';
import { RedshiftError } from '../../errors';
import type { CellValue, ResultColumn } from '../../warehouse';
import type { Execution, Parameters } from '../execution';
import { collect, done, type Outcome, rowsOf } from '../outcome';
import { splitName } from '../statements/names';
import { coerce } from './evaluate';
import { Interpreter } from './interpreter';
import { castTo, parameterNode, selectOf } from './syntax';
import { cellText, Scope, scalar } from './variables';

const MAX_DEPTH = 16;

/** CALL. OUT and INOUT parameters come back as one row. Source: Developer Guide, CALL. */
export async function callProcedure(statement: Call, execution: Execution, parameters: Parameters): Promise<Outcome> {
  if (execution.callDepth >= MAX_DEPTH) {
    throw new RedshiftError(`stored procedure call nesting is limited to ${MAX_DEPTH} levels`, '54001');
  }
  const values = await argumentValues(statement, execution, parameters);
  const entry = findProcedure(statement, values, execution);
  execution.access.executeProcedure(entry);
  const { definition, owner } = entry;
  const scope = await parameterScope(definition, values, execution);
  const run = async (): Promise<void> => {
    const interpreter = new Interpreter(execution, definition.nonAtomic);
    await interpreter.run(parseProcedureBody(definition.body), scope);
  };
  execution.callDepth += 1;
  try {
    await (definition.securityDefiner ? execution.as(owner, run) : run());
  } finally {
    execution.callDepth -= 1;
  }
  return outputRow(definition, scope, execution);
}

async function argumentValues(
  statement: Call,
  execution: Execution,
  parameters: Parameters,
): Promise<readonly ParameterValue[]> {
  if (statement.arguments.length === 0) {
    await execution.settle(() => ({ content: undefined, locks: [] }));
    return [];
  }
  const { columns = [], rows } = await execution.perform(selectOf(statement.arguments), parameters);
  const [row = []] = rows === undefined ? [] : await collect(rows);
  return columns.map(({ type }, index) => ({ type, text: cellText(row[index] ?? null) }));
}

const inputsOf = ({ parameters }: ProcedureDefinition) => parameters.filter(({ mode }) => mode !== 'out');

/** @throws RedshiftError 42883 for none that fits, 42725 for several */
function findProcedure(statement: Call, values: readonly ParameterValue[], execution: Execution): ProcedureEntry {
  const { schema, name } = splitName(statement.name, execution);
  const schemas = schema === undefined ? execution.control.settings.searchPath(execution.user) : [schema];
  const fitting = schemas
    .flatMap((candidate) => execution.transaction.catalog.procedures({ schema: candidate, name }))
    .filter(({ definition }) => inputsOf(definition).length === values.length);
  const exact = fitting.filter(({ definition }) =>
    inputsOf(definition).every(({ type }, index) => type.name === values[index]?.type.name),
  );
  const [found, another] = exact.length > 0 ? exact : fitting;
  const signature = `${name}(${values.map(({ type }) => formatType(type).replace(/\(.*\)/, '')).join(', ')})`;
  if (found === undefined) {
    throw new RedshiftError(`procedure ${signature} does not exist`, '42883', {
      hint: 'No procedure matches the given name and argument types. You may need to add explicit type casts.',
    });
  }
  if (another !== undefined && another.definition.schema === found.definition.schema) {
    throw new RedshiftError(`procedure ${signature} is not unique`, '42725', {
      hint: 'Could not choose a best candidate procedure. You may need to add explicit type casts.',
    });
  }
  return found;
}

async function parameterScope(
  definition: ProcedureDefinition,
  values: readonly ParameterValue[],
  execution: Execution,
): Promise<Scope> {
  const scope = new Scope();
  let next = 0;
  for (const [index, { name, mode, type }] of definition.parameters.entries()) {
    const given = mode === 'out' ? undefined : values[next++];
    const variable = scalar(type, given === undefined ? null : await coerce(given, type, execution));
    scope.declare(`$${index + 1}`, variable);
    if (name !== '') {
      scope.declare(name, variable);
    }
  }
  return scope;
}

async function outputRow(definition: ProcedureDefinition, scope: Scope, execution: Execution): Promise<Outcome> {
  const outputs = definition.parameters.flatMap((parameter, index) =>
    parameter.mode === 'in' ? [] : [{ ...parameter, key: `$${index + 1}` }],
  );
  if (outputs.length === 0) {
    return done('CALL');
  }
  const values = new Map(outputs.map(({ key, type }) => [key, scope.value([key]) ?? { text: null, type }]));
  const casts = outputs.map(({ key, type }) => castTo(parameterNode(key), type));
  const { rows } = await execution.perform(selectOf(casts), values);
  const row: readonly (readonly CellValue[])[] = rows === undefined ? [] : await collect(rows);
  const columns: readonly ResultColumn[] = outputs.map(({ name, type }, index) => ({
    label: name === '' ? `column${index + 1}` : name,
    type,
    nullable: 1,
  }));
  return { command: 'CALL', affectedRows: 0, columns, rows: rowsOf(row) };
}
