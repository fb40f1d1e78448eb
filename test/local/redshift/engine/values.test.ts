import { DuckDBInstance } from '@duckdb/node-api';
import { toCell } from '../../../../local/redshift/engine/values';
import type { RedshiftType } from '../../../../local/redshift/types';

const cases: readonly (readonly [string, RedshiftType, unknown])[] = [
  ["timestamp '2020-08-21 17:33:51.887120'", { name: 'timestamp' }, '2020-08-21 17:33:51.88712'],
  ["timestamp '2020-08-21 00:00:00'", { name: 'timestamp' }, '2020-08-21 00:00:00'],
  ["timestamptz '2020-08-21 00:00:00.5+00'", { name: 'timestamptz' }, '2020-08-21 00:00:00.5+00'],
  ["date '2020-02-29'", { name: 'date' }, '2020-02-29'],
  ['1.50::decimal(18,2)', { name: 'numeric', precision: 18, scale: 2 }, '1.50'],
  ['(-0.05)::decimal(38,2)', { name: 'numeric', precision: 38, scale: 2 }, '-0.05'],
  ['7::hugeint', { name: 'numeric', precision: 38, scale: 0 }, '7'],
  ['1.5::decimal(10,1)', { name: 'numeric', precision: 10, scale: 4 }, '1.5000'],
  ['9223372036854775807', { name: 'bigint' }, 9223372036854775807n],
  ['42::smallint', { name: 'smallint' }, 42],
  ['1.5::double', { name: 'double precision' }, 1.5],
  ['true', { name: 'boolean' }, true],
  ["'ab'", { name: 'char', length: 4 }, 'ab  '],
  ["'\\xCA\\xFE'::blob", { name: 'varbyte', length: 2 }, 'cafe'],
  ["interval '14 months 3 days 4.5 seconds'", { name: 'interval' }, '1 year 2 mons 3 days 00:00:04.5'],
  ["interval '0 days'", { name: 'interval' }, '00:00:00'],
  ['\'{"a":1}\'::json', { name: 'super' }, '{"a":1}'],
  ['null', { name: 'integer' }, null],
];

describe('a value that leaves the engine', () => {
  it.each(cases)('%s as %j', async (sql, type, expected) => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    const reader = await connection.runAndReadAll(`select ${sql}`);
    expect(toCell(reader.getRows()[0]?.[0] ?? null, type)).toEqual(expected);
    connection.closeSync();
    instance.closeSync();
  });
});
