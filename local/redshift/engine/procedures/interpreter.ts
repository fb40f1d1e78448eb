import type { Expression, ProcedureBlock, ProcedureStatement } from '../../dialect/ast';
import type { ParameterValue } from '../../dialect/contract';
import { RedshiftError } from '../../errors';
import { toRedshiftError } from '../engine-errors';
import type { Execution } from '../execution';
import { coerce, evaluate, evaluateAll, isTrue, runSql, type StepResult } from './evaluate';
import { cellText, Scope, scalar } from './variables';

/** How a statement hands on control: to the next one, out of a loop, to its next round, or out of the procedure. */
type Flow = 'next' | 'return' | { readonly leave: 'exit' | 'continue'; readonly label: string | undefined };
type Of<Do extends ProcedureStatement['do']> = Extract<ProcedureStatement, { readonly do: Do }>;

/**
 * Runs a procedure's PL/pgSQL. Source: Developer Guide, "PL/pgSQL language reference" and "Managing transactions".
 */
export class Interpreter {
  constructor(
    private readonly execution: Execution,
    /** Each statement commits by itself, and a handled error is not thrown again. */
    private readonly nonAtomic: boolean,
  ) {}

  /** Runs the outermost block; `parameters` are the procedure's own variables. */
  async run(block: ProcedureBlock, parameters: Scope): Promise<void> {
    parameters.declare('found', scalar({ name: 'boolean' }, 'false'));
    await this.block(block, parameters);
  }

  private async block(block: ProcedureBlock, outer: Scope): Promise<Flow> {
    const scope = new Scope(outer);
    for (const { name, type, constant, initial } of block.declarations) {
      if (type.name === 'record') {
        scope.declare(name, { kind: 'record', fields: new Map() });
      } else {
        const value = initial === undefined ? null : (await evaluate(initial, scope, this.execution, type)).text;
        scope.declare(name, scalar(type, value, constant));
      }
    }
    if (block.handler === undefined) {
      return this.statements(block.body, scope);
    }
    return this.guarded(block.body, block.handler, scope);
  }

  /**
   * EXCEPTION WHEN OTHERS. The transaction of the failed statements is rolled back and the handler works in a new one,
   * which is committed; then, unless the procedure is NONATOMIC, the error is thrown again.
   */
  private async guarded(
    body: readonly ProcedureStatement[],
    handler: readonly ProcedureStatement[],
    scope: Scope,
  ): Promise<Flow> {
    const { execution } = this;
    try {
      return await this.statements(body, scope);
    } catch (error) {
      const failure = toRedshiftError(error, execution, '');
      if (failure.sqlState === '57014') {
        throw failure;
      }
      await execution.control.rollbackAndGoOn();
      const inner = new Scope(scope);
      inner.declare('sqlerrm', scalar({ name: 'varchar', length: 65535 }, failure.message));
      inner.declare('sqlstate', scalar({ name: 'varchar', length: 5 }, failure.sqlState));
      const flow = await this.statements(handler, inner);
      if (this.nonAtomic) {
        return flow;
      }
      if (execution.control.block === 'idle') {
        await execution.control.commitAndGoOn();
      }
      throw failure;
    }
  }

  private async statements(statements: readonly ProcedureStatement[], scope: Scope): Promise<Flow> {
    for (const statement of statements) {
      const flow = await this.statement(statement, scope);
      if (flow !== 'next') {
        return flow;
      }
    }
    return 'next';
  }

  private async statement(statement: ProcedureStatement, scope: Scope): Promise<Flow> {
    this.execution.signal.throwIfAborted();
    switch (statement.do) {
      case 'block':
        return this.block(statement.block, scope);
      case 'if':
        return this.conditional(statement, scope);
      case 'loop':
      case 'while':
      case 'for range':
      case 'for query':
        return this.loop(statement, scope);
      case 'exit':
      case 'continue':
        return this.leave(statement, scope);
      case 'return':
        return 'return';
      default:
        await this.effect(statement, scope);
        return 'next';
    }
  }

