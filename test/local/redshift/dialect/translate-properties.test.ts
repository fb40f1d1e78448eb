import fc from 'fast-check';
import { Fixture } from './translate-fixture';

let warehouse: Fixture;
beforeAll(async () => {
  warehouse = await Fixture.open();
  await warehouse.table('create table words (w varchar(12))');
  await warehouse.run("insert into words values ('x')");
});
afterAll(() => warehouse.close());

/** A decimal number as its digits and their scale. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
  readonly precision: number;
}

const decimal = fc
  .tuple(
    fc.integer({ min: 1, max: 18 }),
    fc.integer({ min: 0, max: 8 }),
    fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
  )
  .map(([precision, scale, digits]): Decimal => {
    const width = Math.max(precision, scale, 1);
    return { digits: digits % 10n ** BigInt(width), scale, precision: width };
  });

function text({ digits, scale }: { digits: bigint; scale: number }): string {
  const sign = digits < 0n ? '-' : '';
  const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + padded : `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

const cast = (value: Decimal): string => `'${text(value)}'::numeric(${value.precision},${value.scale})`;
const unscaled = (value: string): bigint => BigInt(value.replace('.', ''));
const scaleOf = (type: string): number => Number(/,(\d+)\)/.exec(type)?.[1] ?? 0);

/** The documented scale of a quotient; past 38 digits the excess goes, down to a scale of 4. */
function quotientScale(a: Decimal, b: Decimal): number {
  const scale = Math.max(4, a.scale + b.precision - b.scale + 1);
  const precision = a.precision - a.scale + b.scale + scale;
  return precision > 38 ? Math.max(38 + scale - precision, 4) : scale;
}

const raise = (value: Decimal, scale: number): bigint => value.digits * 10n ** BigInt(scale - value.scale);

describe('decimal arithmetic', () => {
  it('adds, subtracts and multiplies exactly, at the documented scale', async () => {
    await fc.assert(
      fc.asyncProperty(decimal, decimal, async (a, b) => {
        const { rows } = await warehouse.run(
          `select ${cast(a)} + ${cast(b)}, ${cast(a)} - ${cast(b)}, ${cast(a)} * ${cast(b)}`,
        );
        const scale = Math.max(a.scale, b.scale);
        expect(rows[0]?.map((value) => unscaled(value ?? ''))).toEqual([
          raise(a, scale) + raise(b, scale),
          raise(a, scale) - raise(b, scale),
          a.digits * b.digits,
        ]);
      }),
      { numRuns: 150 },
    );
  });

  it('divides to within one unit of the documented last place', async () => {
    await fc.assert(
      fc.asyncProperty(decimal, decimal, async (a, b) => {
        fc.pre(b.digits !== 0n);
        const { rows, types } = await warehouse.run(`select ${cast(a)} / ${cast(b)}`);
        const scale = quotientScale(a, b);
        expect(scaleOf(types[0] ?? '')).toBe(scale);
        // a/b = q  <=>  |A * 10^(scale + sb - sa) - Q * B| < |B|
        const dividend = a.digits * 10n ** BigInt(scale + b.scale);
        const divisor = b.digits * 10n ** BigInt(a.scale);
        const rest = dividend - unscaled(rows[0]?.[0] ?? '') * divisor;
        expect((rest < 0n ? -rest : rest) < (divisor < 0n ? -divisor : divisor)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

const literalDivisor = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1_000_000 }))
  .map(([scale, digits]): Decimal => {
    const written = text({ digits: BigInt(digits), scale })
      .replace(/^0(?=\.)/, '')
      .replace('.', '');
    return { digits: BigInt(digits), scale, precision: written.length };
  });

describe('division by a literal', () => {
  it('gives the same as division by a value', async () => {
    await fc.assert(
      fc.asyncProperty(decimal, literalDivisor, async (a, b) => {
        const { rows, types } = await warehouse.run(
          `select ${cast(a)} / ${text(b)}, ${cast(a)} / x from (select ${cast(b)} as x) q`,
        );
        expect(types[0]).toBe(types[1]);
        expect(rows[0]?.[0]).toBe(rows[0]?.[1]);
      }),
      { numRuns: 100 },
    );
  });
});

const word = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '€', '𝄞', "'"), maxLength: 12 });
const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The longest beginning of whole characters within so many bytes. */
function cut(value: string, bytes: number): string {
  let result = '';
  for (const character of value) {
    if (Buffer.byteLength(result + character) > bytes) break;
    result += character;
  }
  return result;
}

describe('byte lengths', () => {
  it('cut a cast at a character boundary', async () => {
    await fc.assert(
      fc.asyncProperty(word, fc.integer({ min: 1, max: 12 }), async (value, bytes) => {
        expect(await warehouse.row(`select ${literal(value)}::varchar(${bytes})`)).toEqual([cut(value, bytes)]);
      }),
      { numRuns: 150 },
    );
  });

  it('refuse an assignment unless only blanks are too many', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (value) => {
        const result = await warehouse.run(`update words set w = ${literal(value)}`).then(
          () => 'stored',
          () => 'refused',
        );
        expect(result).toBe(Buffer.byteLength(value.replace(/ +$/, '')) <= 12 ? 'stored' : 'refused');
        if (result === 'stored') {
          const [stored] = await warehouse.row('select w from words');
          expect(stored?.replace(/ +$/, '')).toBe(value.replace(/ +$/, ''));
          expect(Buffer.byteLength(stored ?? '')).toBeLessThanOrEqual(12);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('ignore trailing blanks in comparisons', async () => {
    await fc.assert(
      fc.asyncProperty(word, word, async (a, b) => {
        const equal = a.replace(/ +$/, '') === b.replace(/ +$/, '');
        const sql = `select x = y from (select ${literal(a)} as x, ${literal(b)} as y) q`;
        expect(await warehouse.row(sql)).toEqual([String(equal)]);
      }),
      { numRuns: 100 },
    );
  });
});

const moment = fc
  .integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 })
  .map((seconds) => new Date(seconds * 1000));
const sqlText = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ');

/** How many of a unit begin up to a moment: the difference counts the boundaries between two. */
const UNITS: Readonly<Record<string, (date: Date) => number>> = {
  year: (date) => date.getUTCFullYear(),
  quarter: (date) => date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3),
  month: (date) => date.getUTCFullYear() * 12 + date.getUTCMonth(),
  day: (date) => Math.floor(date.getTime() / 86_400_000),
  hour: (date) => Math.floor(date.getTime() / 3_600_000),
  minute: (date) => Math.floor(date.getTime() / 60_000),
  second: (date) => Math.floor(date.getTime() / 1000),
};
const unit = fc.constantFrom(...Object.keys(UNITS));

/** Adds months as calendars do: the day is kept, or is the month's last. */
function addMonths(date: Date, months: number): Date {
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), last);
  return new Date(
    first.getTime() + (day - 1) * 86_400_000 + (((date.getTime() % 86_400_000) + 86_400_000) % 86_400_000),
  );
}

