import { notImplementedLocally, RedshiftError } from '../errors';
import { quoteLiteral } from './engine-types';
import {
  argument,
  type CallSite,
  callOf,
  type FunctionTable,
  integerArgument,
  literalText,
  scalar,
  textArgument,
} from './functions-signature';
import { derived, INTEGER, MAX_VARCHAR, type Typed, textLength, varchar } from './infer-types';
import { concatenate } from './translate-operators';

/** A function of one text that keeps its length. */
const sameLength = (engine: string) =>
  scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    return callOf(engine, varchar(textLength(value.type)), value);
  });

const counted = (build: (sql: string) => string) =>
  scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    return derived(`CAST(${build(value.sql)} AS INTEGER)`, INTEGER, value);
  });

/** TRIM and its kin: blanks by default, else every character of the second argument. */
const trimming = (engine: 'trim' | 'ltrim' | 'rtrim') =>
  scalar(1, 2, (args, site) => {
    const value = textArgument(args, 0, site);
    const set = args.length > 1 ? textArgument(args, 1, site).sql : "' '";
    const sql = engine === 'rtrim' && set === "' '" ? `rs.trimmed(${value.sql})` : `${engine}(${value.sql}, ${set})`;
    return derived(sql, varchar(textLength(value.type)), value, ...args.slice(1));
  });

/** SUBSTRING counts characters from 1; a start below 1 counts places before the text. */
function substring(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const start = integerArgument(args, 1, site);
  const length = args.length > 2 ? integerArgument(args, 2, site) : undefined;
  const type = varchar(textLength(value.type));
  const startNumber = constantInteger(start);
  const lengthNumber = length && constantInteger(length);
  if (length === undefined) {
    const from = startNumber !== undefined && startNumber >= 1 ? start.sql : `greatest(${start.sql}, 1)`;
    return derived(`substring(${value.sql}, ${from})`, type, value, start);
  }
  if (lengthNumber !== undefined && lengthNumber < 0) {
    throw new RedshiftError('negative substring length not allowed', '22011');
  }
  const plain = startNumber !== undefined && startNumber >= 1 && lengthNumber !== undefined;
  return callOf(plain ? 'substring' : 'rs.substring_from', type, value, start, length);
}

function constantInteger(value: Typed): number | undefined {
  return value.constant?.kind === 'number' ? Number(value.constant.text) : undefined;
}

const leftOrRight = (engine: 'left' | 'right') =>
  scalar(2, 2, (args, site) => {
    const value = textArgument(args, 0, site);
    return callOf(engine, varchar(textLength(value.type)), value, integerArgument(args, 1, site));
  });

const pad = (engine: 'lpad' | 'rpad') =>
  scalar(2, 3, (args, site) => {
    const value = textArgument(args, 0, site);
    const length = integerArgument(args, 1, site);
    const fill = args.length > 2 ? textArgument(args, 2, site).sql : "' '";
    return derived(`${engine}(${value.sql}, greatest(${length.sql}, 0), ${fill})`, varchar(MAX_VARCHAR), value, length);
  });

/** STRPOS(text, part), and CHARINDEX and POSITION with the part first. */
const position = (partFirst: boolean) =>
  scalar(2, 2, (args, site) => {
    const whole = textArgument(args, partFirst ? 1 : 0, site);
    const part = textArgument(args, partFirst ? 0 : 1, site);
    return derived(`CAST(strpos(${whole.sql}, ${part.sql}) AS INTEGER)`, INTEGER, whole, part);
  });

/** `$1` of Redshift's replacement texts is `\1` for the engine. */
function replacement(args: readonly Typed[], index: number, site: CallSite): string {
  if (args.length <= index) return "''";
  const literal = literalText(argument(args, index));
  if (literal === undefined) return textArgument(args, index, site).sql;
  return quoteLiteral(literal.replaceAll('\\', '\\\\').replace(/\$(\d)/g, '\\$1'));
}

/** The options behind a pattern: `i` ignores case, `c` does not, `e` takes the group, `p` is a Perl pattern. */
function patternOptions(args: readonly Typed[], index: number): { caseless: boolean; group: boolean } {
  const text = args.length > index ? (literalText(argument(args, index)) ?? '') : '';
  return { caseless: text.includes('i'), group: text.includes('e') };
}

