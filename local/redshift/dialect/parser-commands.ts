import { notImplementedLocally } from '../errors';
import type {
  Analyze,
  Begin,
  Commit,
  Explain,
  Lock,
  ResetParameter,
  Rollback,
  SetParameter,
  ShowParameter,
  Statement,
  Vacuum,
} from './ast';
import type { TokenStream } from './token-stream';

/** `set [session | local] name = | to value, …`; several values are joined by a comma and a blank. */
export function readSet(tokens: TokenStream): SetParameter {
  const { position } = tokens;
  tokens.expect('set');
  if (tokens.accept('session', 'authorization')) {
    const value = tokens.isString() ? tokens.string() : tokens.label();
    return { node: 'set', name: 'session_authorization', value, local: false, position };
  }
  const local = tokens.isWord('local') && tokens.isName(1) && tokens.accept('local');
  if (!local && tokens.isWord('session') && tokens.isName(1)) tokens.next();
  if (tokens.isWord('transaction')) throw notImplementedLocally('SET TRANSACTION');
  if (tokens.accept('time', 'zone'))
    return { node: 'set', name: 'timezone', value: readValue(tokens), local, position };
  const name = readParameterName(tokens);
  if (!tokens.acceptOperator('=')) tokens.expect('to');
  return { node: 'set', name, value: tokens.list(() => readValue(tokens)).join(', '), local, position };
}

function readParameterName(tokens: TokenStream): string {
  const parts = [tokens.name()];
  while (tokens.acceptOperator('.')) parts.push(tokens.label());
  return parts.join('.');
}

function readValue(tokens: TokenStream): string {
  const { kind } = tokens.peek();
  if (kind === 'word' || kind === 'quoted' || kind === 'string') return tokens.next().value;
  const sign = tokens.acceptOperator('-') ? '-' : '';
  if (tokens.peek().kind !== 'number') throw tokens.unexpected();
  return sign + tokens.next().value;
}

/** `show name`; the SHOW statements that list objects are not the local engine's. */
export function readShow(tokens: TokenStream): ShowParameter {
  const { position } = tokens;
  tokens.expect('show');
  const isListing =
    tokens.isWord(['databases', 'schemas', 'tables', 'columns', 'grants', 'parameters', 'procedures', 'functions']) ||
    (tokens.isWord(['table', 'view', 'external', 'procedure', 'function', 'model', 'datashares']) &&
      tokens.peek(1).kind !== 'end');
  if (isListing) throw notImplementedLocally(`SHOW ${tokens.peek().value.toUpperCase()}`);
  if (tokens.accept('time', 'zone')) return { node: 'show', name: 'timezone', position };
  const name = tokens.accept('all') ? 'all' : readParameterName(tokens);
  return { node: 'show', name, position };
}

/** `reset name | all` */
export function readReset(tokens: TokenStream): ResetParameter {
  const { position } = tokens;
  tokens.expect('reset');
  if (tokens.accept('session', 'authorization')) return { node: 'reset', name: 'session_authorization', position };
  return { node: 'reset', name: tokens.accept('all') ? 'all' : readParameterName(tokens), position };
}

const EXPLAINABLE = ['query statement', 'insert', 'update', 'delete', 'create table as', 'merge'];

/** `explain [verbose] statement` */
export function readExplain(tokens: TokenStream, readStatement: (tokens: TokenStream) => Statement): Explain {
  const { position } = tokens;
  tokens.expect('explain');
  const verbose = tokens.accept('verbose');
  const start = tokens.peek();
  const statement = tokens.nested(() => readStatement(tokens));
  if (!EXPLAINABLE.includes(statement.node)) throw tokens.unexpected(start);
  return { node: 'explain', verbose, statement, position };
}

/** `lock [table] t, …` */
export function readLock(tokens: TokenStream): Lock {
  const { position } = tokens;
  tokens.expect('lock');
  tokens.accept('table');
  return { node: 'lock', tables: tokens.list(() => tokens.qualifiedName()), position };
}

/** `analyze [verbose] [t [(columns)]] [predicate columns | all columns]` */
export function readAnalyze(tokens: TokenStream): Analyze {
  const { position } = tokens;
  if (!tokens.accept('analyse')) tokens.expect('analyze');
  if (tokens.isWord('compression')) throw notImplementedLocally('ANALYZE COMPRESSION');
  tokens.accept('verbose');
  const table = tokens.isName() && !isColumnChoice(tokens) ? tokens.qualifiedName() : undefined;
  const columns = table && tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [];
  if (isColumnChoice(tokens)) {
    tokens.next();
    tokens.next();
  }
  return { node: 'analyze', ...(table && { table }), columns, position };
}

function isColumnChoice(tokens: TokenStream): boolean {
  return tokens.isWord(['predicate', 'all']) && tokens.isWord('columns', 1);
}

/** `vacuum [full | sort only | delete only | reindex | recluster] [t] [to n percent] [boost]` */
export function readVacuum(tokens: TokenStream): Vacuum {
  const { position } = tokens;
  tokens.expect('vacuum');
  if (!tokens.accept('sort', 'only') && !tokens.accept('delete', 'only') && !tokens.accept('full')) {
    if (!tokens.accept('reindex')) tokens.accept('recluster');
  }
  const table = tokens.isName() && !tokens.isWord('boost') ? tokens.qualifiedName() : undefined;
  if (tokens.accept('to')) {
    tokens.integer();
    tokens.expect('percent');
  }
  tokens.accept('boost');
  return { node: 'vacuum', ...(table && { table }), position };
}

/** BEGIN or START TRANSACTION with isolation level and mode, which have no effect. */
export function readBegin(tokens: TokenStream): Begin {
  const { position } = tokens;
  if (tokens.accept('start')) tokens.expect('transaction');
  else {
    tokens.expect('begin');
    skipWork(tokens);
  }
  if (tokens.accept('isolation', 'level')) readIsolation(tokens);
  if (tokens.accept('read') && !tokens.accept('write')) tokens.expect('only');
  return { node: 'begin', position };
}

function readIsolation(tokens: TokenStream): void {
  if (tokens.accept('read', 'committed') || tokens.accept('read', 'uncommitted')) return;
  if (tokens.accept('repeatable', 'read') || tokens.accept('snapshot')) return;
  tokens.expect('serializable');
}

/** COMMIT or END. */
export function readCommit(tokens: TokenStream): Commit {
  const { position } = tokens;
  tokens.next();
  skipWork(tokens);
  return { node: 'commit', position };
}

/** ROLLBACK or ABORT; there are no savepoints to go back to. */
export function readRollback(tokens: TokenStream): Rollback {
  const { position } = tokens;
  tokens.next();
  skipWork(tokens);
  return { node: 'rollback', position };
}

function skipWork(tokens: TokenStream): void {
  if (!tokens.accept('work')) tokens.accept('transaction');
}
