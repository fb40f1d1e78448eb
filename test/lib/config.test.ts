import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, selectEnvironments } from '../../lib/config';
import { COMMON } from '../../lib/config/common';
import type { EnvironmentConfig } from '../../lib/config/environment';
import { readEnvironmentFile } from '../../lib/config/environment-file';
import { parseFields } from '../../lib/config/fields-file';
import { LOCAL_WAREHOUSES } from '../../lib/config/local';
import { mergeOverrides, refuseAnothers } from '../../lib/config/overrides';
import { validateEnvironment } from '../../lib/config/validate';

const folder = mkdtempSync(join(tmpdir(), 'sparkify-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the environments', () => {
  it('are all chosen when none is named', () => {
    expect(selectEnvironments({}).map((config) => config.name)).toEqual(['dev', 'staging', 'prod', 'local']);
  });

  it('refuse an unknown name and say which there are', () => {
    expect(() => selectEnvironments({ env: 'production' })).toThrow(
      'Environment "production": env is "production"; allowed: dev, staging, prod, local.',
    );
  });

  it('take another source bucket for the local one only', () => {
    expect(selectEnvironments({ env: 'local', sourceBucket: 'my-bucket' })[0]?.sources.bucket).toBe('my-bucket');
    expect(selectEnvironments({ env: 'prod', sourceBucket: 'my-bucket' })[0]?.sources.bucket).toBe('udacity-dend');
  });

  it('refuse a source bucket that could not be one', () => {
    expect(() => selectEnvironments({ env: 'local', sourceBucket: 'Not A Bucket' })).toThrow(
      /sources\.bucket is "Not A Bucket"/,
    );
  });

  it('take either kind of warehouse on one machine, and no third', () => {
    expect(selectEnvironments({ env: 'local', warehouse: 'serverless' })[0]?.warehouse.kind).toBe('serverless');
    expect(() => selectEnvironments({ env: 'local', warehouse: 'duckdb' })).toThrow(
      'warehouse is "duckdb"; allowed: provisioned, serverless.',
    );
  });
});

describe("an environment's own file", () => {
  const read = (text: string) => parseFields(text, 'lib/config/dev.yaml', 'dev');

  it('names its fields in YAML, and what it leaves out is what all have in common', () => {
    const [dev] = selectEnvironments({ env: 'dev' });
    expect(readEnvironmentFile('dev').fields).toMatchObject({ account: dev?.account });
    expect(readEnvironmentFile('dev').fields).not.toHaveProperty('loadDeadlineSeconds');
    expect(dev?.loadDeadlineSeconds).toBe(COMMON.loadDeadlineSeconds);
  });

  it.each([
    ['of a field', ['warehouse', 'nodeType'], 'lib/config/dev.yaml:3'],
    ['of a value in a list', ['access', 'analysts', 1], 'lib/config/dev.yaml:4'],
    ['of the record that lacks a field', ['warehouse', 'kind'], 'lib/config/dev.yaml:3'],
    ['of no line where nothing is near', ['budgetUsd'], 'lib/config/dev.yaml'],
  ])('knows the line %s', (_, path, place) => {
    const text = 'account: "111111111111"\nwarehouse:\n  nodeType: dc2.large\naccess: { analysts: [a, b] }\n';
    expect(read(text).where(path)).toBe(place);
  });

  it("may not be another environment's", () => {
    expect(() => refuseAnothers(read('name: prod\n'), 'dev')).toThrow(
      /"dev" \(lib\/config\/dev\.yaml:1\): name is "prod"/,
    );
  });

  it('is refused where it is no YAML, and where it is not there', () => {
    expect(() => read('account: "1\nregion: x\n')).toThrow(/a readable JSON or YAML file \(.*line/s);
    expect(() => readEnvironmentFile('dev', folder)).toThrow(/config is "lib\/config\/dev\.yaml".*no such file/);
  });
});

describe('data goes with the stack', () => {
  const removal = (selection: Parameters<typeof selectEnvironments>[0]) => selectEnvironments(selection)[0]?.onRemoval;

  it('when the file and the command line both say so, and not by one of them alone', () => {
    expect(removal({ env: 'dev' })).toBe('retain');
    expect(removal({ env: 'dev', allowDataLoss: 'dev' })).toBe('destroy');
  });

  it('never by the command line alone, which is refused and told what else it takes', () => {
    expect(() => selectEnvironments({ env: 'prod', allowDataLoss: 'prod' })).toThrow(
      /allowDataLoss is "prod"; allowed: none of the selected environments \(onRemoval must be destroy as well\)/,
    );
    expect(() => selectEnvironments({ allowDataLoss: 'prod' })).toThrow(/allowed: dev, local/);
  });
});

describe('a file laid over an environment', () => {
  it('changes single fields, in YAML as in JSON', () => {
    const yaml = file('dev.yaml', 'account: "123456789012"\nwarehouse:\n  numberOfNodes: 3\n');
    const json = file('dev.json', '{"account": "123456789012", "warehouse": {"numberOfNodes": 3}}');
    const [changed] = selectEnvironments({ env: 'dev', config: yaml });
    expect(changed).toMatchObject({ account: '123456789012', warehouse: { nodeType: 'ra3.large', numberOfNodes: 3 } });
    expect(selectEnvironments({ env: 'dev', config: json })).toEqual([changed]);
  });

  it('replaces a record of another kind as a whole', () => {
    const path = file(
      'serverless.yaml',
      'warehouse:\n  kind: serverless\n  baseRpus: 8\n  maxRpus: 32\n  usageLimits: []\n',
    );
    expect(selectEnvironments({ env: 'prod', config: path })[0]?.warehouse).toEqual({
      kind: 'serverless',
      baseRpus: 8,
      maxRpus: 32,
      usageLimits: [],
    });
  });

  it.each([
    [
      'an unknown field, with the known ones',
      'warehouse:\n  nodes: 3\n',
      /warehouse\.nodes is 3; allowed: kind, nodeType/,
    ],
    [
      'a value of another type',
      'account: 123456789012\n',
      /account is 123456789012; allowed: twelve digits, in quotes/,
    ],
    ['a missing field', 'warehouse:\n  kind: serverless\n  baseRpus: 8\n', /warehouse\.maxRpus is missing/],
    ["another environment's name", 'name: prod\n', /name is "prod"; allowed: dev/],
    ['what is no file of fields', '- a\n- b\n', /a JSON or YAML file of fields/],
    ['broken YAML, with its line', 'account: "1\nregion: x\n', /a readable JSON or YAML file \(.*line/s],
  ])('is refused for %s, the file named', (_, text, message) => {
    const path = file('broken.yaml', text);
    expect(() => selectEnvironments({ env: 'dev', config: path })).toThrow(message);
    expect(() => selectEnvironments({ env: 'dev', config: path })).toThrow(path);
  });

  it('is named with the line of the field that is refused', () => {
    const path = file('line.yaml', 'budgetUsd: 300\nwarehouse:\n  numberOfNodes: 0\n');
    expect(() => selectEnvironments({ env: 'dev', config: path })).toThrow(
      `"dev" (${path}:3): warehouse.numberOfNodes is 0`,
    );
  });

  it('needs an environment to be laid over', () => {
    expect(() => selectEnvironments({ config: 'dev.yaml' })).toThrow(/a file together with -c env=NAME/);
  });
});

describe('an environment is refused, the field, the value and the allowed ones named, when', () => {
  const [base] = selectEnvironments({ env: 'dev' }) as [EnvironmentConfig];
  const serverless = LOCAL_WAREHOUSES.serverless;
  it.each<[string, object, RegExp]>([
    ['the account is not twelve digits', { account: '42' }, /account is "42"; allowed: twelve digits/],
    ['a zone is of another region', { availabilityZones: ['us-west-2a', 'eu-west-1a'] }, /availabilityZones/],
    ['one zone is given twice', { availabilityZones: ['us-west-2a', 'us-west-2a'] }, /availabilityZones/],
    [
      'the node type is retired',
      { warehouse: { nodeType: 'dc2.large' } },
      /warehouse\.nodeType is "dc2\.large"; allowed: ra3\.large/,
    ],
    [
      'there are no nodes',
      { warehouse: { numberOfNodes: 0 } },
      /numberOfNodes is 0; allowed: a whole number from 1 to 100/,
    ],
    ['one node is to stand in two zones', { warehouse: { multiAz: true } }, /multiAz is true; allowed: false, or two/],
    [
      'RG nodes are to stand in two zones',
      { warehouse: { multiAz: true, numberOfNodes: 2, nodeType: 'rg.large', pause: null } },
      /multiAz is true; allowed: false, or an RA3 node type/,
    ],
    [
      'a Multi-AZ cluster is to sleep',
      { warehouse: { multiAz: true, numberOfNodes: 2 } },
      /warehouse\.pause is .*; allowed: null/,
    ],
    [
      'a cluster is to begin from a snapshot of a workgroup',
      { warehouse: { restoreFrom: { snapshot: 'arn:aws:redshift-serverless:us-west-2:111111111111:snapshot/x' } } },
      /warehouse\.restoreFrom\.snapshot is "arn:.*"; allowed: a snapshot's identifier/,
    ],
    [
      'a workgroup is to begin from what is no snapshot',
      { warehouse: { ...serverless, restoreFrom: { snapshot: 'Not A Name' } } },
      /warehouse\.restoreFrom\.snapshot is "Not A Name"; allowed: a snapshot's name or ARN/,
    ],
    [
      "a snapshot's owner is no account",
      { warehouse: { restoreFrom: { snapshot: 'final', account: '1' } } },
      /restoreFrom\.account is "1"; allowed: twelve digits/,
    ],
    [
      'a workgroup has a size that there is none of',
      { warehouse: { ...serverless, baseRpus: 12 } },
      /warehouse\.baseRpus is 12; allowed: 4, or 8 to 512 in steps of 8/,
    ],
    [
      'a workgroup scales to less than its base',
      { warehouse: { ...serverless, baseRpus: 64, maxRpus: 32 } },
      /warehouse\.maxRpus is 32; allowed: baseRpus or more/,
    ],
    [
      'a workgroup stands in two zones only',
      { warehouse: serverless, availabilityZones: ['us-west-2a', 'us-west-2b'] },
      /availabilityZones is .*; allowed: three zones or more/,
    ],
    [
      'a given VPC has another number of subnets than zones',
      { network: { kind: 'existing', vpcId: 'vpc-12345678', subnetIds: ['subnet-12345678', 'subnet-12345679'] } },
      /network\.subnetIds is .*; allowed: one subnet in each/,
    ],
    [
      'a bucket is to be made in another region',
      { sources: { origin: 'made', region: 'eu-west-1' } },
      /sources\.region is "eu-west-1"/,
    ],
    ['the mail address is none', { alarms: { emails: ['somebody'] } }, /alarms\.emails\.0 is "somebody"/],
    ['CloudWatch has no such retention', { logRetentionDays: 42 }, /logRetentionDays is 42; allowed: one of 1, 3/],
    ['the time zone is unknown', { schedule: { timezone: 'Mars/Olympus' } }, /schedule\.timezone is "Mars\/Olympus"/],
    [
      'more rejects are allowed than COPY can count',
      { rejects: { songs: 0, events: 100_000 } },
      /rejects\.events is 100000; allowed: a whole number from 0 to 99999/,
    ],
    ['fewer than no rejects are allowed', { rejects: { songs: -1, events: 0 } }, /rejects\.songs is -1/],
    [
      'a prefix has no slash at its end',
      { sources: { prefixes: { songs: 'song_data' } } },
      /prefixes\.songs is "song_data"/,
    ],
    [
      'the load would outlive the deploy',
      { loadDeadlineSeconds: 3600 },
      /loadDeadlineSeconds is 3600; allowed: a whole number from 60 to 3300/,
    ],
  ])('%s', (_, change, message) => {
    const config = mergeOverrides(base, change);
    expect(() => validateEnvironment(config, 'dev')).toThrow(ConfigurationError);
    expect(() => validateEnvironment(config, 'dev')).toThrow(message);
  });
});

describe('what an environment says of a source is refused when', () => {
  it.each<readonly [string, object, RegExp]>([
    [
      'the JSONPaths file would be loaded as data',
      { sources: { jsonPathsKeys: { events: 'log_data/paths.json' } } },
      /sources\.jsonPathsKeys\.events is "log_data\/paths\.json"; allowed: .*COPY would load it as data/,
    ],
    [
      'its prefix lies in that of another',
      { sources: { prefixes: { songs: 'log_data/songs/' } } },
      /sources\.prefixes\.songs is "log_data\/songs\/"; allowed: .*lies in log_data\/ of events/,
    ],
    [
      'nobody has declared it',
      { rejects: { song: 3 } },
      /rejects\.song is 3; allowed: the sources that sql\/sources\.yaml declares: songs, events; did you mean songs\?/,
    ],
    [
      'it has no JSONPaths file',
      { sources: { jsonPathsKeys: { songs: 'paths.json' } } },
      /sources\.jsonPathsKeys\.songs is "paths\.json"; allowed: none/,
    ],
  ])('%s', (_, change, message) => {
    const changed = file('sources.yaml', JSON.stringify(change));
    expect(() => selectEnvironments({ env: 'dev', config: changed })).toThrow(ConfigurationError);
    expect(() => selectEnvironments({ env: 'dev', config: changed })).toThrow(message);
  });
});