function startingAt(value: Typed, args: readonly Typed[], index: number, site: CallSite): string {
  if (args.length <= index) return value.sql;
  const start = integerArgument(args, index, site);
  return constantInteger(start) === 1 ? value.sql : `substring(${value.sql}, ${start.sql})`;
}

function regexpReplace(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const pattern = textArgument(args, 1, site);
  if (args.length > 3 && constantInteger(argument(args, 3)) !== 1) {
    throw notImplementedLocally('REGEXP_REPLACE from a position other than 1');
  }
  const options = patternOptions(args, 4).caseless ? 'gi' : 'g';
  const sql = `regexp_replace(${value.sql}, ${pattern.sql}, ${replacement(args, 2, site)}, '${options}')`;
  return derived(sql, varchar(MAX_VARCHAR), value, pattern);
}

function regexpSubstr(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const pattern = textArgument(args, 1, site);
  const { caseless, group } = patternOptions(args, 4);
  const occurrence = args.length > 3 ? integerArgument(args, 3, site).sql : '1';
  const options = caseless ? ", 'i'" : ", ''";
  const all = `regexp_extract_all(${startingAt(value, args, 2, site)}, ${pattern.sql}, ${group ? 1 : 0}${options})`;
  return derived(`COALESCE(${all}[${occurrence}], '')`, varchar(textLength(value.type)), value, pattern);
}

function regexpCount(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const pattern = textArgument(args, 1, site);
  const options = patternOptions(args, 3).caseless ? 'i' : '';
  const all = `regexp_extract_all(${startingAt(value, args, 2, site)}, ${pattern.sql}, 0, '${options}')`;
  return derived(`CAST(len(${all}) AS INTEGER)`, INTEGER, value, pattern);
}

function regexpInstr(args: readonly Typed[], site: CallSite): Typed {
  if (args.length > 2) throw notImplementedLocally('REGEXP_INSTR with more than two arguments');
  const value = textArgument(args, 0, site);
  const pattern = textArgument(args, 1, site);
  const found = `regexp_extract(${value.sql}, ${quoteLiteral('')} || '(?s)^(.*?)(?:' || ${pattern.sql} || ')', 1)`;
  const matches = `regexp_matches(${value.sql}, ${pattern.sql})`;
  const sql = `CASE WHEN ${matches} THEN length(${found}) + 1 WHEN NOT ${matches} THEN 0 END`;
  return derived(`CAST(${sql} AS INTEGER)`, INTEGER, value, pattern);
}

/** SHA2(text, bits): 256 (also 0) by the engine. */
function sha2(args: readonly Typed[], site: CallSite): Typed {
  const bits = constantInteger(argument(args, 1));
  if (bits !== 256 && bits !== 0) throw notImplementedLocally('SHA2 of other than 256 bits');
  return callOf('sha256', varchar(128), textArgument(args, 0, site));
}

function translateCharacters(args: readonly Typed[], site: CallSite): Typed {
  const [value, from, to] = [0, 1, 2].map((index) => textArgument(args, index, site)) as [Typed, Typed, Typed];
  return callOf('translate', varchar(MAX_VARCHAR), value, from, to);
}

/** CONCAT takes two; a NULL makes it NULL. */
function concat(args: readonly Typed[]): Typed {
  return concatenate(argument(args, 0), argument(args, 1));
}

const lengthOf = counted((sql) => `length(${sql})`);
const bytesOf = counted((sql) => `strlen(${sql})`);