  private async effect(
    statement: Of<'assign' | 'raise' | 'execute' | 'select into' | 'sql' | 'null'>,
    scope: Scope,
  ): Promise<void> {
    switch (statement.do) {
      case 'assign':
        return this.assign(statement, scope);
      case 'raise':
        return this.raise(statement, scope);
      case 'execute':
        return this.executeDynamic(statement, scope);
      case 'select into': {
        const result = await runSql(statement.sql, scope, this.execution);
        return this.store(result, statement.into, scope);
      }
      case 'sql':
        return this.sql(statement, scope);
      case 'null':
        return undefined;
    }
  }

  private async conditional({ branches, otherwise }: Of<'if'>, scope: Scope): Promise<Flow> {
    for (const { condition, then } of branches) {
      if (await isTrue(condition, scope, this.execution)) {
        return this.statements(then, scope);
      }
    }
    return this.statements(otherwise, scope);
  }

  private async leave(statement: Of<'exit' | 'continue'>, scope: Scope): Promise<Flow> {
    const { when } = statement;
    const taken = when === undefined || (await isTrue(when, scope, this.execution));
    return taken ? { leave: statement.do, label: statement.label } : 'next';
  }

  private async loop(statement: Of<'loop' | 'while' | 'for range' | 'for query'>, scope: Scope): Promise<Flow> {
    for await (const inner of this.rounds(statement, scope)) {
      const flow = await this.statements(statement.body, inner);
      if (flow === 'return') {
        return flow;
      }
      if (flow !== 'next') {
        const mine = flow.label === undefined || flow.label === statement.label;
        if (!mine) {
          return flow;
        }
        if (flow.leave === 'exit') {
          return 'next';
        }
      }
    }
    return 'next';
  }

  /** The scope of each round of a loop. */
  private async *rounds(
    statement: Of<'loop' | 'while' | 'for range' | 'for query'>,
    scope: Scope,
  ): AsyncIterable<Scope> {
    switch (statement.do) {
      case 'loop':
        for (;;) {
          yield scope;
        }
      case 'while':
        while (await isTrue(statement.condition, scope, this.execution)) {
          yield scope;
        }
        return;
      case 'for range':
        yield* this.range(statement, scope);
        return;
      case 'for query':
        yield* this.queryRows(statement, scope);
    }
  }

  private async *range(statement: Of<'for range'>, scope: Scope): AsyncIterable<Scope> {
    const from = await this.bound(statement.from, scope);
    const to = await this.bound(statement.to, scope);
    const by = statement.by === undefined ? 1 : await this.bound(statement.by, scope);
    if (by <= 0) {
      throw new RedshiftError('BY value of FOR loop must be greater than zero', '22023');
    }
    const step = statement.reverse ? -by : by;
    for (let value = from; statement.reverse ? value >= to : value <= to; value += step) {
      const inner = new Scope(scope);
      inner.declare(statement.variable, scalar({ name: 'integer' }, String(value)));
      yield inner;
    }
  }

  private async bound(expression: Expression, scope: Scope): Promise<number> {
    const { text } = await evaluate(expression, scope, this.execution, { name: 'integer' });
    if (text === null) {
      throw new RedshiftError('bounds of FOR loop cannot be NULL', '22004');
    }
    return Number(text);
  }

  private async *queryRows({ targets, query }: Of<'for query'>, scope: Scope): AsyncIterable<Scope> {
    const result =
      'sql' in query ? await runSql(query.sql, scope, this.execution) : await this.dynamic(query.dynamic, scope);
    const inner = this.withTargets(targets, scope);
    for (const row of result.rows) {
      await this.store({ ...result, rows: [row] }, targets, inner);
      yield inner;
    }
    this.setFound(scope, result.rows.length > 0);
  }

