import { notImplementedLocally, RedshiftError } from '../errors';
import type { FrameBound, WindowSpec } from './ast';
import { AGGREGATES } from './functions-aggregates';
import { argument, type CallSite, integerArgument, noFunction } from './functions-signature';
import { castTo, settled } from './infer-coerce';
import { withoutBlanks } from './infer-compare';
import { BIGINT, DOUBLE, isNumber, isText, type Typed, typed } from './infer-types';
import type { Scope } from './scope';
import { translateExpression } from './translate-expression';
import { orderSuffix } from './translate-query';

interface WindowSite extends CallSite {
  readonly spec: WindowSpec;
  /** ` OVER (…)` */
  readonly over: string;
}

const rank =
  (engine: string, type = BIGINT) =>
  (site: WindowSite): Typed => {
    if (site.args.length > 0) throw noFunction(site);
    return typed(`${engine}()${site.over}`, type, false);
  };

function ntile(site: WindowSite): Typed {
  return typed(`ntile(${integerArgument(site.args, 0, site, BIGINT).sql})${site.over}`, BIGINT, false);
}

const ignoring = ({ call }: WindowSite): string => (call.nulls === 'ignore' ? ' IGNORE NULLS' : '');

/** LAG and LEAD: the value so many rows away; rows that are not there give NULL or the third argument. */
const neighbour =
  (engine: 'lag' | 'lead') =>
  (site: WindowSite): Typed => {
    const value = settled(argument(site.args, 0));
    const offset = site.args.length > 1 ? `, ${integerArgument(site.args, 1, site).sql}` : '';
    const fallback = site.args.length > 2 ? `, ${castTo(argument(site.args, 2), value.type, 'implicit').sql}` : '';
    return typed(`${engine}(${value.sql}${offset}${fallback}${ignoring(site)})${site.over}`, value.type);
  };

const edge =
  (engine: 'first_value' | 'last_value') =>
  (site: WindowSite): Typed => {
    const value = settled(argument(site.args, 0));
    requireFrame(site);
    return typed(`${engine}(${value.sql}${ignoring(site)})${site.over}`, value.type);
  };

function nthValue(site: WindowSite): Typed {
  const value = settled(argument(site.args, 0));
  requireFrame(site);
  const place = integerArgument(site.args, 1, site, BIGINT);
  return typed(`nth_value(${value.sql}, ${place.sql}${ignoring(site)})${site.over}`, value.type);
}

/** RATIO_TO_REPORT: the share of a row in its partition's sum. */
function ratioToReport(site: WindowSite): Typed {
  const value = argument(site.args, 0);
  if (!isNumber(value.type)) throw noFunction(site);
  const sql = castTo(value, DOUBLE).sql;
  return typed(`(${sql} / nullif(sum(${sql})${site.over}, 0))`, DOUBLE);
}

const WINDOW_FUNCTIONS: Readonly<Record<string, (site: WindowSite) => Typed>> = {
  row_number: rank('row_number'),
  rank: rank('rank'),
  dense_rank: rank('dense_rank'),
  percent_rank: rank('percent_rank', DOUBLE),
  cume_dist: rank('cume_dist', DOUBLE),
  ntile,
  lag: neighbour('lag'),
  lead: neighbour('lead'),
  first_value: edge('first_value'),
  last_value: edge('last_value'),
  nth_value: nthValue,
  ratio_to_report: ratioToReport,
};

export function isWindowFunction(name: string): boolean {
  return Object.hasOwn(WINDOW_FUNCTIONS, name);
}

/** Aggregates that take no frame even with an order. */
const FRAMELESS = new Set(['listagg', 'median', 'percentile_cont', 'percentile_disc']);

/** Redshift wants a frame wherever an aggregate's window has an order. @throws RedshiftError 42601 */
function requireFrame(site: WindowSite): void {
  if (site.spec.orderBy.length === 0 || site.spec.frame !== undefined) return;
  throw new RedshiftError('Aggregate window functions with an ORDER BY clause require a frame clause', '42601', {
    position: site.call.position,
  });
}

/** A call with OVER. @throws RedshiftError 42809 for a function that is neither aggregate nor window function */
export function translateWindow(site: CallSite, scope: Scope): Typed {
  const { over, name, distinct } = site.call;
  if (over === undefined) throw noFunction(site);
  if ('windowName' in over) throw notImplementedLocally('A named window');
  if (distinct && name !== 'listagg') {
    throw new RedshiftError(`DISTINCT is not supported for window function ${name}`, '0A000');
  }
  const windowSite: WindowSite = { ...site, spec: over, over: ` OVER (${windowSql(over, scope)})` };
  const window = Object.hasOwn(WINDOW_FUNCTIONS, name) ? WINDOW_FUNCTIONS[name] : undefined;
  if (window !== undefined) return window(windowSite);
  const aggregate = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined;
  if (aggregate === undefined) {
    throw new RedshiftError(`OVER specified, but ${name} is not a window function nor an aggregate function`, '42809', {
      position: site.call.position,
    });
  }
  if (!FRAMELESS.has(name)) requireFrame(windowSite);
  return aggregate(windowSite);
}

function windowSql(spec: WindowSpec, scope: Scope): string {
  const partitions = spec.partitionBy.map((expression) => {
    const value = settled(translateExpression(expression, scope));
    return isText(value.type) ? withoutBlanks(value) : value.sql;
  });
  const order = spec.orderBy.map(
    (item) => `${settled(translateExpression(item.expression, scope)).sql} ${orderSuffix(item)}`,
  );
  const parts = [
    partitions.length > 0 ? `PARTITION BY ${partitions.join(', ')}` : '',
    order.length > 0 ? `ORDER BY ${order.join(', ')}` : '',
    spec.frame === undefined
      ? ''
      : `${spec.frame.unit.toUpperCase()} BETWEEN ${bound(spec.frame.start, scope)} AND ${bound(spec.frame.end, scope)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function bound(frame: FrameBound, scope: Scope): string {
  if (!('offset' in frame)) return frame.bound.toUpperCase();
  return `${translateExpression(frame.offset, scope).sql} ${frame.bound.toUpperCase()}`;
}
