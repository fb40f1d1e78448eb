import { notImplementedLocally } from '../errors';
import type { OrderItem } from './ast';
import { engineType } from './engine-types';
import { argument, type CallSite, noFunction } from './functions-signature';
import { decimalOf } from './infer-arithmetic';
import { asText, castTo, settled } from './infer-coerce';
import { withoutBlanks } from './infer-compare';
import {
  asNumericType,
  BIGINT,
  BOOLEAN,
  DOUBLE,
  isFloat,
  isInteger,
  isNumber,
  isText,
  MAX_VARCHAR,
  numeric,
  type Typed,
  typed,
  varchar,
} from './infer-types';
import { translateExpression } from './translate-expression';
import { orderSuffix } from './translate-query';

/** What follows each engine call: `OVER (…)` for a window, nothing for a group. */
export interface AggregateSite extends CallSite {
  readonly over: string;
}

type Aggregate = (site: AggregateSite) => Typed;

const distinct = ({ call }: AggregateSite): string => (call.distinct ? 'DISTINCT ' : '');

function numberOf(site: AggregateSite): Typed {
  const value = argument(site.args, 0);
  if (value.type.name === 'unknown') return castTo(value, DOUBLE);
  if (value.type.name === 'super') return castTo(value, DOUBLE, 'implicit');
  if (!isNumber(value.type)) throw noFunction(site);
  return value;
}

/** COUNT(*), COUNT(x), COUNT(DISTINCT x): BIGINT. Trailing blanks do not make texts distinct. */
const count: Aggregate = (site) => {
  const first = site.call.arguments[0];
  if (first === undefined) throw noFunction(site);
  if (first.node === 'star') return typed(`count(*)${site.over}`, BIGINT, false);
  const value = settled(argument(site.args, 0));
  const sql = site.call.distinct && isText(value.type) ? withoutBlanks(value) : value.sql;
  return typed(`count(${distinct(site)}${sql})${site.over}`, BIGINT, false);
};

/** SUM: BIGINT of integers, NUMERIC(38,s) of decimals and BIGINT, DOUBLE PRECISION of floats. */
const sum: Aggregate = (site) => {
  const value = numberOf(site);
  const call = (sql: string): string => `sum(${distinct(site)}${sql})${site.over}`;
  if (isFloat(value.type)) return typed(call(castTo(value, DOUBLE).sql), DOUBLE);
  const { scale } = asNumericType(value.type);
  const wide = value.type.name === 'bigint' || value.type.name === 'numeric';
  const type = wide ? numeric(38, scale) : BIGINT;
  return typed(`CAST(${call(value.sql)} AS ${engineType(type)})`, type);
};

/** AVG: of integers a BIGINT without its fraction, of decimals NUMERIC(38,s), of floats DOUBLE PRECISION. */
const average: Aggregate = (site) => {
  const value = numberOf(site);
  const call = (name: string, sql: string): string => `${name}(${distinct(site)}${sql})${site.over}`;
  if (isFloat(value.type)) return typed(call('avg', castTo(value, DOUBLE).sql), DOUBLE);
  const total = call('sum', value.sql);
  const rows = call('count', value.sql);
  if (isInteger(value.type)) return typed(`CAST(rs.quotient(CAST(${total} AS HUGEINT), ${rows}) AS BIGINT)`, BIGINT);
  const type = numeric(38, asNumericType(value.type).scale);
  return typed(decimalOf(`rs.quotient(rs.raw(${total}), ${rows})`, type), type);
};

const extreme =
  (name: 'min' | 'max' | 'any_value'): Aggregate =>
  (site) => {
    const value = settled(argument(site.args, 0));
    if (value.type.name === 'super') throw noFunction(site);
    if (value.type.name === 'boolean' && name !== 'any_value') throw noFunction(site);
    const { type, trimmed } = value;
    return { sql: `${name}(${value.sql})${site.over}`, type, nullable: true, ...(trimmed && { trimmed }) };
  };

const spread =
  (engine: string): Aggregate =>
  (site) => {
    const value = castTo(numberOf(site), DOUBLE);
    return typed(`${engine}(${distinct(site)}${value.sql})${site.over}`, DOUBLE);
  };

