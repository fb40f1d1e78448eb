import { gzipSync } from 'node:zlib';
import { CopyBench, column } from './harness';

const FAILED = "Load into table 't' failed.  Check 'sys_load_error_detail' system table for details.";

describe('COPY of JSON', () => {
  let bench: CopyBench;
  beforeAll(async () => {
    bench = await CopyBench.open();
  });
  afterAll(() => bench.close());

  let folder = 0;
  /** Puts files under a prefix of their own and loads them. */
  const load = (
    columns: readonly string[],
    files: readonly (string | Buffer)[],
    options = "json 'auto'",
    more: Parameters<CopyBench['load']>[2] = {},
  ) => {
    folder += 1;
    for (const [i, body] of files.entries()) {
      bench.files.put('b', `f${folder}/${i}.json`, body);
    }
    return bench.load(columns.map(column), `copy t from 's3://b/f${folder}/' $role ${options}`, more);
  };
  const lines = (...objects: unknown[]): string => objects.map((o) => JSON.stringify(o)).join('\n');
  const where = (result: Awaited<ReturnType<typeof load>>) =>
    result.errors.map((e) => [e.fileName.split('/').pop(), e.lineNumber, e.columnName, e.errorCode, e.rawFieldValue]);

  describe('fields', () => {
    it('matches keys by case, ignores extra keys, and leaves missing ones null', async () => {
      const done = await load(
        ['id integer', 'name varchar(9)'],
        [lines({ id: 1, Name: 'x', zz: 1 }, { id: 2, name: 'y' })],
      );
      expect(done.rows).toEqual([
        ['1', null],
        ['2', 'y'],
      ]);
      expect(done.outcome).toEqual({
        loadedRows: 2,
        notices: ["Load into table 't' completed, 2 record(s) loaded successfully."],
      });
      expect(done.history).toMatchObject([{ status: 'completed', loadedRows: 2, sourceFileCount: 1, errorCount: 0 }]);
    });

    it("ignores the case of keys in 'auto ignorecase'", async () => {
      const done = await load(
        ['id integer', 'firstname varchar(9)'],
        [lines({ ID: 1, firstName: 'x' })],
        "json 'auto ignorecase'",
      );
      expect(done.rows).toEqual([['1', 'x']]);
    });

    it('gives missing keys NULL and only columns out of the list their DEFAULT', async () => {
      const done = await load(
        ['id integer', 'a varchar(9)', 'b varchar(9)'],
        [lines({ id: 1, b: 'read not' })],
        undefined,
        {
          defaults: { a: "'da'", b: "'db'" },
        },
      );
      expect(done.rows).toEqual([['1', null, 'read not']]);
      bench.files.put('b', 'list/a.json', lines({ id: 1, b: 'read not' }));
      const listed = await bench.load(
        ['id integer', 'a varchar(9)', 'b varchar(9)'].map(column),
        "copy t (id, a) from 's3://b/list/' $role json 'auto'",
        { defaults: { a: "'da'", b: "'db'" } },
      );
      expect(listed.rows).toEqual([['1', null, 'db']]);
    });

    it('reads numbers into strings, empty strings into other types as NULL, and nested values as JSON text', async () => {
      const done = await load(
        ['a varchar(20)', 'b integer', 'c double precision', 'd varchar(40)', 'e super'],
        [lines({ a: 4.6, b: '', c: '', d: { x: [1, 'é'] }, e: { y: null } }, { a: '', b: '12', c: '1e3' })],
      );
      expect(done.rows).toEqual([
        ['', '12', '1000.0', null, null],
        ['4.6', null, null, '{"x":[1,"é"]}', '{"y":null}'],
      ]);
    });

    it('reads every type', async () => {
      const done = await load(
        ['a smallint', 'b real', 'c numeric(6,2)', 'd boolean', 'e date', 'f timestamp', 'g char(3)', 'h bigint'],
        [
          lines(
            {
              a: -3,
              b: 1.5,
              c: '-12.349',
              d: true,
              e: '2018-11-02',
              f: '2018-11-02 03:04:05.67',
              g: 'ab',
              h: '9223372036854775807',
            },
            { d: 'No', c: 7, g: '', a: '007', h: '+5' },
          ),
        ],
      );
      expect(done.rows).toEqual([
        ['-3', '1.5', '-12.34', 'true', '2018-11-02', '2018-11-02 03:04:05.67', 'ab', '9223372036854775807'],
        ['7', null, '7.00', 'false', null, null, '', '5'],
      ]);
    });

    it('rounds instead of cutting with ROUNDEC', async () => {
      const done = await load(
        ['c numeric(6,2)', 'i numeric(3,0)'],
        [lines({ c: 1.235, i: '2.5' }, { c: '1e1', i: '-0.4' })],
        "json 'auto' roundec",
      );
      expect(done.rows).toEqual([
        ['1.24', '3'],
        ['10.00', '0'],
      ]);
    });

    it.each([
      ["timeformat 'epochmillisecs'", 1541121934796, '2018-11-02 01:25:34.796'],
      ["timeformat 'epochsecs'", '1541121934', '2018-11-02 01:25:34'],
      ["timeformat 'auto'", '2018-11-02T01:25:34Z', '2018-11-02 01:25:34'],
      ["timeformat 'auto'", '2018-11-02T01:25:34+02:00', '2018-11-01 23:25:34'],
      ["timeformat 'DD.MM.YYYY HH24:MI:SS'", '02.11.2018 01:25:34', '2018-11-02 01:25:34'],
    ])('reads times by %s', async (option, value, expected) => {
      expect((await load(['t timestamp'], [lines({ t: value })], `json 'auto' ${option}`)).rows).toEqual([[expected]]);
    });

    it('settles blanks, empty strings and lengths as the options say', async () => {
      const files = [lines({ a: '   ', b: '', c: 'xy  ' }, { a: ' z', b: 'abcdefghijéé', c: 'éééééé' })];
      const options = "json 'auto' blanksasnull emptyasnull trimblanks truncatecolumns";
      expect((await load(['a varchar(5)', 'b varchar(11)', 'c varchar(5)'], files, options)).rows).toEqual([
        [' z', 'abcdefghij', 'éé'],
        [null, null, 'xy'],
      ]);
    });
  });

  describe('JSONPaths', () => {
    const paths = (...list: string[]): void => bench.files.put('p', 'paths.json', JSON.stringify({ jsonpaths: list }));

    it('takes columns in the order of the paths, in either notation, deep and through arrays', async () => {
      paths("$['firstName']", '$.deep.list[1]', '$.a', '$.A');
      const done = await load(
        ['n varchar(9)', 'x integer', 'a integer', 'b integer'],
        [lines({ firstName: 'Lily', deep: { list: [1, 2] }, a: 3, A: 4 })],
        "json 's3://p/paths.json'",
      );
      expect(done.rows).toEqual([['Lily', '2', '3', '4']]);
    });

    it('fails a row whose array is too short, and loads a missing member as NULL', async () => {
      paths('$.list[1]', '$.none.at.all');
      const done = await load(['x integer', 'y integer'], [lines({ list: [1] })], "json 's3://p/paths.json'");
      expect(done.failure?.message).toBe(FAILED);
      expect(done.errors[0]?.errorMessage).toBe('Invalid JSONPath format: Not an array or index out of range.');
      expect(
        (await load(['x integer', 'y integer'], [lines({ list: [1, 2] })], "json 's3://p/paths.json'")).rows,
      ).toEqual([['2', null]]);
    });

    it('takes top-level arrays as rows when the paths begin with an index, else refuses them', async () => {
      paths('$[1]', '$[0]');
      expect((await load(['x integer', 'y integer'], ['[1,2]\n[3, 4]'], "json 's3://p/paths.json'")).rows).toEqual([
        ['2', '1'],
        ['4', '3'],
      ]);
      expect((await load(['x integer'], ['[1,2]'])).errors).toMatchObject([{ lineNumber: 1, errorCode: 1216 }]);
    });

    it('wants as many paths as columns', async () => {
      paths('$.a');
      const done = await load(['a integer', 'b integer'], [lines({ a: 1 })], "json 's3://p/paths.json'");
      expect(done.failure?.message).toContain('JSONPath size: 1, Number of columns in table or column list: 2');
    });

    it("works as 'auto' where the key jsonpaths is missing", async () => {
      bench.files.put('p', 'paths.json', '{"paths":[]}');
      expect((await load(['a integer'], [lines({ a: 1 })], "json 's3://p/paths.json'")).rows).toEqual([['1']]);
    });
  });

  describe('bad rows', () => {
    it('names file, line, column, value and limit', async () => {
      const done = await load(
        ['id integer', 'name varchar(5)'],
        [lines({ id: 1 }), lines({ id: 1, name: 'ok' }, { id: 2, name: 'ééé' })],
      );
      expect(done.failure).toMatchObject({ message: FAILED, sqlState: 'XX000' });
      expect(done.rows).toEqual([]);
      expect(done.history).toMatchObject([{ status: 'aborted', loadedRows: 0, errorCount: 1 }]);
      expect(done.errors).toEqual([
        {
          fileName: `s3://b/f${folder}/1.json`,
          lineNumber: 2,
          columnName: 'name',
          columnType: 'varchar',
          columnLength: '5',
          position: 0,
          errorCode: 1204,
          errorMessage: 'String length exceeds DDL length',
          rawLine: '{"id":2,"name":"ééé"}',
          rawFieldValue: 'ééé',
        },
      ]);
    });

    it.each([
      ['integer', '"a1"', 1207, "Invalid digit, Value 'a', Pos 0, Type: Integer"],
      ['bigint', '1540919166796.0', 1207, "Invalid digit, Value '.', Pos 13, Type: Long"],
      ['integer', '" 12"', 1207, "Invalid digit, Value ' ', Pos 0, Type: Integer"],
      ['integer', '"0x10"', 1207, "Invalid digit, Value 'x', Pos 1, Type: Integer"],
      ['integer', 'true', 1207, "Invalid digit, Value 't', Pos 0, Type: Integer"],
      ['smallint', '32768', 1222, 'Overflow (Short valid range -32768 to 32767)'],
      ['double precision', '"1_0"', 1208, "Invalid float value, Value '1_0'"],
      ['numeric(4,2)', '100', 1209, 'Numeric data overflow (result precision), limit: numeric(4,2)'],
      ['boolean', '"maybe"', 1210, "Invalid boolean value, Value 'maybe'"],
      ['date', '"2018-02-30"', 1205, 'Invalid date format or value [YYYY-MM-DD]'],
      ['date', '"18-02-03"', 1205, 'Invalid Date Format - length must be 10 or more'],
      ['timestamp', '"2018-11-02T01:25:34"', 1206, 'Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]'],
      [
        'char(3)',
        '"é"',
        1220,
        'Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: c3 a9',
      ],
      ['char(3)', '"abcd"', 1204, 'Char length exceeds DDL length'],
      ['integer not null', 'null', 1213, 'Missing data for not-null field'],
      ['integer not null', '""', 1213, 'Missing data for not-null field'],
    ])('refuses %s from %s with code %i', async (type, json, code, message) => {
      const done = await load([`x ${type}`, 'y integer'], [`{"x":${json},"y":1}`]);
      expect(done.failure?.message).toBe(FAILED);
      expect(done.errors).toMatchObject([{ columnName: 'x', lineNumber: 1, errorCode: code, errorMessage: message }]);
    });

    it('loads the good rows while there are fewer errors than MAXERROR', async () => {
      const file = '{"id":1}\n{"id":"x"}\n{"id":\n}\n\n{"id":4}\n{"id":5},\n{"id":1.0}\n{"id":"+7"}\n{"id":';
      const done = await load(['id integer'], [file], "json 'auto' maxerror 10", { earlierRows: 'select 99' });
      expect(done.rows).toEqual([['1'], ['4'], ['5'], ['7'], ['99']]);
      expect(where(done)).toEqual([
        ['0.json', 2, 'id', 1207, 'x'],
        ['0.json', 4, '', 1216, ''],
        ['0.json', 7, '', 1216, ''],
        ['0.json', 8, 'id', 1207, '1.0'],
        ['0.json', 10, '', 1216, ''],
      ]);
      expect(done.outcome?.notices[1]).toBe(
        "Load into table 't' completed, 5 record(s) could not be loaded.  Check 'sys_load_error_detail' system table for details.",
      );
      const failed = await load(['id integer'], [file], "json 'auto' maxerror 5");
      expect(failed.failure?.message).toBe(FAILED);
      expect(failed.errors).toHaveLength(5);
    });

    it('reports the first bad row in the order of files and lines, also where a file ends in mid-object', async () => {
      const done = await load(['id integer'], [lines({ id: 1 }), '{"id":2}\n{"id":3,"x', lines({ id: 'bad' })]);
      expect(where(done)).toEqual([['1.json', 2, '', 1216, '']]);
    });

    it('refuses bytes that are no UTF-8, and replaces them with ACCEPTINVCHARS', async () => {
      const body = Buffer.concat([Buffer.from('{"s":"ok"}\n{"s":"a'), Buffer.from([0xe4, 0xc3]), Buffer.from('é"}')]);
      const done = await load(['s varchar(20)'], [body]);
      expect(done.errors).toMatchObject([{ lineNumber: 2, errorCode: 1220 }]);
      expect(done.errors[0]?.errorMessage).toContain('Bad UTF-8 hex sequence: e4');
      expect((await load(['s varchar(20)'], [body], "json 'auto' acceptinvchars '^'")).rows).toEqual([
        ['a^^é'],
        ['ok'],
      ]);
    });
  });

  describe('files', () => {
    it('reads objects over several lines and several on one line', async () => {
      const done = await load(['id integer'], ['{"id":\n1}\n\n{"id":2}{"id":3} {\n"id":4\n}']);
      expect(done.rows).toEqual([['1'], ['2'], ['3'], ['4']]);
      const bad = await load(['id integer'], ['{\n"id":1\n}\n{\n"id":"x"\n}']);
      expect(where(bad)).toEqual([['0.json', 6, 'id', 1207, 'x']]);
    });

    it('takes the rows back that came with doubtful ones, and no others', async () => {
      // The second object of the first line makes the quick way doubt; the earlier row stays as it is.
      const done = await load(['id integer'], ['{"id":1}\n{"id":2}{"id":3}\n{"id":4}'], undefined, {
        earlierRows: 'select 99',
      });
      expect(done.rows).toEqual([['1'], ['2'], ['3'], ['4'], ['99']]);
    });

    it('keeps rows of which no key is known', async () => {
      expect((await load(['id integer'], [lines({ other: 1 }, {}, { id: 1 })])).rows).toEqual([['1'], [null], [null]]);
    });

    it('unzips with GZIP, and only then', async () => {
      const zipped = gzipSync(lines({ id: 1 }, { id: 2 }));
      expect((await load(['id integer'], [zipped], "json 'auto' gzip")).rows).toEqual([['1'], ['2']]);
      expect((await load(['id integer'], [zipped])).failure?.message).toBe(FAILED);
      const plain = await load(['id integer'], [lines({ id: 1 })], "json 'auto' gzip");
      expect(plain.failure?.message).toMatch(/^Problem reading file s3:.*: incorrect header check$/);
    });

    it('checks and loads nothing with NOLOAD', async () => {
      const done = await load(['id integer'], [lines({ id: 1 })], "json 'auto' noload");
      expect(done).toMatchObject({ rows: [], outcome: { loadedRows: 0 } });
      expect((await load(['id integer'], [lines({ id: 'x' })], "json 'auto' noload")).failure?.message).toBe(FAILED);
    });

    it('takes the prefix as the start of a string', async () => {
      bench.files.put('start', 'data/a.json', '{"id":1}');
      bench.files.put('start', 'data/a.json.bak', '{"id":2}');
      bench.files.put('start', 'data/b.json', '{"id":3}');
      const done = await bench.load([column('id integer')], "copy t from 's3://start/data/a.json' $role json 'auto'");
      expect(done.rows).toEqual([['1'], ['2']]);
    });

    it('refuses a prefix without objects, an unknown bucket and an object that has gone', async () => {
      const from = (url: string) => bench.load([column('id integer')], `copy t from '${url}' $role json 'auto'`);
      expect((await from('s3://start/none/')).failure).toMatchObject({
        message: "The specified S3 prefix 'none/' does not exist",
        sqlState: 'XX000',
      });
      expect((await from('s3://nowhere/x')).failure?.message).toContain('Error NoSuchBucket');
      bench.files.put('gone', 'a.json', '{}');
      bench.files.vanish('gone', 'a.json');
      expect((await from('s3://gone/a')).failure?.message).toContain('Error NoSuchKey');
    });

    it('loads what a manifest lists, twice where listed twice, and minds what is mandatory', async () => {
      bench.files.put('m', 'one.json', '{"id":1}');
      const manifest = (...entries: object[]): void => bench.files.put('m', 'manifest', JSON.stringify({ entries }));
      const from = () => bench.load([column('id integer')], "copy t from 's3://m/manifest' $role json 'auto' manifest");
      manifest({ url: 's3://m/one.json' }, { url: 's3://m/one.json', mandatory: true }, { url: 's3://m/none.json' });
      expect((await from()).rows).toEqual([['1'], ['1']]);
      manifest({ url: 's3://m/none.json', mandatory: true });
      expect((await from()).failure?.message).toContain('Error NoSuchKey');
      manifest({ url: 'one.json' });
      expect((await from()).failure?.message).toContain('must be a full path');
      bench.files.put('m', 'manifest', 'no json');
      expect((await from()).failure?.message).toMatch(/^Problem reading manifest file - /);
    });

    it('reads only as a role that is attached to the cluster and may read', async () => {
      const files = [lines({ id: 1 })];
      expect((await load(['id integer'], files, undefined, { attachedRoles: () => [] })).failure?.message).toMatch(
        /^User arn:aws:redshift:.* is not authorized to assume IAM Role arn:aws:iam::000000000000:role\/copy$/,
      );
      const untrusted = await load(['id integer'], files, undefined, {
        access: { takeRoles: ([notTaken = '']) => ({ notTaken }) },
      });
      expect(untrusted.failure?.message).toMatch(/is not authorized to assume IAM Role arn:aws:iam::.*:role\/copy$/);
      const asked: string[] = [];
      const denied = await load(['id integer'], files, undefined, {
        access: {
          takeRoles: () => ({
            refusesList: (bucket, prefix) => void asked.push(`list ${bucket} ${prefix}`),
            refusesRead: (bucket, key) => {
              asked.push(`read ${bucket} ${key}`);
              return 'User: copy may not read it';
            },
          }),
        },
      });
      expect(denied.failure?.message).toBe(
        'S3ServiceException:User: copy may not read it,Status 403,Error AccessDenied,Rid LOCAL,ExtRid LOCAL,CanRetry 1',
      );
      expect(asked).toEqual([`list b f${folder}/`, `read b f${folder}/0.json`]);
    });
  });
});