  /** A single undeclared target is a row of the loop's own. */
  private withTargets(targets: readonly string[], scope: Scope): Scope {
    const inner = new Scope(scope);
    const [only = ''] = targets;
    if (targets.length === 1 && scope.find(only) === undefined) {
      inner.declare(only, { kind: 'record', fields: new Map() });
    }
    return inner;
  }

  private async assign({ target, value }: Of<'assign'>, scope: Scope): Promise<void> {
    const variable = scope.get(target);
    if (variable.kind === 'record') {
      throw new RedshiftError(`cannot assign a single value to record "${target}"`, '42804');
    }
    if (variable.constant) {
      throw new RedshiftError(`"${target}" is declared CONSTANT`, '22005');
    }
    variable.text = (await evaluate(value, scope, this.execution, variable.type)).text;
  }

  private async raise(statement: Of<'raise'>, scope: Scope): Promise<void> {
    const values = await evaluateAll(statement.arguments, scope, this.execution);
    const message = formatMessage(statement.format, values);
    if (statement.level === 'exception') {
      throw new RedshiftError(message, 'P0001');
    }
    if (statement.level !== 'log') {
      this.execution.notices.push(message);
    }
  }

  private async executeDynamic({ command, into }: Of<'execute'>, scope: Scope): Promise<void> {
    const result = await this.dynamic(command, scope);
    if (into.length > 0) {
      await this.store(result, into, scope);
    }
    await this.afterStatement();
  }

  private async dynamic(command: Expression, scope: Scope): Promise<StepResult> {
    const { text } = await evaluate(command, scope, this.execution);
    if (text === null) {
      throw new RedshiftError('cannot EXECUTE a null querystring', '22004');
    }
    return runSql(text, undefined, this.execution);
  }

  private async sql({ sql }: Of<'sql'>, scope: Scope): Promise<void> {
    const result = await runSql(sql, scope, this.execution);
    if (result.node === 'query statement' && result.columns !== undefined) {
      throw new RedshiftError('query has no destination for result data', '42601');
    }
    this.setFound(scope, result.affectedRows > 0);
    await this.afterStatement();
  }

  private async afterStatement(): Promise<void> {
    const { control } = this.execution;
    if (this.nonAtomic && control.block === 'idle') {
      await control.commitAndGoOn();
    }
  }

  /** Puts the first row into variables: all of it into a RECORD, or value by value. No row: NULLs. */
  private async store(result: StepResult, targets: readonly string[], scope: Scope): Promise<void> {
    const columns = result.columns ?? [];
    const row = result.rows[0] ?? [];
    const values = columns.map(({ type }, index) => ({ type, text: cellText(row[index] ?? null) }));
    this.setFound(scope, result.rows.length > 0);
    for (const [index, target] of targets.entries()) {
      const variable = scope.get(target);
      if (variable.kind === 'record') {
        variable.fields = new Map(columns.map(({ label }, column) => [label, values[column] ?? nothing]));
      } else {
        variable.text = await coerce(values[index] ?? nothing, variable.type, this.execution);
      }
    }
  }

  private setFound(scope: Scope, found: boolean): void {
    const variable = scope.find('found');
    if (variable?.kind === 'scalar') {
      variable.text = String(found);
    }
  }
}

const nothing: ParameterValue = { text: null, type: { name: 'unknown' } };

/** `%` stands for the next argument, `%%` for a percent sign. @throws RedshiftError 42601 when their number differs */
function formatMessage(format: string, values: readonly ParameterValue[]): string {
  let used = 0;
  const message = format.replace(/%%|%/g, (sign) => {
    if (sign === '%%') {
      return '%';
    }
    const value = values[used++];
    if (value === undefined) {
      throw new RedshiftError('too few parameters specified for RAISE', '42601');
    }
    return value.text ?? '<NULL>';
  });
  if (used < values.length) {
    throw new RedshiftError('too many parameters specified for RAISE', '42601');
  }
  return message;
}
