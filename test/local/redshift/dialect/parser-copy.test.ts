import type { Copy } from '../../../../local/redshift/dialect/ast';
import { parseStatement } from '../../../../local/redshift/dialect/parser';

const ROLE = "iam_role 'arn:aws:iam::000000000000:role/copy'";
const copy = (options: string) => parseStatement(`copy t from 's3://b/k' ${options}`) as Copy;

describe('COPY', () => {
  it('fills in what is not written', () => {
    const { position, ...tree } = copy(ROLE);
    expect(position).toBe(1);
    expect(tree).toEqual({
      node: 'copy',
      table: { parts: ['t'], position: 6 },
      columns: [],
      from: 's3://b/k',
      authorization: { kind: 'iam role', arns: ['arn:aws:iam::000000000000:role/copy'] },
      manifest: false,
      format: { kind: 'delimited', delimiter: '|' },
      maxError: 0,
      ignoreAllErrors: false,
      ignoreHeader: 0,
      truncateColumns: false,
      blanksAsNull: false,
      emptyAsNull: false,
      trimBlanks: false,
      roundDecimals: false,
      acceptAnyDate: false,
      explicitIds: false,
      fillRecord: false,
      ignoreBlankLines: false,
      escape: false,
      removeQuotes: false,
      noLoad: false,
    });
  });

  it('reads the options in any order', () => {
    const sql = `copy public.staging_events (a, "Order") from 's3://b/runs/1/events.manifest' region as 'us-west-2'
      compupdate off statupdate false manifest timeformat 'epochmillisecs' ${ROLE} truncatecolumns maxerror as 10
      gzip acceptinvchars as '^' json as 's3://b/paths.json' blanksasnull emptyasnull dateformat 'auto'`;
    expect(parseStatement(sql)).toMatchObject({
      columns: ['a', 'order'],
      region: 'us-west-2',
      compUpdate: 'off',
      statUpdate: 'off',
      manifest: true,
      timeFormat: 'epochmillisecs',
      maxError: 10,
      compression: 'gzip',
      acceptInvalidChars: '^',
      format: { kind: 'json', mode: 'paths', pathsUrl: 's3://b/paths.json' },
    });
  });

  it.each([
    ["json 'auto'", { kind: 'json', mode: 'auto' }],
    ['format as json', { kind: 'json', mode: 'auto' }],
    ["format json 'auto ignorecase'", { kind: 'json', mode: 'auto ignorecase' }],
    ["json 'noshred'", { kind: 'json', mode: 'noshred' }],
    ["csv quote as '%' delimiter '\t'", { kind: 'csv', quote: '%', delimiter: '\t' }],
    ["delimiter ';' format csv", { kind: 'csv', quote: '"', delimiter: ';' }],
    ["delimiter as '|~|'", { kind: 'delimited', delimiter: '|~|' }],
    ['format as parquet', { kind: 'parquet' }],
    ["fixedwidth 'a:3,b:4'", { kind: 'other', name: 'fixedwidth' }],
    ["avro 'auto'", { kind: 'other', name: 'avro' }],
  ])('reads the format %s', (options, format) => {
    expect(copy(`${ROLE} ${options}`).format).toEqual(format);
  });

  it.each([
    ['iam_role default', { kind: 'iam role default' }],
    ["credentials 'aws_iam_role=arn:aws:iam::000000000000:role/x'", { kind: 'iam role' }],
    ["with credentials as 'aws_access_key_id=A;aws_secret_access_key=B;token=C'", { accessKeyId: 'A', token: 'C' }],
    ["access_key_id 'A' secret_access_key 'B'", { kind: 'keys', accessKeyId: 'A', secretAccessKey: 'B' }],
    [
      "iam_role 'arn:aws:iam::000000000000:role/x,arn:aws:iam::000000000001:role/y'",
      { arns: [{}, {}].map(() => expect.any(String)) },
    ],
  ])('reads the authorization %s', (options, authorization) => {
    expect(copy(options).authorization).toMatchObject(authorization);
  });

  it.each(['', "credentials 'x=y'", "access_key_id 'A'"])(
    'asks for credentials when it is given only %j',
    (options) => {
      expect(() => copy(options)).toThrow(/^Invalid credentials\. Must be of the format: credentials/);
    },
  );

  it.each([
    ...['csv', "delimiter ','", 'escape', 'fillrecord', 'ignoreblanklines', "null as 'x'", 'removequotes'].map(
      (option) => [`json 'auto' ${option}`],
    ),
    ['csv escape'],
    ['csv removequotes'],
    ["quote '%'"],
    ['format parquet maxerror 3'],
    ['format parquet gzip'],
    ['gzip zstd'],
    ['maxerror 3 ignoreallerrors'],
    ['maxerror 100001'],
    ['maxerror -1'],
    ['maxerror 1 maxerror 2'],
    ["json 'automatic'"],
    ["acceptinvchars 'ab'"],
    ["delimiter ''"],
    ['frobnicate'],
    ["credentials 'aws_iam_role=x'"],
  ])('refuses %s', (options) => {
    expect(() => copy(`${ROLE} ${options}`)).toThrow(/^syntax error at or near/);
  });

  it('says what is wrong in the hint, at the place', () => {
    const sql = `copy t from 's3://b/k' ${ROLE} json 'auto' null as 'x'`;
    const more = { hint: 'NULL is not allowed with JSON.', position: sql.indexOf('null') + 1 };
    expect(() => parseStatement(sql)).toThrow(expect.objectContaining({ more }));
  });

  it.each(["copy t from 'file.csv' iam_role default", `copy t from 's3://b/k' iam_role 'me'`])('refuses %s', (sql) => {
    expect(() => parseStatement(sql)).toThrow(/^syntax error at or near/);
  });

  it.each([
    `copy t from 'emr://x/y' ${ROLE}`,
    `copy t from 's3://b/k' ${ROLE} encrypted`,
    `copy t from 's3://b/k' ${ROLE} encoding utf16`,
  ])('says that the local engine lacks %s', (sql) => {
    expect(() => parseStatement(sql)).toThrow(/is not implemented by the local engine/);
  });
});
