import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type AccountFacts, type AccountRest, accountFindings, type Wanted, wantedOf } from '../../cli/doctor/account';
import { planFinding } from '../../cli/doctor/deployment';
import { describeFindings } from '../../cli/doctor/describe';
import { type Finding, isIll } from '../../cli/doctor/finding';
import { homeFacts, homeFindings, mayBeAsked } from '../../cli/doctor/home';
import { type MachineFacts, machineFindings } from '../../cli/doctor/machine';
import { strayPackages } from '../../cli/doctor/machine-facts';
import { isUp, stackFinding } from '../../cli/doctor/stack';
import { type WarehouseFacts, warehouseFindings } from '../../cli/doctor/warehouse';
import { commandsFor } from '../../cli/doctor/where';
import type { Plan } from '../../cli/plan/plan';
import type { RunRow } from '../../cli/run-history';

const named = (found: readonly Finding[], check: string) => found.filter((finding) => finding.check === check);
const ill = (found: readonly Finding[]) => found.filter(({ verdict }) => verdict !== 'ok' && verdict !== 'skipped');
/** `check: verdict → command` of all that is not right. */
const told = (found: readonly Finding[]) =>
  ill(found).map(({ check, verdict, mend }) => `${check}: ${verdict} → ${mend}`);

describe('a machine', () => {
  const right: MachineFacts = {
    node: '20.20.2',
    strayPackages: [],
    platform: 'linux-x64',
    duckdb: { version: 'v1.5.5' },
    freeDisk: 50e9,
    freeMemory: 8e9,
    threadPool: '16',
    git: { branch: 'main', commit: 'abc1234', changedFiles: 2 },
    home: '/home/ann/.sparkify',
    homeWritable: true,
  };

  it('is right with all that a start needs', () => {
    expect(told(machineFindings(right))).toEqual([]);
    expect(told(machineFindings({ ...right, git: undefined, threadPool: undefined }))).toEqual([]);
  });

  it.each<[string, Partial<MachineFacts>, string]>([
    ['an old Node', { node: '18.20.0' }, 'Node: fail → nvm install 20'],
    ['packages of another lock file', { strayPackages: ['zod 4.6.7'] }, 'packages: fail → npm ci'],
    ['no lock file', { strayPackages: undefined }, 'packages: fail → git checkout HEAD -- package-lock.json'],
    ['no binary of DuckDB', { duckdb: { error: 'Cannot find module' } }, 'DuckDB: fail → npm ci'],
    ['a full disk', { freeDisk: 1e8 }, 'disk: fail → export SPARKIFY_HOME=FOLDER'],
    ['a disk that is nearly full', { freeDisk: 1e9 }, 'disk: warn → export SPARKIFY_HOME=FOLDER'],
    ["somebody else's folder", { homeWritable: false }, 'disk: fail → export SPARKIFY_HOME=FOLDER'],
    ['little memory', { freeMemory: 1e9 }, 'memory: warn → ps aux --sort=-rss | head'],
    ['a small thread pool', { threadPool: '4' }, 'thread pool: warn → unset UV_THREADPOOL_SIZE'],
    ['no branch', { git: { branch: undefined, commit: 'abc1234', changedFiles: 0 } }, 'git: warn → git switch main'],
  ])('is told of %s, and what mends it', (_, change, expected) => {
    expect(told(machineFindings({ ...right, ...change }))).toEqual([expected]);
  });

  it('has no packages astray in this checkout, and each that is missing or old where there are', () => {
    const root = mkdtempSync(join(tmpdir(), 'sparkify-packages-'));
    try {
      const lock = {
        packages: {
          '': {},
          'node_modules/here': { version: '1.0.0' },
          'node_modules/old': { version: '2.0.0' },
          'node_modules/a/node_modules/gone': { version: '3.0.0' },
          'node_modules/elsewhere': { version: '4.0.0', optional: true },
        },
      };
      writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
      for (const name of ['here', 'old']) {
        mkdirSync(join(root, 'node_modules', name), { recursive: true });
        writeFileSync(join(root, 'node_modules', name, 'package.json'), '{"version": "1.0.0"}');
      }
      expect(strayPackages(root)).toEqual(['old 2.0.0', 'gone 3.0.0']);
    } finally {
      rmSync(root, { recursive: true });
    }
    expect(strayPackages(resolve(__dirname, '..', '..'))).toEqual([]);
  });
});

