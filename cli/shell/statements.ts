import { type Piece, pieces } from './tokens';

/** One statement of a text. */
export interface Statement {
  /** From its first word to its last, without the semicolon; comments before and behind it are not part of it. */
  readonly sql: string;
  /** 0-based offset of its first character into the whole text. */
  readonly start: number;
  /** 1-based line of the text that it begins on. */
  readonly line: number;
}

/** What a text is made of. */
export interface Split {
  /** Those that a semicolon has ended. */
  readonly complete: readonly Statement[];
  /** What stands behind the last semicolon, undefined when that is nothing but blanks and comments. */
  readonly rest?: Statement;
  /** What is not closed at the end of the text. */
  readonly open?: 'string' | 'name' | 'comment' | 'parenthesis';
}

/** Cuts a text at its semicolons; those in strings, quoted names, dollar quotes and comments do not count. */
export function split(text: string): Split {
  const complete: Statement[] = [];
  let begun: Piece[] = [];
  const found = pieces(text);
  for (const piece of found) {
    if (piece.kind === 'comment') continue;
    if (piece.kind !== 'end of statement') {
      begun.push(piece);
      continue;
    }
    const statement = statementOf(begun, text);
    if (statement !== undefined) complete.push(statement);
    begun = [];
  }
  const rest = statementOf(begun, text);
  const open = openIn(found.at(-1), begun);
  return { complete, ...(rest && { rest }), ...(open && { open }) };
}

/** All statements of a text, the last one with or without its semicolon. */
export function statements(text: string): readonly Statement[] {
  const { complete, rest } = split(text);
  return rest === undefined ? complete : [...complete, rest];
}

function statementOf(parts: readonly Piece[], text: string): Statement | undefined {
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    sql: text.slice(first.start, last.start + last.text.length),
    start: first.start,
    line: lineOf(text, first.start),
  };
}

function openIn(last: Piece | undefined, statement: readonly Piece[]): Split['open'] {
  if (last?.open && (last.kind === 'string' || last.kind === 'name' || last.kind === 'comment')) return last.kind;
  let depth = 0;
  for (const { kind, text } of statement) {
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
  }
  return depth > 0 ? 'parenthesis' : undefined;
}

/** The 1-based line that an offset stands on. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** The first words of a statement in lower case, `create table` for example. */
export function opening(sql: string, words = 2): string {
  return pieces(sql)
    .filter(({ kind }) => kind !== 'comment')
    .slice(0, words)
    .map(({ text }) => text.toLowerCase())
    .join(' ');
}

/** What a statement does to the transaction that it is in. */
export function transactionStep(sql: string): 'begins' | 'commits' | 'rolls back' | undefined {
  const [first, second] = opening(sql).split(' ');
  if (first === 'begin' || (first === 'start' && second === 'transaction')) return 'begins';
  if (first === 'commit' || first === 'end') return 'commits';
  return first === 'rollback' || first === 'abort' ? 'rolls back' : undefined;
}

/** Whether the catalogue may be another one after a statement. */
export function changesCatalogue(sql: string): boolean {
  return /^(create|alter|drop|grant|revoke|call|rollback|abort)\b/.test(opening(sql)) || makesTable(sql);
}

/** SELECT … INTO makes a table. */
function makesTable(sql: string): boolean {
  const into = ({ kind, text }: Piece) => kind === 'word' && text.toLowerCase() === 'into';
  return /^(select|with)\b/.test(opening(sql)) && pieces(sql).some(into);
}
