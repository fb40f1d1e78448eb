/**
 * Finds the JSON objects in a text: COPY separates them by white space only, so that a line may hold several and
 * an object may spread over many lines. Only the structure is looked at; whether numbers, escapes and words are
 * right is the engine's to say.
 */

/** One object, or (with `fault`) a piece of text that is none. */
export interface Frame {
  readonly text: string;
  /** 1-based number of its last line. */
  readonly line: number;
  /** What is wrong with it, for people. */
  readonly fault?: string;
}

export interface FrameScan {
  readonly frames: readonly Frame[];
  /** Where the incomplete rest starts; the text's length when there is none. */
  readonly rest: number;
  /** The line number at `rest`. */
  readonly line: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;
const COLON = 58;
const NEWLINE = 10;

enum Expect {
  Value,
  ValueOrEnd,
  Key,
  KeyOrEnd,
  Colon,
  CommaOrEnd,
}

type ObjectScan =
  | { readonly kind: 'whole'; readonly end: number; readonly newlines: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'broken'; readonly at: number; readonly why: string };

function isSpace(code: number): boolean {
  return code === 32 || code === NEWLINE || code === 13 || code === 9;
}

/** A character of a number or of true, false, null. */
function isScalar(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 43 && code <= 46 && code !== COMMA)
  );
}

/** The index after the closing quote, -1 when the text ends before, or -2 - i when character i may not stand there. */
function endOfString(text: string, start: number): number {
  let i = start;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      return i + 1;
    }
    if (code < 32) {
      return -2 - i;
    }
    i += code === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** Walks over one object or array that starts at `start`. */
function scanObject(text: string, start: number): ObjectScan {
  const objects: boolean[] = [];
  let expect = Expect.Value as Expect;
  let newlines = 0;
  let i = start;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) {
      newlines += code === NEWLINE ? 1 : 0;
      i += 1;
    } else if (code === QUOTE && expect !== Expect.Colon && expect !== Expect.CommaOrEnd) {
      const end = endOfString(text, i + 1);
      if (end < 0) {
        return end === -1 ? { kind: 'open' } : { kind: 'broken', at: -2 - end, why: 'a string does not end' };
      }
      expect = expect === Expect.Key || expect === Expect.KeyOrEnd ? Expect.Colon : Expect.CommaOrEnd;
      i = end;
    } else if (code === COLON && expect === Expect.Colon) {
      expect = Expect.Value;
      i += 1;
    } else if (code === COMMA && expect === Expect.CommaOrEnd) {
      expect = objects.at(-1) === true ? Expect.Key : Expect.Value;
      i += 1;
    } else if (
      (code === OPEN_BRACE || code === OPEN_BRACKET) &&
      (expect === Expect.Value || expect === Expect.ValueOrEnd)
    ) {
      objects.push(code === OPEN_BRACE);
      expect = code === OPEN_BRACE ? Expect.KeyOrEnd : Expect.ValueOrEnd;
      i += 1;
    } else if (closes(code, objects.at(-1) === true, expect)) {
      objects.pop();
      i += 1;
      if (objects.length === 0) {
        return { kind: 'whole', end: i, newlines };
      }
      expect = Expect.CommaOrEnd;
    } else if (isScalar(code) && (expect === Expect.Value || expect === Expect.ValueOrEnd)) {
      while (i < text.length && isScalar(text.charCodeAt(i))) {
        i += 1;
      }
      expect = Expect.CommaOrEnd;
    } else {
      return { kind: 'broken', at: i, why: `unexpected character ${JSON.stringify(text[i])}` };
    }
  }
  return { kind: 'open' };
}

function closes(code: number, inObject: boolean, expect: Expect): boolean {
  return inObject
    ? code === CLOSE_BRACE && (expect === Expect.KeyOrEnd || expect === Expect.CommaOrEnd)
    : code === CLOSE_BRACKET && (expect === Expect.ValueOrEnd || expect === Expect.CommaOrEnd);
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = text.indexOf('\n', from); i !== -1 && i < to; i = text.indexOf('\n', i + 1)) {
    count += 1;
  }
  return count;
}

/**
 * Where to go on after a piece that is no object. A line that begins with a brace begins a new object, so that
 * one broken line costs one error and not the rest of the file.
 */
function resume(text: string, start: number, at: number): number {
  const lineStart = text.lastIndexOf('\n', at) + 1;
  if (lineStart > start && text.charCodeAt(at) === OPEN_BRACE && text.slice(lineStart, at).trim() === '') {
    return lineStart;
  }
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

/**
 * The frames of a text.
 * @param firstLine number of the text's first line
 * @param last whether nothing follows: an object that does not end is then a fault, else it is the rest
 */
export function scanFrames(text: string, firstLine: number, last: boolean): FrameScan {
  const frames: Frame[] = [];
  let line = firstLine;
  let i = 0;
  const fault = (end: number, why: string): void => {
    line += countNewlines(text, i, end);
    const endsLine = end > i && text.charCodeAt(end - 1) === NEWLINE;
    frames.push({ text: text.slice(i, end).trimEnd(), line: endsLine ? line - 1 : line, fault: why });
    i = end;
  };
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) {
      line += code === NEWLINE ? 1 : 0;
      i += 1;
      continue;
    }
    if (code !== OPEN_BRACE && code !== OPEN_BRACKET) {
      fault(resumeAfterJunk(text, i), `unexpected character ${JSON.stringify(text[i])}`);
      continue;
    }
    const scan = scanObject(text, i);
    if (scan.kind === 'whole') {
      line += scan.newlines;
      frames.push({ text: text.slice(i, scan.end), line });
      i = scan.end;
    } else if (scan.kind === 'broken') {
      fault(resume(text, i, scan.at), scan.why);
    } else if (last) {
      fault(text.length, 'the object does not end');
    } else {
      return { frames, rest: i, line };
    }
  }
  return { frames, rest: i, line };
}

/** Junk between objects, for example a comma, ends where the next object or line begins. */
function resumeAfterJunk(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== NEWLINE && text.charCodeAt(i) !== OPEN_BRACE) {
    i += 1;
  }
  return i;
}