describe('the home of a local AWS', () => {
  let home: string;
  const taken: Server[] = [];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'sparkify-doctor-'));
  });
  afterEach(async () => {
    await Promise.all(taken.splice(0).map((server) => new Promise((done) => server.close(done))));
    rmSync(home, { recursive: true, force: true });
  });
  const look = async () => homeFindings(await homeFacts(home));
  const gone = { pid: 2 ** 22 - 3, started: '1' };

  it('is nothing wrong where nothing was started', async () => {
    home = join(home, 'nowhere');
    expect(told(await look())).toEqual(['home: warn → npm start']);
    expect(mayBeAsked(await homeFacts(home))).toBe(false);
  });

  it('has a lock that a killed process has left', async () => {
    writeFileSync(join(home, 'local-aws.lock'), JSON.stringify(gone));
    expect(told(await look())).toEqual([`local AWS: warn → rm ${join(home, 'local-aws.lock')}`]);
    expect(mayBeAsked(await homeFacts(home))).toBe(true);
  });

  it('is held by a process that does not answer', async () => {
    writeFileSync(join(home, 'local-aws.lock'), JSON.stringify({ pid: process.pid }));
    const state = { pid: process.pid, port: 9, url: 'http://127.0.0.1:9', token: '', environment: {} };
    writeFileSync(join(home, 'local-aws.json'), JSON.stringify(state));
    expect(told(await look())).toEqual([`local AWS: fail → kill ${process.pid}`]);
    expect(mayBeAsked(await homeFacts(home))).toBe(false);
  });

  it("has a port that is another program's now, and is given a free one", async () => {
    const server = createServer();
    taken.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    writeFileSync(join(home, 'local-aws.json'), JSON.stringify({ port }));
    const [finding] = ill(await look());
    expect(finding?.found).toContain(`${port}, the one used last`);
    const [, free] = /--port (\d+)$/.exec(finding?.mend ?? '') ?? [];
    expect(Number(free)).toBeGreaterThan(0);
    expect(Number(free)).not.toBe(port);
  });

  it('has state that is no JSON, named with its place', async () => {
    mkdirSync(join(home, 'accounts', '111111111111', 'iam'), { recursive: true });
    writeFileSync(join(home, 'accounts', '111111111111', 'iam', 'usage.json'), '{"half');
    const [finding] = ill(await look());
    expect(finding).toMatchObject({ check: 'home', verdict: 'fail', mend: 'npm start -- --fresh' });
    expect(finding?.found).toContain('accounts/111111111111/iam/usage.json');
  });
});

