import { RedshiftError } from '../errors';
import type { CreateProcedure } from './ast';
import { readType } from './parser-types';
import { parseProcedureBody } from './procedure-parser';
import type { TokenStream } from './token-stream';

type Parameter = CreateProcedure['parameters'][number];

/**
 * `create [or replace] procedure p(…) [nonatomic] as $$…$$ language plpgsql [security …]`; the cursor stands behind
 * PROCEDURE. The body is parsed too, as Redshift does when a procedure is created.
 */
export function readCreateProcedure(tokens: TokenStream, orReplace: boolean, position: number): CreateProcedure {
  const name = tokens.qualifiedName();
  const parameters = readParameters(tokens);
  const nonAtomic = tokens.accept('nonatomic');
  const { body, securityDefiner } = readClauses(tokens);
  return { node: 'create procedure', name, orReplace, parameters, body, securityDefiner, nonAtomic, position };
}

function readParameters(tokens: TokenStream): Parameter[] {
  if (tokens.isOperator('(') && tokens.isOperator(')', 1)) {
    tokens.next();
    tokens.next();
    return [];
  }
  return tokens.parenthesized(() => readParameter(tokens));
}

/** `[name] [mode] type`; PostgreSQL's order `mode name type` is taken too. A parameter without a name has ''. */
function readParameter(tokens: TokenStream): Parameter {
  const before = readMode(tokens);
  const named = tokens.isName() && !isLastOfParameter(tokens);
  const name = named ? tokens.name() : '';
  const mode = before ?? readMode(tokens) ?? 'in';
  return { name, mode, type: readType(tokens) };
}

/** A single word, `varchar(…)` or a known pair of words is a type without a name before it. */
function isLastOfParameter(tokens: TokenStream): boolean {
  if ([',', ')', '('].some((sign) => tokens.isOperator(sign, 1))) return true;
  if (tokens.isWord(['double', 'character', 'binary'])) return tokens.isWord(['precision', 'varying'], 1);
  return tokens.isWord('time') && tokens.isWord(['with', 'without'], 1);
}

function readMode(tokens: TokenStream): Parameter['mode'] | undefined {
  for (const mode of ['in', 'out', 'inout'] as const) {
    const isMode = tokens.isWord(mode) && !tokens.isOperator(',', 1) && !tokens.isOperator(')', 1);
    if (isMode && tokens.accept(mode)) return mode;
  }
  return undefined;
}

function readClauses(tokens: TokenStream): { body: string; securityDefiner: boolean } {
  let body: string | undefined;
  let language: string | undefined;
  let securityDefiner = false;
  for (;;) {
    if (body === undefined && tokens.accept('as')) body = readBody(tokens);
    else if (language === undefined && tokens.accept('language')) language = readLanguage(tokens);
    else if (tokens.accept('security', 'definer')) securityDefiner = true;
    else if (!tokens.accept('security', 'invoker')) break;
  }
  if (body === undefined || language === undefined) throw tokens.unexpected();
  return { body, securityDefiner };
}

function readLanguage(tokens: TokenStream): string {
  const token = tokens.peek();
  const language = tokens.isString() ? tokens.string().toLowerCase() : tokens.name();
  if (language === 'plpgsql') return language;
  throw new RedshiftError(`language "${language}" does not exist`, '42704', { position: token.start + 1 });
}

function readBody(tokens: TokenStream): string {
  const { start, end } = tokens.peek();
  const body = tokens.string();
  const opening = tokens.source.slice(start, end).indexOf(body);
  try {
    parseProcedureBody(body);
  } catch (error) {
    throw opening < 0 ? error : shifted(error, start + opening);
  }
  return body;
}

/** An error in the body, its position counted from the start of the whole statement. */
function shifted(error: unknown, by: number): unknown {
  if (!(error instanceof RedshiftError) || error.more.position === undefined) return error;
  return new RedshiftError(error.message, error.sqlState, { ...error.more, position: error.more.position + by });
}

/** The argument types that tell overloaded procedures apart: `(int, out varchar(20))`. Read and dropped. */
export function readArgumentTypes(tokens: TokenStream): void {
  readParameters(tokens);
}
