import { RedshiftError } from '../errors';
import { quoteLiteral } from './engine-types';
import {
  argument,
  type CallSite,
  type FunctionTable,
  integerArgument,
  literalText,
  noFunction,
  scalar,
  textArgument,
} from './functions-signature';
import { BOOLEAN, derived, INTEGER, MAX_VARCHAR, SUPER, type Typed, typed, varchar } from './infer-types';

function superArgument(args: readonly Typed[], index: number, site: CallSite): Typed {
  const value = argument(args, index);
  if (value.type.name !== 'super') throw noFunction(site);
  return value;
}

/** JSON_PARSE: text to SUPER; what is no JSON is an error. */
function jsonParse(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const failed = `CAST(rs.fail('22P02', 'JSON parse error: invalid JSON: ' || ${value.sql}) AS JSON)`;
  return derived(
    `CASE WHEN json_valid(${value.sql}) THEN CAST(${value.sql} AS JSON) WHEN ${value.sql} IS NOT NULL THEN ${failed} END`,
    SUPER,
    value,
  );
}

/** JSON_EXTRACT_PATH_TEXT(json, key, …[, null_if_invalid]): the value as text, '' where it is not there. */
function extractPathText(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const last = argument(args, args.length - 1);
  const tolerant = last.type.name === 'boolean' ? last.sql : 'false';
  const keys = args.slice(1, last.type.name === 'boolean' ? -1 : undefined);
  const path = keys.reduce((inner, key) => `(${inner}->${keyOf(key, site)})`, `CAST(${value.sql} AS JSON)`);
  const found = `COALESCE(${path}->>'$', '')`;
  const sql = `CASE WHEN json_valid(${value.sql}) THEN ${found} WHEN ${value.sql} IS NOT NULL AND NOT ${tolerant} THEN ${parsingError()} END`;
  return derived(sql, varchar(MAX_VARCHAR), value);
}

function keyOf(key: Typed, site: CallSite): string {
  const text = literalText(key);
  if (text === undefined) return textArgument([key], 0, site).sql;
  return quoteLiteral(text);
}

function parsingError(): string {
  return `CAST(rs.fail('XX000', 'JSON parsing error') AS VARCHAR)`;
}

/** JSON_EXTRACT_ARRAY_ELEMENT_TEXT(json array, index from 0) */
function arrayElementText(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const index = integerArgument(args, 1, site);
  const element = `COALESCE(CAST(${value.sql} AS JSON)->CAST(${index.sql} AS BIGINT)->>'$', '')`;
  const sql = `CASE WHEN json_valid(${value.sql}) THEN ${element} WHEN ${value.sql} IS NOT NULL THEN ${parsingError()} END`;
  return derived(sql, varchar(MAX_VARCHAR), value);
}

function arrayLength(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  return derived(`CAST(json_array_length(CAST(${value.sql} AS JSON)) AS INTEGER)`, INTEGER, value);
}

function objectOf(args: readonly Typed[]): Typed {
  if (args.length % 2 !== 0) throw new RedshiftError('object() needs pairs of names and values', '42883');
  return typed(`json_object(${args.map((arg) => arg.sql).join(', ')})`, SUPER, false);
}

const isOfType = (...types: readonly string[]) =>
  scalar(1, 1, (args, site) => {
    const value = superArgument(args, 0, site);
    const names = types.map(quoteLiteral).join(', ');
    return derived(`(json_type(${value.sql}) IN (${names}))`, BOOLEAN, value);
  });

export const JSON_FUNCTIONS: FunctionTable = {
  json_parse: scalar(1, 1, jsonParse),
  json_serialize: scalar(1, 1, (args, site) => {
    const value = superArgument(args, 0, site);
    return derived(`CAST(${value.sql} AS VARCHAR)`, varchar(MAX_VARCHAR), value);
  }),
  can_json_parse: scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    return derived(`COALESCE(json_valid(${value.sql}), false)`, BOOLEAN, value);
  }),
  is_valid_json: scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    const valid = `json_valid(${value.sql}) AND json_type(TRY_CAST(${value.sql} AS JSON)) IN ('OBJECT', 'ARRAY')`;
    return derived(`(${valid})`, BOOLEAN, value);
  }),
  is_valid_json_array: scalar(1, 1, (args, site) => {
    const value = textArgument(args, 0, site);
    return derived(
      `(json_valid(${value.sql}) AND json_type(TRY_CAST(${value.sql} AS JSON)) = 'ARRAY')`,
      BOOLEAN,
      value,
    );
  }),
  json_extract_path_text: scalar(2, 7, extractPathText),
  json_extract_array_element_text: scalar(2, 3, arrayElementText),
  json_array_length: scalar(1, 2, arrayLength),
  get_array_length: scalar(1, 1, (args, site) => {
    const value = superArgument(args, 0, site);
    return derived(`CAST(json_array_length(${value.sql}) AS INTEGER)`, INTEGER, value);
  }),
  array: scalar(0, 1000, (args) => typed(`json_array(${args.map((arg) => arg.sql).join(', ')})`, SUPER, false)),
  object: scalar(0, 1000, objectOf),
  is_array: isOfType('ARRAY'),
  is_object: isOfType('OBJECT'),
  is_varchar: isOfType('VARCHAR'),
  is_boolean: isOfType('BOOLEAN'),
  is_scalar: isOfType('VARCHAR', 'BOOLEAN', 'BIGINT', 'UBIGINT', 'DOUBLE', 'HUGEINT'),
  is_integer: isOfType('BIGINT', 'UBIGINT'),
  json_typeof: scalar(1, 1, (args, site) => {
    const value = superArgument(args, 0, site);
    const type = `json_type(${value.sql})`;
    const sql = `CASE ${type} WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number' END`;
    return derived(`CASE WHEN ${value.sql} IS NOT NULL THEN ${sql} END`, varchar(16), value);
  }),
};
