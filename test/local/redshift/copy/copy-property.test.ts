import fc from 'fast-check';
import { CopyBench, column } from './harness';

/**
 * COPY as a plain loop over rows and columns, written down a second time and as simply as can be: what the set-wise
 * load does must be the same, whichever of its two ways it takes.
 */
const COLUMNS = [
  'i integer',
  'b bigint',
  'f double precision',
  'd numeric(5,2)',
  'o boolean',
  'v varchar(6)',
  'c char(3)',
  't date',
  's timestamp',
  'n smallint not null',
];

type Cell = string | null;
class Refused extends Error {}

function integer(text: string, bits: bigint): Cell {
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Refused('1207');
  }
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (value < -(2n ** bits) || value >= 2n ** bits) {
    throw new Refused('1222');
  }
  return String(value);
}

function decimal(text: string): Cell {
  if (/^\d+e\d+$/.test(text)) {
    // Of those that the generator makes, all are too large for the column.
    throw new Refused('1209');
  }
  const found = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
  if (found === null || (found[2] === '' && found[3] === '')) {
    throw new Refused('1207');
  }
  const [, sign, whole, fraction = ''] = found;
  const hundredths = BigInt(`${whole}${fraction.padEnd(2, '0').slice(0, 2)}`);
  if (hundredths >= 100000n) {
    throw new Refused('1209');
  }
  const digits = String(hundredths).padStart(3, '0');
  return `${sign === '-' && hundredths > 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function calendarDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !text.startsWith('0000') && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function read(name: string, text: string): Cell {
  switch (name) {
    case 'i':
      return integer(text, 31n);
    case 'b':
      return integer(text, 63n);
    case 'n':
      return integer(text, 15n);
    case 'f':
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(Number(text))) {
        throw new Refused('1208');
      }
      return String(Number(text));
    case 'd':
      return decimal(text);
    case 'o':
      if (/^(true|t|yes|y|1)$/i.test(text)) return 'true';
      if (/^(false|f|no|n|0)$/i.test(text)) return 'false';
      throw new Refused('1210');
    case 't':
      if (!/^\d{4}-\d\d-\d\d$/.test(text) || !calendarDay(text)) {
        throw new Refused('1205');
      }
      return text;
    case 's': {
      const found = /^(\d{4}-\d\d-\d\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/.exec(text);
      if (found === null || !calendarDay(found[1]!)) {
        throw new Refused('1206');
      }
      return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
    }
    default:
      throw new Error(name);
  }
}

function field(name: string, value: unknown): Cell {
  const text = value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
  if (name === 'v' || name === 'c') {
    if (text !== null && name === 'c' && Buffer.byteLength(text) > text.length) {
      throw new Refused('1220');
    }
    if (text !== null && Buffer.byteLength(text) > (name === 'v' ? 6 : 3)) {
      throw new Refused('1204');
    }
    return text;
  }
  const cell = text === null || text === '' ? null : read(name, text);
  if (name === 'n' && cell === null) {
    throw new Refused('1213');
  }
  return cell;
}

interface Expected {
  readonly rows: Cell[][];
  readonly errors: { readonly file: number; readonly line: number; readonly code: string; readonly column: string }[];
}

function reference(files: readonly (readonly Line[])[]): Expected {
  const expected: Expected = { rows: [], errors: [] };
  for (const [file, lines] of files.entries()) {
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') {
        expected.errors.push({ file, line: index + 1, code: '1216', column: '' });
        continue;
      }
      let at = '';
      try {
        expected.rows.push(
          COLUMNS.map((declaration) => {
            at = declaration.charAt(0);
            return field(at, line[at]);
          }),
        );
      } catch (error) {
        expected.errors.push({ file, line: index + 1, code: (error as Error).message, column: at });
      }
    }
  }
  return expected;
}

type Line = Readonly<Record<string, unknown>> | string;

const anyText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-0',
    '+7',
    '007',
    '12',
    ' 12',
    '12 ',
    '1e3',
    '1.5',
    '1_0',
    '0x1',
    'NaN',
    'inf',
    'true',
    'F',
    'maybe',
    '-',
  ),
  fc.constantFrom(
    '2018-11-02',
    '2018-02-30',
    '0000-01-01',
    '2018-1-2',
    '2018/11/02',
    '2018-11-02 03:04:05',
    '2018-11-02 03:04:05.120',
    '2018-11-02 24:00:00',
  ),
  fc.constantFrom(
    '99999',
    '999.999',
    '-1000',
    '.5',
    '5.',
    '1e999',
    '2147483648',
    '9223372036854775808',
    'é',
    'ééé',
    'éééé',
    'a"b\\',
    'tab\t',
    'abc\n',
  ),
  fc.integer().map(String),
  fc.string({ maxLength: 8 }),
);
const anyValue = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 3, arbitrary: fc.integer() },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 1.5, -0.25, 1540919166796.5, 12345678901, [1], { x: 1 }),
  },
);
/** Mostly good values, so that whole rows get through. */
const goodRow = fc.record(
  {
    i: fc.oneof(fc.integer(), fc.constantFrom('', '12', null)),
    b: fc.oneof(fc.maxSafeInteger(), fc.constant('9223372036854775807')),
    f: fc.constantFrom<unknown>(0, 1.5, '2.25', '', -7),
    d: fc.constantFrom<unknown>(1, '1.239', '-0.001', 999.99, null),
    o: fc.constantFrom<unknown>(true, false, 'Y', 'no', null),
    v: fc.constantFrom<unknown>('', 'abc', 'ééé', 'a\\"', 12, null),
    c: fc.constantFrom<unknown>('abc', '', null, 7),
    t: fc.constantFrom<unknown>('2018-11-02', '', null),
    s: fc.constantFrom<unknown>('2018-11-02 03:04:05', '2018-11-02 03:04:05.5', null),
    n: fc.integer({ min: -32768, max: 32767 }),
    other: fc.string(),
  },
  { requiredKeys: ['n'] },
);
const spoiledRow = fc
  .tuple(goodRow, fc.constantFrom('i', 'b', 'f', 'd', 'o', 'v', 'c', 't', 's', 'n'), anyValue)
  .map(([row, name, value]) => ({ ...row, [name]: value }));
/** Each is one error and ends with its line; what a line may do to the next is the frames' own test. */
const brokenLine = fc.constantFrom('{"n":1,,}', 'x', '{"n":}', '{"n" 1}', '{"v":"open}');
const someFiles = (line: fc.Arbitrary<Line>) =>
  fc.array(fc.array(line, { maxLength: 6 }), { minLength: 1, maxLength: 3 });

/** Engine text and reference agree on all but the spelling of floats. */
function comparable(rows: readonly (readonly Cell[])[]): string[] {
  return rows
    .map((row) => JSON.stringify(row.map((cell, i) => (i === 2 && cell !== null ? Number(cell) : cell))))
    .sort();
}

describe('COPY against a row-by-row reference', () => {
  let bench: CopyBench;
  let run = 0;
  beforeAll(async () => {
    bench = await CopyBench.open();
  });
  afterAll(() => bench.close());

  const load = (files: readonly (readonly Line[])[], options: string) => {
    run += 1;
    for (const [i, lines] of files.entries()) {
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      bench.files.put('b', `r${run}/${i}.json`, text);
    }
    return bench.load(COLUMNS.map(column), `copy t from 's3://b/r${run}/' $role json 'auto' ${options}`);
  };

  it('loads the same rows, or none and the first error, at MAXERROR 0', async () => {
    await fc.assert(
      fc.asyncProperty(
        someFiles(fc.oneof({ weight: 30, arbitrary: goodRow }, { weight: 2, arbitrary: spoiledRow })),
        async (files) => {
          const expected = reference(files);
          const done = await load(files, '');
          const [first] = expected.errors;
          if (first === undefined) {
            expect(done.failure).toBeUndefined();
            expect(comparable(done.rows)).toEqual(comparable(expected.rows));
          } else {
            expect(done.failure?.sqlState).toBe('XX000');
            expect(done.errors).toMatchObject([
              {
                fileName: expect.stringMatching(`/${first.file}[.]json$`),
                lineNumber: first.line,
                columnName: first.column,
                errorCode: Number(first.code),
              },
            ]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('loads all good rows and names all bad ones under a large MAXERROR', async () => {
    const line = fc.oneof(
      { weight: 4, arbitrary: goodRow },
      { weight: 6, arbitrary: spoiledRow },
      { weight: 1, arbitrary: brokenLine },
    );
    await fc.assert(
      fc.asyncProperty(someFiles(line), async (files) => {
        const expected = reference(files);
        const done = await load(files, 'maxerror 100');
        expect(done.failure).toBeUndefined();
        expect(comparable(done.rows)).toEqual(comparable(expected.rows));
        expect(done.errors.map((e) => [e.lineNumber, e.columnName, String(e.errorCode)])).toEqual(
          expected.errors.map((e) => [e.line, e.column, e.code]),
        );
      }),
      { numRuns: 120 },
    );
  });
});
