import { formatType } from '../../catalog/type-names';
import type { Expression, Statement } from '../../dialect/ast';
import type { ParameterValue } from '../../dialect/contract';
import type { RedshiftType } from '../../types';
import type { CellValue, ResultColumn } from '../../warehouse';
import { bindCopyFunctions } from '../copy-functions';
import type { Execution, Parameters } from '../execution';
import { collect } from '../outcome';
import { substitute } from './substitute';
import { castTo, parameterNode, selectOf } from './syntax';
import { cellText, type Scope } from './variables';

/** What a statement of a procedure came to. */
export interface StepResult {
  /** The statement's node in the syntax tree. */
  readonly node: Statement['node'];
  readonly columns: readonly ResultColumn[] | undefined;
  readonly rows: readonly (readonly CellValue[])[];
  readonly affectedRows: number;
}

/** Runs SQL text with the variables put in. */
export function runSql(sql: string, scope: Scope | undefined, execution: Execution): Promise<StepResult> {
  const statement = execution.parse(sql);
  if (scope === undefined) {
    return runStatement(statement, new Map(), execution);
  }
  const { tree, parameters } = substitute(statement, scope);
  return runStatement(tree, parameters, execution);
}

async function runStatement(statement: Statement, parameters: Parameters, execution: Execution): Promise<StepResult> {
  const outcome = await execution.perform(statement, parameters);
  const rows = outcome.rows === undefined ? [] : await collect(outcome.rows);
  return { node: statement.node, columns: outcome.columns, rows, affectedRows: outcome.affectedRows };
}

/** The value of an expression, of `type` where one is given. */
export async function evaluate(
  expression: Expression,
  scope: Scope,
  execution: Execution,
  type?: RedshiftType,
): Promise<ParameterValue> {
  const [value] = await evaluateAll([type === undefined ? expression : castTo(expression, type)], scope, execution);
  return value ?? { text: null, type: { name: 'unknown' } };
}

export async function evaluateAll(
  expressions: readonly Expression[],
  scope: Scope,
  execution: Execution,
): Promise<readonly ParameterValue[]> {
  if (expressions.length === 0) {
    return [];
  }
  const { tree, parameters } = substitute(bindCopyFunctions(selectOf(expressions), execution.control.lastCopy), scope);
  const { columns = [], rows } = await runStatement(tree, parameters, execution);
  return columns.map(({ type }, index) => ({ text: cellText(rows[0]?.[index] ?? null), type }));
}

/** True for TRUE only: NULL is false in conditions. */
export async function isTrue(condition: Expression, scope: Scope, execution: Execution): Promise<boolean> {
  const { text } = await evaluate(condition, scope, execution, { name: 'boolean' });
  return text === 'true';
}

/** A value turned into a variable's type, as an assignment does. */
export async function coerce(value: ParameterValue, type: RedshiftType, execution: Execution): Promise<string | null> {
  if (value.text === null || formatType(value.type) === formatType(type)) {
    return value.text;
  }
  const parameters = new Map([['rs_value', value]]);
  const { rows } = await runStatement(selectOf([castTo(parameterNode('rs_value'), type)]), parameters, execution);
  return cellText(rows[0]?.[0] ?? null);
}
