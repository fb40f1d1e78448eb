import { argument, type FunctionTable, scalar } from './functions-signature';
import { settled, unifyValues } from './infer-coerce';
import { compare } from './infer-compare';
import type { Typed } from './infer-types';
import { caseOf } from './translate-expression';

const MANY = 1000;

function variadic(engine: string, construct: string, nullWhenAll: boolean) {
  return (args: readonly Typed[]): Typed => {
    const values = unifyValues(args, construct);
    const { type } = argument(values, 0);
    const nullable = nullWhenAll ? values.every((one) => one.nullable) : values.some((one) => one.nullable);
    const trimmed = values.every((one) => one.trimmed === true);
    const sql = `${engine}(${values.map((one) => one.sql).join(', ')})`;
    return { sql, type, nullable, ...(trimmed && { trimmed }) };
  };
}

const coalesce = variadic('COALESCE', 'COALESCE', true);

/** NULLIF compares as `=` does and keeps the first value's type. */
function nullIf(args: readonly Typed[]): Typed {
  const first = settled(argument(args, 0));
  const second = argument(args, 1);
  return {
    sql: `CASE WHEN ${compare('=', first, second)} THEN NULL ELSE ${first.sql} END`,
    type: first.type,
    nullable: true,
    ...(first.trimmed && { trimmed: true }),
  };
}

/** NVL2(x, when not null, when null) */
function nvl2(args: readonly Typed[]): Typed {
  return caseOf([`${argument(args, 0).sql} IS NOT NULL`], [argument(args, 1)], argument(args, 2));
}

/** DECODE(x, search, result, …, default): NULL finds NULL. */
function decode(args: readonly Typed[]): Typed {
  const [subject, ...rest] = args as [Typed, ...Typed[]];
  const conditions: string[] = [];
  const results: Typed[] = [];
  for (let index = 0; index + 1 < rest.length; index += 2) {
    const search = argument(rest, index);
    conditions.push(matches(subject, search));
    results.push(argument(rest, index + 1));
  }
  return caseOf(conditions, results, rest.length % 2 === 1 ? rest.at(-1) : undefined);
}

function matches(subject: Typed, search: Typed): string {
  if (search.constant?.kind === 'null') return `(${subject.sql} IS NULL)`;
  const equal = compare('=', subject, search);
  if (!search.nullable) return equal;
  return `(${equal} OR (${subject.sql} IS NULL AND ${search.sql} IS NULL))`;
}

export const CONDITIONAL_FUNCTIONS: FunctionTable = {
  coalesce: scalar(1, MANY, coalesce),
  nvl: scalar(1, MANY, coalesce),
  nullif: scalar(2, 2, nullIf),
  nvl2: scalar(3, 3, nvl2),
  decode: scalar(3, MANY, decode),
  greatest: scalar(1, MANY, variadic('greatest', 'GREATEST', true)),
  least: scalar(1, MANY, variadic('least', 'LEAST', true)),
};
