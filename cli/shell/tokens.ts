/** `end of statement` is a semicolon. What is not closed runs to the end of the text and is `open`. */
export type PieceKind = 'word' | 'name' | 'string' | 'number' | 'comment' | 'sign' | 'end of statement';

export interface Piece {
  readonly kind: PieceKind;
  /** As written. */
  readonly text: string;
  /** 0-based offset into the whole text. */
  readonly start: number;
  /** A quote, dollar quote or block comment without its end. */
  readonly open?: true;
}

const BLANK = /\s+/y;
const LINE_COMMENT = /--[^\n]*/y;
const WORD = /#?[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
/** In Redshift a backslash takes the next character with it, whatever it is. */
const STRING = /[eE]?'(?:[^'\\]+|\\[\s\S]|'')*('|\\?$)/y;
const NAME = /"(?:[^"]+|"")*("|$)/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/**
 * Cuts SQL into pieces as somebody types it: nothing is refused, and what is not closed yet is marked. Blanks are left
 * out, comments are not.
 */
export function pieces(sql: string): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  while (at < sql.length) {
    const blank = matched(BLANK, sql, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const piece = pieceAt(sql, at);
    found.push(piece);
    at += piece.text.length;
  }
  return found;
}

function matched(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

function pieceAt(sql: string, start: number): Piece {
  const piece = (kind: PieceKind, text: string, open = false): Piece => ({ kind, text, start, ...(open && { open }) });
  const line = matched(LINE_COMMENT, sql, start);
  if (line !== undefined) return piece('comment', line);
  if (sql.startsWith('/*', start)) return blockComment(sql, start);
  STRING.lastIndex = start;
  const string = STRING.exec(sql);
  if (string !== null) return piece('string', string[0], string[1] !== "'");
  NAME.lastIndex = start;
  const name = NAME.exec(sql);
  if (name !== null) return piece('name', name[0], name[1] !== '"');
  const tag = matched(DOLLAR_QUOTE, sql, start);
  if (tag !== undefined) {
    const close = sql.indexOf(tag, start + tag.length);
    return close < 0 ? piece('string', sql.slice(start), true) : piece('string', sql.slice(start, close + tag.length));
  }
  const word = matched(WORD, sql, start);
  if (word !== undefined) return piece('word', word);
  const number = matched(NUMBER, sql, start);
  if (number !== undefined) return piece('number', number);
  const sign = String.fromCodePoint(sql.codePointAt(start) ?? 0);
  return piece(sign === ';' ? 'end of statement' : 'sign', sign);
}

/** Block comments nest. */
function blockComment(sql: string, start: number): Piece {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'comment', text: sql.slice(start, marks.lastIndex), start };
  }
  return { kind: 'comment', text: sql.slice(start), start, open: true };
}
