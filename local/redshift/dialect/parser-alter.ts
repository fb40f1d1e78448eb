import type { DistStyle, SortKey } from '../catalog/relation';
import { notImplementedLocally } from '../errors';
import type { AlterTable } from './ast';
import {
  isSortKey,
  readColumn,
  readDistKey,
  readEncoding,
  readSortKey,
  readStyle,
  readTableConstraint,
} from './parser-tables';
import { readType } from './parser-types';
import type { TokenStream } from './token-stream';

/** ALTER TABLE with its one action (encodings and table attributes may be several); the cursor is behind ALTER. */
export function readAlterTable(tokens: TokenStream, position: number): AlterTable {
  tokens.expect('table');
  const name = tokens.qualifiedName();
  return { node: 'alter table', name, action: readAction(tokens), position };
}

type Action = AlterTable['action'];

function readAction(tokens: TokenStream): Action {
  if (tokens.accept('add')) return readAdd(tokens);
  if (tokens.accept('drop')) return readDrop(tokens);
  if (tokens.accept('rename')) return readRename(tokens);
  if (tokens.accept('owner')) {
    tokens.expect('to');
    return { kind: 'owner', owner: tokens.name() };
  }
  if (tokens.accept('set', 'schema')) return { kind: 'set schema', schema: tokens.name() };
  if (tokens.accept('append')) return readAppend(tokens);
  if (tokens.isWord('alter')) return readAlterations(tokens);
  throw tokens.unexpected();
}

function readAdd(tokens: TokenStream): Action {
  const constraint = readTableConstraint(tokens);
  if (constraint) return { kind: 'add constraint', constraint };
  tokens.accept('column');
  return { kind: 'add column', column: readColumn(tokens) };
}

function readDrop(tokens: TokenStream): Action {
  if (tokens.accept('constraint')) {
    return { kind: 'drop constraint', name: tokens.name(), cascade: readBehaviour(tokens) };
  }
  tokens.accept('column');
  return { kind: 'drop column', column: tokens.name(), cascade: readBehaviour(tokens) };
}

/** CASCADE, or RESTRICT, which is the default. */
export function readBehaviour(tokens: TokenStream): boolean {
  if (tokens.accept('cascade')) return true;
  tokens.accept('restrict');
  return false;
}

function readRename(tokens: TokenStream): Action {
  if (tokens.accept('to')) return { kind: 'rename table', to: tokens.name() };
  tokens.accept('column');
  const from = tokens.name();
  tokens.expect('to');
  return { kind: 'rename column', from, to: tokens.name() };
}

function readAppend(tokens: TokenStream): Action {
  tokens.expect('from');
  const from = tokens.qualifiedName();
  if (tokens.isWord(['ignoreextra', 'fillextra'])) {
    throw notImplementedLocally(`ALTER TABLE APPEND … ${tokens.peek().value.toUpperCase()}`);
  }
  return { kind: 'append', from };
}

/** ALTER COLUMN … TYPE, or a list of ALTER COLUMN … ENCODE, or a list of ALTER DISTSTYLE / DISTKEY / SORTKEY. */
function readAlterations(tokens: TokenStream): Action {
  if (!tokens.isWord('column', 1)) return readAttributeChanges(tokens);
  tokens.expect('alter', 'column');
  const column = tokens.name();
  if (tokens.accept('type')) return { kind: 'alter type', column, type: readType(tokens) };
  tokens.expect('encode');
  const encodings = [{ column, encoding: readEncoding(tokens) }];
  while (tokens.acceptOperator(',')) {
    tokens.expect('alter', 'column');
    const next = tokens.name();
    tokens.expect('encode');
    encodings.push({ column: next, encoding: readEncoding(tokens) });
  }
  return { kind: 'alter encode', encodings };
}

function readAttributeChanges(tokens: TokenStream): Action {
  let distStyle: DistStyle | undefined;
  let sortKey: SortKey | undefined;
  let encodeAuto = false;
  do {
    tokens.expect('alter');
    if (distStyle === undefined && tokens.isWord(['diststyle', 'distkey'])) distStyle = readDistChange(tokens);
    else if (sortKey === undefined && isSortKey(tokens)) sortKey = readSortKey(tokens);
    else {
      tokens.expect('encode', 'auto');
      encodeAuto = true;
    }
  } while (tokens.acceptOperator(','));
  const attributes = {
    ...(distStyle && { distStyle }),
    ...(sortKey && { sortKey }),
    ...(encodeAuto && { encodeAuto }),
  };
  return { kind: 'attributes', attributes };
}

/** `distkey c`, `diststyle key distkey c` (parentheses allowed) or `diststyle even | all | auto`. */
function readDistChange(tokens: TokenStream): DistStyle {
  const style = tokens.accept('diststyle') ? readStyle(tokens) : 'key';
  if (style !== 'key') return { style };
  tokens.expect('distkey');
  return { style, column: tokens.isOperator('(') ? readDistKey(tokens) : tokens.name() };
}