const logical =
  (engine: 'bool_and' | 'bool_or'): Aggregate =>
  (site) => {
    const value = argument(site.args, 0);
    if (value.type.name !== 'boolean') throw noFunction(site);
    return typed(`${engine}(${value.sql})${site.over}`, BOOLEAN);
  };

const bitwise =
  (engine: 'bit_and' | 'bit_or'): Aggregate =>
  (site) => {
    const value = argument(site.args, 0);
    if (!isInteger(value.type)) throw noFunction(site);
    return typed(`${engine}(${value.sql})${site.over}`, value.type);
  };

function withinGroup(site: AggregateSite): readonly OrderItem[] {
  return site.call.withinGroup ?? [];
}

/** LISTAGG skips NULL and ''; more than 65,535 bytes is an error. */
const listAgg: Aggregate = (site) => {
  const value = asText(argument(site.args, 0));
  const delimiter = site.args.length > 1 ? asText(argument(site.args, 1)).sql : "''";
  const order = withinGroup(site).map(
    (item) => `${settled(translateExpression(item.expression, site.scope)).sql} ${orderSuffix(item)}`,
  );
  const ordered = order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '';
  const call = `string_agg(${distinct(site)}${value.sql}, ${delimiter}${ordered}) FILTER (WHERE ${value.sql} <> '')${site.over}`;
  const tooLong = `CAST(rs.fail('XX000', 'Result size exceeds LISTAGG limit') AS VARCHAR)`;
  return typed(`CASE WHEN strlen(${call}) > ${MAX_VARCHAR} THEN ${tooLong} ELSE ${call} END`, varchar(MAX_VARCHAR));
};

/** The value a percentile is taken of. */
function ranked(site: AggregateSite): { value: Typed; descending: boolean } {
  const [item] = withinGroup(site);
  if (item === undefined) throw noFunction(site);
  return { value: translateExpression(item.expression, site.scope), descending: item.direction === 'desc' };
}

function fraction(site: AggregateSite, descending: boolean): string {
  const value = argument(site.args, 0);
  if (value.constant?.kind !== 'number') throw notImplementedLocally('A percentile that is no literal');
  return descending ? `(1 - ${value.sql})` : value.sql;
}

/** The interpolated value; of integers NUMERIC(38,4), of others their own type. */
function continuous(value: Typed, at: string, over: string): Typed {
  const exact = isInteger(value.type) ? castTo(value, numeric(38, 4)) : value;
  const wide = exact.type.name === 'real' ? castTo(exact, DOUBLE) : exact;
  return typed(`CAST(quantile_cont(${wide.sql}, ${at})${over} AS ${engineType(wide.type)})`, wide.type);
}

const median: Aggregate = (site) => continuous(settled(argument(site.args, 0)), '0.5', site.over);

const percentileCont: Aggregate = (site) => {
  const { value, descending } = ranked(site);
  return continuous(value, fraction(site, descending), site.over);
};

const percentileDisc: Aggregate = (site) => {
  const { value, descending } = ranked(site);
  if (descending) throw notImplementedLocally('PERCENTILE_DISC in descending order');
  return typed(`quantile_disc(${value.sql}, ${fraction(site, false)})${site.over}`, value.type);
};

/** The functions that work over groups, and with OVER over windows. */
export const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count,
  sum,
  avg: average,
  min: extreme('min'),
  max: extreme('max'),
  any_value: extreme('any_value'),
  stddev: spread('stddev_samp'),
  stddev_samp: spread('stddev_samp'),
  stddev_pop: spread('stddev_pop'),
  variance: spread('var_samp'),
  var_samp: spread('var_samp'),
  var_pop: spread('var_pop'),
  bool_and: logical('bool_and'),
  bool_or: logical('bool_or'),
  every: logical('bool_and'),
  bit_and: bitwise('bit_and'),
  bit_or: bitwise('bit_or'),
  listagg: listAgg,
  median,
  percentile_cont: percentileCont,
  percentile_disc: percentileDisc,
};

/** GROUPING and GROUPING_ID tell which columns a row of ROLLUP or CUBE leaves out. */
export function grouping(site: CallSite): Typed {
  return typed(`CAST(grouping(${site.args.map((arg) => arg.sql).join(', ')}) AS INTEGER)`, { name: 'integer' }, false);
}
