import { RedshiftError } from '../errors';
import type { RedshiftType } from '../types';
import type { FunctionCall } from './ast';
import { asText, castTo } from './infer-coerce';
import {
  DOUBLE,
  derived,
  displayType,
  isDateOrTimestamp,
  isInteger,
  isNumber,
  TIMESTAMP,
  type Typed,
} from './infer-types';
import type { Scope } from './scope';

/** One call while it is translated. */
export interface CallSite {
  readonly call: FunctionCall;
  readonly args: readonly Typed[];
  readonly scope: Scope;
}

/** A function of values, neither aggregate nor window function. */
export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  /** Runs on the leader node only, never together with tables. */
  readonly leader?: boolean;
  readonly build: (args: readonly Typed[], site: CallSite) => Typed;
}

export type FunctionTable = Readonly<Record<string, ScalarFunction>>;

export function scalar(least: number, most: number, build: ScalarFunction['build']): ScalarFunction {
  return { least, most, build };
}

/** 42883: no function of that name takes these types. */
export function noFunction({ call, args }: Pick<CallSite, 'call' | 'args'>): RedshiftError {
  const types = args.map((arg) => displayType(arg.type)).join(', ');
  return new RedshiftError(`function ${call.name}(${types}) does not exist`, '42883', {
    hint: 'No function matches the given name and argument types. You may need to add explicit type casts.',
    position: call.position,
  });
}

/** The argument, which the caller's `least` guarantees. */
export function argument(args: readonly Typed[], index: number): Typed {
  const found = args[index];
  if (found === undefined) throw new RedshiftError(`argument ${index + 1} is missing`, '42883');
  return found;
}

export function textArgument(args: readonly Typed[], index: number, site: CallSite): Typed {
  const value = argument(args, index);
  if (value.type.name === 'boolean' || value.type.name === 'varbyte') throw noFunction(site);
  return asText(value);
}

export function numberArgument(args: readonly Typed[], index: number, site: CallSite): Typed {
  const value = argument(args, index);
  if (value.type.name === 'unknown') return castTo(value, DOUBLE);
  if (value.type.name === 'super') return castTo(value, DOUBLE, 'implicit');
  if (!isNumber(value.type)) throw noFunction(site);
  return value;
}

export function integerArgument(
  args: readonly Typed[],
  index: number,
  site: CallSite,
  type: RedshiftType = { name: 'integer' },
): Typed {
  const value = argument(args, index);
  if (value.type.name !== 'unknown' && !isNumber(value.type)) throw noFunction(site);
  return isInteger(value.type) && value.type.name === type.name ? value : castTo(value, type);
}

/** A date, timestamp or timestamptz; text and literals are read as a timestamp. */
export function timeArgument(args: readonly Typed[], index: number, site: CallSite): Typed {
  const value = argument(args, index);
  if (isDateOrTimestamp(value.type) || value.type.name === 'time' || value.type.name === 'timetz') return value;
  if (value.type.name === 'unknown' || value.type.name === 'varchar' || value.type.name === 'char') {
    return castTo(value, TIMESTAMP);
  }
  throw noFunction(site);
}

/** A text literal that the translation itself needs. */
export function literalText(value: Typed): string | undefined {
  return value.constant?.kind === 'string' ? value.constant.value : undefined;
}

/** `name(a, b)` over the arguments as they are. */
export function callOf(name: string, type: RedshiftType, ...args: readonly Typed[]): Typed {
  return derived(`${name}(${args.map((arg) => arg.sql).join(', ')})`, type, ...args);
}
