import { notImplementedLocally } from '../errors';
import {
  argument,
  type CallSite,
  callOf,
  type FunctionTable,
  integerArgument,
  numberArgument,
  scalar,
} from './functions-signature';
import { arithmetic } from './infer-arithmetic';
import { castTo } from './infer-coerce';
import {
  BIGINT,
  DATE,
  DOUBLE,
  derived,
  isDateOrTimestamp,
  isFloat,
  isInteger,
  numeric,
  type Typed,
  typed,
} from './infer-types';

/** A function of one DOUBLE PRECISION. */
const ofDouble = (engine: string) =>
  scalar(1, 1, (args, site) => callOf(engine, DOUBLE, castTo(numberArgument(args, 0, site), DOUBLE)));

/** ROUND and TRUNC keep the argument's type; integers come back as they are. */
const toPlaces = (engine: 'round' | 'trunc') => (args: readonly Typed[], site: CallSite) => {
  const value = numberArgument(args, 0, site);
  const places = args.length > 1 ? integerArgument(args, 1, site) : undefined;
  const count = places === undefined ? 0 : constantPlaces(places);
  if (isInteger(value.type) && count >= 0) return value;
  if (engine === 'round')
    return derived(`CAST(round(${value.sql}, ${count}) AS ${castName(value)})`, value.type, value);
  if (count === 0) return derived(`CAST(trunc(${value.sql}) AS ${castName(value)})`, value.type, value);
  const exact = isFloat(value.type) ? castTo(value, numeric(38, 12)) : value;
  const factor = 10 ** Math.abs(count);
  const cut =
    count > 0
      ? `trunc(${exact.sql} * ${factor}) / CAST(${factor} AS DOUBLE)`
      : `trunc(${exact.sql} / CAST(${factor} AS DOUBLE)) * ${factor}`;
  return derived(`CAST(${cut} AS ${castName(value)})`, value.type, value);
};

function constantPlaces(places: Typed): number {
  const text = places.constant?.kind === 'number' ? places.constant.text : undefined;
  if (text === undefined) throw notImplementedLocally('ROUND or TRUNC to a number of places that is no literal');
  return Number(text);
}

function castName(value: Typed): string {
  const { type } = value;
  if (type.name === 'numeric') return `DECIMAL(${type.precision},${type.scale})`;
  return (
    { smallint: 'SMALLINT', integer: 'INTEGER', real: 'FLOAT', 'double precision': 'DOUBLE' }[
      type.name as 'smallint' | 'integer' | 'real' | 'double precision'
    ] ?? 'BIGINT'
  );
}

const truncToPlaces = toPlaces('trunc');

/** TRUNC of a moment is its date. */
function trunc(args: readonly Typed[], site: CallSite): Typed {
  const value = argument(args, 0);
  return args.length === 1 && isDateOrTimestamp(value.type) ? castTo(value, DATE) : truncToPlaces(args, site);
}

/** CEILING and FLOOR: an integer stays, a decimal loses its scale, a float stays a float. */
const toWhole = (engine: 'ceil' | 'floor') =>
  scalar(1, 1, (args, site) => {
    const value = numberArgument(args, 0, site);
    if (isInteger(value.type)) return value;
    if (isFloat(value.type)) return derived(`${engine}(${value.sql})`, value.type, value);
    const { precision, scale } = value.type as { precision: number; scale: number };
    const type = numeric(Math.min(38, Math.max(1, precision - scale + 1)), 0);
    return derived(`CAST(${engine}(${value.sql}) AS DECIMAL(${type.precision},0))`, type, value);
  });

function sign(args: readonly Typed[], site: CallSite): Typed {
  const value = numberArgument(args, 0, site);
  return derived(`CAST(sign(${value.sql}) AS ${castName(value)})`, value.type, value);
}

/** LOG is to the base 10; LN to e. */
const positiveLogarithm = (engine: string) =>
  scalar(1, 1, (args, site) => callOf(engine, DOUBLE, castTo(numberArgument(args, 0, site), DOUBLE)));

function power(args: readonly Typed[], site: CallSite): Typed {
  const [base, exponent] = [0, 1].map((index) => castTo(numberArgument(args, index, site), DOUBLE)) as [Typed, Typed];
  return callOf('pow', DOUBLE, base, exponent);
}

export const NUMBER_FUNCTIONS: FunctionTable = {
  abs: scalar(1, 1, (args, site) => {
    const value = numberArgument(args, 0, site);
    return derived(`abs(${value.sql})`, value.type, value);
  }),
  round: scalar(1, 2, toPlaces('round')),
  trunc: scalar(1, 2, trunc),
  ceil: toWhole('ceil'),
  ceiling: toWhole('ceil'),
  floor: toWhole('floor'),
  sign: scalar(1, 1, sign),
  mod: scalar(2, 2, (args, site) => arithmetic('%', numberArgument(args, 0, site), numberArgument(args, 1, site))),
  power: scalar(2, 2, power),
  pow: scalar(2, 2, power),
  sqrt: ofDouble('sqrt'),
  cbrt: ofDouble('cbrt'),
  exp: ofDouble('exp'),
  dexp: ofDouble('exp'),
  ln: positiveLogarithm('ln'),
  dlog1: positiveLogarithm('ln'),
  log: positiveLogarithm('log10'),
  dlog10: positiveLogarithm('log10'),
  sin: ofDouble('sin'),
  cos: ofDouble('cos'),
  tan: ofDouble('tan'),
  cot: ofDouble('cot'),
  asin: ofDouble('asin'),
  acos: ofDouble('acos'),
  atan: ofDouble('atan'),
  atan2: scalar(2, 2, (args, site) =>
    callOf(
      'atan2',
      DOUBLE,
      castTo(numberArgument(args, 0, site), DOUBLE),
      castTo(numberArgument(args, 1, site), DOUBLE),
    ),
  ),
  degrees: ofDouble('degrees'),
  radians: ofDouble('radians'),
  pi: scalar(0, 0, () => typed('pi()', DOUBLE, false)),
  random: scalar(0, 0, () => typed('random()', DOUBLE, false)),
  to_number: scalar(2, 2, toNumber),
  strtol: scalar(2, 2, (args) => {
    const base = argument(args, 1);
    if (base.constant?.kind !== 'number' || base.constant.text !== '16') {
      throw notImplementedLocally('STRTOL to a base other than 16');
    }
    const value = castTo(argument(args, 0), { name: 'varchar', length: 64 });
    return derived(`CAST('0x' || ${value.sql} AS BIGINT)`, BIGINT, value);
  }),
};

/** TO_NUMBER(text, template): the template's digits give precision and scale. */
function toNumber(args: readonly Typed[]): Typed {
  const template = argument(args, 1);
  if (template.constant?.kind !== 'string' || !/^S?[09,GDL.$]+(MI|S)?$/i.test(template.constant.value)) {
    throw notImplementedLocally('TO_NUMBER with this template');
  }
  const [whole = '', fraction = ''] = template.constant.value.split(/[.D]/i);
  const digits = (text: string): number => text.replace(/[^09]/g, '').length;
  const type = numeric(Math.max(1, digits(whole) + digits(fraction)), digits(fraction));
  const value = castTo(argument(args, 0), { name: 'varchar', length: 64 });
  const clean = `regexp_replace(${value.sql}, '[,$\\s]', '', 'g')`;
  return derived(`CAST(${clean} AS DECIMAL(${type.precision},${type.scale}))`, type, value);
}
