import type { Expression, ProcedureStatement } from './ast';
import { IfBranch } from './branches';
import { readExpression } from './parser-expressions';
import { readStatements } from './procedure-parser';
import { sqlUntilLoop } from './procedure-sql';
import type { TokenStream } from './token-stream';

/** `if … then … [elsif … then …] [else …] end if;` */
export function readIf(tokens: TokenStream): ProcedureStatement {
  const branches: IfBranch[] = [];
  tokens.expect('if');
  do {
    const condition = readExpression(tokens);
    tokens.expect('then');
    branches.push(new IfBranch(condition, readStatements(tokens)));
  } while (tokens.accept('elsif') || tokens.accept('elseif'));
  const otherwise = tokens.accept('else') ? readStatements(tokens) : [];
  tokens.expect('end', 'if');
  tokens.expectOperator(';');
  return { do: 'if', branches, otherwise };
}

/**
 * The CASE statement becomes an IF: `case x when 1, 2 then …` tests `x = 1 or x = 2`. Without ELSE a case that none of
 * the branches takes raises, as in PostgreSQL.
 */
export function readCaseStatement(tokens: TokenStream): ProcedureStatement {
  tokens.expect('case');
  const operand = tokens.isWord('when') ? undefined : readExpression(tokens);
  const branches: IfBranch[] = [];
  while (tokens.accept('when')) {
    const tests = tokens.list(() => readExpression(tokens)).map((value) => equals(operand, value));
    tokens.expect('then');
    const condition = tests.reduce(
      (left, right): Expression => ({ node: 'logical', operator: 'or', left, right, position: left.position }),
    );
    branches.push(new IfBranch(condition, readStatements(tokens)));
  }
  if (branches.length === 0) throw tokens.unexpected();
  const otherwise = tokens.accept('else') ? readStatements(tokens) : [CASE_NOT_FOUND];
  tokens.expect('end', 'case');
  tokens.expectOperator(';');
  return { do: 'if', branches, otherwise };
}

const CASE_NOT_FOUND: ProcedureStatement = {
  do: 'raise',
  level: 'exception',
  format: 'case not found',
  arguments: [],
};

function equals(operand: Expression | undefined, value: Expression): Expression {
  if (!operand) return value;
  return { node: 'binary', operator: '=', left: operand, right: value, position: value.position };
}

/** LOOP, WHILE or FOR, whose label, if any, has been read. */
export function readLabelled(tokens: TokenStream, name: string | undefined): ProcedureStatement {
  const label = name === undefined ? {} : { label: name };
  if (tokens.accept('while')) {
    const condition = readExpression(tokens);
    return { do: 'while', ...label, condition, body: readLoopBody(tokens) };
  }
  if (tokens.accept('for')) return { ...readFor(tokens), ...label };
  return { do: 'loop', ...label, body: readLoopBody(tokens) };
}

/** `loop … end loop [label];` */
function readLoopBody(tokens: TokenStream): ProcedureStatement[] {
  tokens.expect('loop');
  const body = readStatements(tokens);
  tokens.expect('end', 'loop');
  if (tokens.isName()) tokens.name();
  tokens.expectOperator(';');
  return body;
}

function readFor(tokens: TokenStream): ProcedureStatement {
  const targets = tokens.list(() => tokens.name());
  tokens.expect('in');
  if (tokens.accept('execute')) {
    const dynamic = readExpression(tokens);
    return { do: 'for query', targets, query: { dynamic }, body: readLoopBody(tokens) };
  }
  if (tokens.isWord(['select', 'with'])) {
    const sql = sqlUntilLoop(tokens);
    return { do: 'for query', targets, query: { sql }, body: readLoopBody(tokens) };
  }
  const [variable] = targets;
  if (targets.length !== 1 || variable === undefined) throw tokens.unexpected();
  return readForRange(tokens, variable);
}

function readForRange(tokens: TokenStream, variable: string): ProcedureStatement {
  const reverse = tokens.isWord('reverse') && tokens.accept('reverse');
  const from = readExpression(tokens);
  tokens.expectOperator('..');
  const to = readExpression(tokens);
  const by = tokens.accept('by') ? readExpression(tokens) : undefined;
  return { do: 'for range', variable, from, to, ...(by && { by }), reverse, body: readLoopBody(tokens) };
}

/** `exit | continue [label] [when condition];` */
export function readLoopJump(tokens: TokenStream): ProcedureStatement {
  const jump = tokens.next().value === 'exit' ? 'exit' : 'continue';
  const label = tokens.isName() ? tokens.name() : undefined;
  const when = tokens.accept('when') ? readExpression(tokens) : undefined;
  tokens.expectOperator(';');
  return { do: jump, ...(label !== undefined && { label }), ...(when && { when }) };
}