const FIXED: Readonly<Record<string, number>> = { day: 86_400, hour: 3600, minute: 60, second: 1 };
const CALENDAR: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

describe('dates', () => {
  it('differ by the boundaries between them', async () => {
    await fc.assert(
      fc.asyncProperty(unit, moment, moment, async (name, a, b) => {
        const count = UNITS[name] as (date: Date) => number;
        const sql = `select datediff(${name}, '${sqlText(a)}'::timestamp, '${sqlText(b)}'::timestamp)`;
        expect(await warehouse.row(sql)).toEqual([String(count(b) - count(a))]);
      }),
      { numRuns: 200 },
    );
  });

  it('move by calendar months and by fixed units', async () => {
    await fc.assert(
      fc.asyncProperty(unit, moment, fc.integer({ min: -500, max: 500 }), async (name, date, count) => {
        const months = CALENDAR[name];
        const expected =
          months === undefined
            ? new Date(date.getTime() + count * (FIXED[name] ?? 0) * 1000)
            : addMonths(date, count * months);
        const sql = `select dateadd(${name}, ${count}, '${sqlText(date)}'::timestamp)`;
        expect(await warehouse.row(sql)).toEqual([sqlText(expected)]);
      }),
      { numRuns: 200 },
    );
  });

  it('come out of epoch milliseconds exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4_000_000_000_000 }), async (milliseconds) => {
        const expected = new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ');
        const moments = ["ms * interval '0.001 second'", "ms / 1000.0 * interval '1 second'"];
        const tests = moments.map((interval) => `timestamp 'epoch' + ${interval} = '${expected}'::timestamp`);
        const sql = `select ${tests.join(', ')} from (select ${milliseconds}::bigint as ms) q`;
        expect(await warehouse.row(sql)).toEqual(['true', 'true']);
      }),
      { numRuns: 100 },
    );
  });
});
