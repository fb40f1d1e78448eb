import { notImplementedLocally, RedshiftError } from '../errors';
import type { FunctionCall } from './ast';
import { AGGREGATES, grouping } from './functions-aggregates';
import { CONDITIONAL_FUNCTIONS } from './functions-conditional';
import { DATE_FUNCTIONS } from './functions-dates';
import { JSON_FUNCTIONS } from './functions-json';
import { NUMBER_FUNCTIONS } from './functions-numbers';
import { type CallSite, type FunctionTable, noFunction } from './functions-signature';
import { STRING_FUNCTIONS } from './functions-strings';
import { SYSTEM_FUNCTIONS } from './functions-system';
import { isWindowFunction, translateWindow } from './functions-windows';
import type { Typed } from './infer-types';
import type { Scope } from './scope';
import { translateExpression } from './translate-expression';

const SCALARS: FunctionTable = {
  ...STRING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...CONDITIONAL_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...SYSTEM_FUNCTIONS,
};

/** Functions that Redshift has and this engine does not. */
const KNOWN_ELSEWHERE: ReadonlySet<string> = new Set(
  `approximate_percentile_disc array_concat array_flatten checksum collate crc32 crypto diff_text farmhash64
  fnv_hash from_hex from_varbyte getbit h3_fromlonglat hll hll_cardinality hll_combine interval_cmp
  json_size levenshtein lower_attribute_names st_point st_distance st_x st_y st_astext st_geomfromtext soundex
  subarray split_to_array timeofday timestamptz_cmp to_varbyte upper_attribute_names
  width_bucket array_contains array_distinct regexp_extract current_setting set_config
  pg_cancel_backend pg_terminate_backend pg_last_query_id pg_last_unload_count slice_num userenv
  has_function_privilege sha512 current_schemas int_to_varbyte`.split(/\s+/),
);

/**
 * A function call. Only what Redshift documents is translated, whatever else the engine would know.
 * @throws RedshiftError 42883 no such function
 */
export function translateCall(call: FunctionCall, scope: Scope): Typed {
  if (call.schema !== undefined && call.schema !== 'pg_catalog') throw noSuchFunction(call, scope);
  const site: CallSite = { call, scope, args: translateArguments(call, scope) };
  if (call.over !== undefined) return translateWindow(site, scope);
  const aggregate = Object.hasOwn(AGGREGATES, call.name) ? AGGREGATES[call.name] : undefined;
  if (aggregate !== undefined) return aggregate({ ...site, over: '' });
  if (call.name === 'grouping' || call.name === 'grouping_id') return grouping(site);
  if (isWindowFunction(call.name)) {
    throw new RedshiftError(`window function ${call.name} requires an OVER clause`, '42P20', {
      position: call.position,
    });
  }
  return translateScalar(site);
}

function translateScalar(site: CallSite): Typed {
  const { call, args, scope } = site;
  const entry = Object.hasOwn(SCALARS, call.name) ? SCALARS[call.name] : undefined;
  if (entry === undefined) {
    if (KNOWN_ELSEWHERE.has(call.name)) throw notImplementedLocally(`Function ${call.name.toUpperCase()}`);
    throw noFunction(site);
  }
  if (args.length < entry.least || args.length > entry.most) throw noFunction(site);
  if (call.distinct)
    throw new RedshiftError(`DISTINCT specified, but ${call.name} is not an aggregate function`, '42809');
  if (entry.leader === true) scope.statement.leaderFunctions.add(call.name);
  return entry.build(args, site);
}

function translateArguments(call: FunctionCall, scope: Scope): readonly Typed[] {
  return call.arguments
    .filter((argument) => argument.node !== 'star')
    .map((argument) => translateExpression(argument, scope));
}

function noSuchFunction(call: FunctionCall, scope: Scope): RedshiftError {
  const name = `${call.schema}.${call.name}`;
  return noFunction({ call: { ...call, name }, args: translateArguments(call, scope) });
}