/** The length of CHAR goes without its blanks, as it is stored; a VARCHAR's blanks count. */
export const STRING_FUNCTIONS: FunctionTable = {
  upper: sameLength('upper'),
  lower: sameLength('lower'),
  initcap: sameLength('rs.initcap'),
  reverse: sameLength('reverse'),
  len: lengthOf,
  length: lengthOf,
  char_length: lengthOf,
  character_length: lengthOf,
  textlen: lengthOf,
  octet_length: bytesOf,
  bit_length: counted((sql) => `strlen(${sql}) * 8`),
  ascii: counted((sql) => `CASE WHEN ${sql} = '' THEN 0 ELSE ascii(${sql}) END`),
  trim: trimming('trim'),
  btrim: trimming('trim'),
  ltrim: trimming('ltrim'),
  rtrim: trimming('rtrim'),
  substring: scalar(2, 3, substring),
  substr: scalar(2, 3, substring),
  left: leftOrRight('left'),
  right: leftOrRight('right'),
  lpad: pad('lpad'),
  rpad: pad('rpad'),
  strpos: position(false),
  charindex: position(true),
  position: position(true),
  replace: scalar(3, 3, (args, site) => {
    const [value, from, to] = [0, 1, 2].map((index) => textArgument(args, index, site)) as [Typed, Typed, Typed];
    const empty = from.constant?.kind === 'string' ? from.constant.value === '' : false;
    return empty ? value : callOf('replace', varchar(MAX_VARCHAR), value, from, to);
  }),
  repeat: scalar(2, 2, (args, site) =>
    callOf('repeat', varchar(MAX_VARCHAR), textArgument(args, 0, site), integerArgument(args, 1, site)),
  ),
  replicate: scalar(2, 2, (args, site) =>
    callOf('repeat', varchar(MAX_VARCHAR), textArgument(args, 0, site), integerArgument(args, 1, site)),
  ),
  split_part: scalar(3, 3, (args, site) => {
    const index = integerArgument(args, 2, site);
    const place = constantInteger(index);
    if (place !== undefined && place <= 0) throw new RedshiftError('field position must be greater than zero', '22023');
    const value = textArgument(args, 0, site);
    return callOf('split_part', varchar(textLength(value.type)), value, textArgument(args, 1, site), index);
  }),
  translate: scalar(3, 3, translateCharacters),
  concat: scalar(2, 2, concat),
  chr: scalar(1, 1, (args, site) => callOf('chr', varchar(4), integerArgument(args, 0, site))),
  md5: scalar(1, 1, (args, site) => callOf('md5', varchar(32), textArgument(args, 0, site))),
  sha: scalar(1, 1, (args, site) => callOf('sha1', varchar(40), textArgument(args, 0, site))),
  sha1: scalar(1, 1, (args, site) => callOf('sha1', varchar(40), textArgument(args, 0, site))),
  func_sha1: scalar(1, 1, (args, site) => callOf('sha1', varchar(40), textArgument(args, 0, site))),
  sha2: scalar(2, 2, sha2),
  quote_literal: scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    const escaped = `replace(replace(${value.sql}, '\\', '\\\\'), '''', '''''')`;
    return derived(`('''' || ${escaped} || '''')`, varchar(MAX_VARCHAR), value);
  }),
  quote_ident: scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    const quoted = `'"' || replace(${value.sql}, '"', '""') || '"'`;
    const plain = `regexp_full_match(${value.sql}, '[a-z_][a-z0-9_]*')`;
    return derived(`CASE WHEN ${plain} THEN ${value.sql} ELSE ${quoted} END`, varchar(MAX_VARCHAR), value);
  }),
  regexp_replace: scalar(2, 5, regexpReplace),
  regexp_substr: scalar(2, 5, regexpSubstr),
  regexp_count: scalar(2, 4, regexpCount),
  regexp_instr: scalar(2, 6, regexpInstr),
  to_hex: scalar(1, 1, (args, site) => {
    const value = integerArgument(args, 0, site, { name: 'bigint' });
    return derived(`lower(hex(${value.sql}))`, varchar(16), value);
  }),
  bpcharcmp: scalar(2, 2, compareTexts),
  bttext_pattern_cmp: scalar(2, 2, compareTexts),
};

function compareTexts(args: readonly Typed[], site: CallSite): Typed {
  const [a, b] = [0, 1].map((index) => textArgument(args, index, site)) as [Typed, Typed];
  const order = `CASE WHEN ${a.sql} < ${b.sql} THEN -1 WHEN ${a.sql} > ${b.sql} THEN 1 WHEN ${a.sql} = ${b.sql} THEN 0 END`;
  return derived(`CAST(${order} AS INTEGER)`, INTEGER, a, b);
}