describe('a stack', () => {
  const commands = commandsFor({ env: 'dev', profile: 'ann' });
  it.each([
    [undefined, 'warn', 'npx sparkify deploy --env dev --profile ann'],
    ['CREATE_COMPLETE', 'ok', undefined],
    ['UPDATE_ROLLBACK_COMPLETE', 'warn', commands.deploy],
    ['ROLLBACK_COMPLETE', 'fail', commands.deploy],
    ['UPDATE_ROLLBACK_FAILED', 'fail', 'npx cdk rollback Sparkify-dev -c env=dev --profile ann'],
    ['UPDATE_FAILED', 'fail', commands.rollback],
    ['DELETE_FAILED', 'fail', 'npx cdk destroy Sparkify-dev -c env=dev --profile ann'],
    ['UPDATE_IN_PROGRESS', 'warn', 'npx sparkify doctor --env dev --profile ann'],
  ])('that is %s: %s, mended by %s', (status, verdict, mend) => {
    expect(stackFinding('warehouse', 'Sparkify-dev', { status }, commands)).toMatchObject({
      verdict,
      ...(mend && { mend }),
    });
  });

  it('has a warehouse to look into when it is complete, also after a rollback of an update', () => {
    expect(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].map((status) => isUp({ status }))).toEqual([true, true]);
    expect(['ROLLBACK_COMPLETE', undefined, 'CREATE_IN_PROGRESS'].map((status) => isUp({ status }))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('an account', () => {
  const config = {
    account: '123456789012',
    region: 'us-west-2',
    reservedConcurrency: 10,
    sources: { origin: 'given', bucket: 'songs', region: 'us-west-2' },
  };
  const wanted: Wanted = wantedOf('dev', config, ['song_data/', 'log_data/']);
  const rest: AccountRest = {
    bootstrap: { is: 30 },
    bootstrapOfCli: 30,
    unreserved: { is: 1000 },
    deployed: false,
    serviceRole: { is: true },
    bucket: { is: 'us-west-2' },
    emptyPrefixes: { is: [] },
  };
  const right: AccountFacts = {
    wanted,
    endpoint: undefined,
    region: 'us-west-2',
    caller: { is: { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ann', clockAhead: 900 } },
    rest,
  };
  const commands = commandsFor({ env: 'dev' });
  const bootstrap = 'npx cdk bootstrap aws://123456789012/us-west-2';
  const refused = (code: string, message = '') => ({ refused: { code, message } });

  it('is right with all that a deploy needs', () => {
    expect(told(accountFindings(right, commands))).toEqual([]);
  });

  it.each<[string, Partial<AccountFacts>, Partial<AccountRest>, string]>([
    [
      'an account that nobody has named',
      {
        wanted: { ...wanted, account: '111111111111' },
        caller: { is: { account: '111111111111', arn: '', clockAhead: 0 } },
      },
      {},
      'file: fail → npx sparkify init --env dev',
    ],
    [
      'credentials of another account',
      { caller: { is: { account: '999999999999', arn: '', clockAhead: 0 } } },
      {},
      'credentials: fail → npx sparkify init --env dev --account 999999999999',
    ],
    [
      'no credentials',
      { caller: refused('CredentialsProviderError', 'Could not load credentials') },
      {},
      'credentials: fail → aws configure',
    ],
    [
      'a session that has ended',
      { caller: refused('ExpiredToken', 'The security token is expired') },
      {},
      'credentials: fail → aws sso login',
    ],
    [
      'a clock that is wrong',
      { caller: { is: { account: '123456789012', arn: '', clockAhead: -20 * 60_000 } } },
      {},
      'clock: fail → sudo timedatectl set-ntp true',
    ],
    ['another region', { region: 'eu-west-1' }, {}, 'region: fail → npx sparkify doctor --env dev --region us-west-2'],
    ['another endpoint', { endpoint: 'http://127.0.0.1:1' }, {}, 'endpoint: warn → unset AWS_ENDPOINT_URL'],
    ['no bootstrap', {}, { bootstrap: { is: null } }, `bootstrap: fail → ${bootstrap}`],
    ['a bootstrap of long ago', {}, { bootstrap: { is: 5 } }, `bootstrap: fail → ${bootstrap}`],
    ['a bootstrap of last year', {}, { bootstrap: { is: 21 } }, `bootstrap: warn → ${bootstrap}`],
    [
      'a young account',
      {},
      { unreserved: { is: 10 } },
      'Lambda quota: fail → aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
    ],
    [
      'no role of Redshift',
      {},
      { serviceRole: { is: false } },
      'Redshift role: warn → aws iam create-service-linked-role --aws-service-name redshift.amazonaws.com',
    ],
    [
      'no bucket',
      {},
      { bucket: { is: null } },
      'source bucket: fail → npx sparkify init --env dev --source-bucket NAME',
    ],
    [
      'a bucket elsewhere',
      {},
      { bucket: { is: 'eu-west-1' } },
      'source bucket: fail → npx sparkify init --env dev --source-region eu-west-1',
    ],
    [
      'an empty bucket',
      {},
      { emptyPrefixes: { is: ['log_data/'] } },
      'source files: warn → aws s3 sync FOLDER s3://songs/',
    ],
    [
      'a bucket that is to be made and is there',
      { wanted: { ...wanted, sources: { ...wanted.sources, origin: 'made' } } },
      {},
      'source bucket: fail → npx sparkify init --env dev --source given',
    ],
  ])('is told of %s, and what mends it', (_, facts, change, expected) => {
    expect(told(accountFindings({ ...right, ...facts, rest: { ...rest, ...change } }, commands))).toEqual([expected]);
  });

  it('is not blamed for what its caller may not see', () => {
    const denied = refused('AccessDenied', 'not authorized');
    const found = accountFindings({ ...right, rest: { ...rest, unreserved: denied, serviceRole: denied } }, commands);
    expect(isIll(found)).toBe(false);
    expect(named(found, 'Redshift role')).toMatchObject([
      { verdict: 'skipped', found: 'could not be looked at: AccessDenied: not authorized' },
    ]);
  });
});

describe('a warehouse', () => {
  const run = {
    run_id: 'scheduled-1',
    status: 'succeeded',
    finished_at: '2026-11-28 03:01:00',
    files: 3,
    rejected_rows: 0,
    error: null,
  } as unknown as RunRow;
  const right: WarehouseFacts = {
    runs: [run],
    checks: [{ check: 'songplays_key', severity: 'error', offendingRows: 0, examples: [] }],
    waiting: { files: 0, bytes: 0, vanishedFiles: 0 },
  };
  const commands = commandsFor({ env: 'local' });
  const broken = { check: 'songplays_key', offendingRows: 2, examples: ['17'] };

  it.each<[string, Partial<WarehouseFacts>, readonly string[]]>([
    ['all is well', {}, []],
    ['nothing was ever loaded', { runs: [] }, ['last run: warn → npx sparkify load']],
    [
      'the last run failed',
      { runs: [{ ...run, status: 'failed', error: 'a bad row' }, run] },
      ['last run: fail → npx sparkify load'],
    ],
    [
      'a check fails',
      { checks: [{ ...broken, severity: 'error' }] },
      ['checks: fail → npx sparkify load --full-refresh'],
    ],
    ['a check warns', { checks: [{ ...broken, severity: 'warn' }] }, ['checks: warn → npx sparkify check']],
    ['rows were left out', { runs: [{ ...run, rejected_rows: 4 }] }, ['rejects: warn → npx sparkify status --rejects']],
    ['files wait', { waiting: { files: 2, bytes: 10, vanishedFiles: 0 } }, ['files: warn → npx sparkify load']],
    [
      'files are gone',
      { waiting: { files: 0, bytes: 0, vanishedFiles: 1 } },
      ['files: warn → npx sparkify status --files'],
    ],
  ])('in which %s', (_, change, expected) => {
    expect(told(warehouseFindings({ ...right, ...change }, commands))).toEqual(expected);
  });

  it('is compared with the checkout', () => {
    const plan: Plan = {
      environment: 'local',
      stackName: 'Sparkify-local',
      hash: 'x',
      first: false,
      infrastructure: [],
      outputs: [],
      migrations: [],
      refused: [],
      destructive: [],
    };
    expect(planFinding(plan, commands).verdict).toBe('ok');
    expect(planFinding({ ...plan, migrations: [{ file: 'migrations/0099_x.sql' }] }, commands)).toMatchObject({
      verdict: 'warn',
      mend: 'npm start',
    });
    expect(planFinding({ ...plan, refused: ['0001 was edited'] }, commands)).toMatchObject({
      verdict: 'fail',
      mend: 'npm start -- --fresh',
    });
    expect(planFinding({ ...plan, refused: ['0001 was edited'] }, commandsFor({ env: 'dev' })).mend).toBe(
      'git checkout HEAD -- sql/migrations',
    );
  });
});

describe('what the doctor says', () => {
  const titles = {
    machine: 'This machine',
    local: 'The local AWS',
    account: 'The account',
    warehouse: 'The warehouse',
  };
  it('has a mark, what was found, and the command below; and what it comes to', () => {
    const text = stripVTControlCharacters(
      describeFindings(
        [
          { area: 'machine', check: 'Node', verdict: 'ok', found: '20' },
          { area: 'local', check: 'home', verdict: 'fail', found: 'broken', mend: 'npm start' },
        ],
        titles,
      ),
    );
    expect(text).toBe(
      'This machine\n✓ Node  20\nThe local AWS\n✗ home  broken\n        → npm start\n\n1 thing is wrong: begin with the first ✗.',
    );
  });
});
