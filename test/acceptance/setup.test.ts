import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Finding } from '../../cli/doctor/finding';
import { optionsFrom } from '../../cli/target';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws, type LocalAwsHandle } from '../../local/client';
import { Checkout, type CommandEnd, SPARKIFY } from '../support/checkout';
import { atTerminal, isInstalled } from './support/shell';

const ROOT = resolve(__dirname, '..', '..');
const ACCOUNT = '444455556666';

function findingsOf(end: CommandEnd): readonly Finding[] {
  if (end.stdout === '') throw new Error(`exit code ${end.exitCode}: ${end.stderr.slice(-3_000)}`);
  return JSON.parse(end.stdout) as readonly Finding[];
}

/** `check: verdict → command` of all that is not right in an area; the machine is whatever the tests run on. */
const told = (end: CommandEnd, ...areas: readonly string[]) =>
  findingsOf(end)
    .filter(({ area, verdict }) => areas.includes(area) && (verdict === 'warn' || verdict === 'fail'))
    .map(({ check, verdict, mend }) => `${check}: ${verdict} → ${mend}`);

const made = () => {
  const checkout = new Checkout();
  cpSync(join(ROOT, 'package-lock.json'), join(checkout.folder, 'package-lock.json'));
  return checkout;
};

describe('the doctor of a local warehouse', () => {
  const checkout = made();
  const doctor = () => checkout.sparkify('doctor', '--format', 'json');
  let broken: readonly string[];
  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 4, songs: 30, events: 200, users: 8, days: 2 });
  });
  afterAll(() => checkout.remove());

  it('says how to begin where nothing was started', async () => {
    expect(told(await doctor(), 'local', 'warehouse')).toEqual(['home: warn → npm start']);
  });

  it('finds nothing wrong after a start', async () => {
    const start = await checkout.sparkify('start', '--source', checkout.bucket);
    if (start.exitCode !== 0) throw new Error(start.stderr.slice(-3_000));
    const end = await doctor();
    expect(told(end, 'local', 'warehouse')).toEqual([]);
    expect(
      findingsOf(end)
        .filter(({ area }) => area === 'warehouse')
        .map(({ check }) => check),
    ).toEqual(['stack', 'last run', 'checks', 'rejects', 'files', 'checkout']);
  });

  it('names what was broken, each with the command that mends it', async () => {
    const days = join(checkout.bucket, 'log_data/2018/11');
    copyFileSync(join(days, '2018-11-02-events.json'), join(days, '2018-11-29-events.json'));
    const local = join(checkout.folder, 'lib/config/local.ts');
    writeFileSync(local, readFileSync(local, 'utf8').replace('budgetUsd: 1,', 'budgetUsd: 2,'));
    const spoiling =
      'update songplays set item_in_session = -1 where songplay_id in (select min(songplay_id) from songplays)';
    expect((await checkout.sparkify('query', spoiling)).exitCode).toBe(0);
    const lock = join(checkout.home, 'local-aws.lock');
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 - 3, started: '1' }));
    const end = await doctor();
    // One broken row may offend several checks.
    broken = [...new Set(told(end, 'local', 'warehouse'))];
    expect(broken).toEqual([
      `local AWS: warn → rm ${lock}`,
      'checks: fail → npx sparkify load --full-refresh',
      'files: warn → npx sparkify load',
      'checkout: warn → npm start',
    ]);
    expect(end.exitCode).toBe(1);
  });

  it('finds none of it any more when those commands were typed', async () => {
    for (const command of [['load', '--full-refresh'], ['load'], ['start']]) {
      const end = await checkout.sparkify(...command);
      if (end.exitCode !== 0) throw new Error(`${command.join(' ')}: ${end.stderr.slice(-3_000)}`);
    }
    const end = await doctor();
    const left = told(end, 'local', 'warehouse');
    for (const finding of broken) expect(left).not.toContain(finding);
    // The file that came twice over is the source's own doing: a check may warn of it.
    expect(left.filter((finding) => finding.includes(': fail'))).toEqual([]);
  });
});

describe('the first set-up of an environment', () => {
  const checkout = made();
  let aws: LocalAwsHandle;
  let env: Readonly<Record<string, string>>;
  /** With credentials of an account, as AWS's own tools find them; its AWS is the local one. */
  const sparkify = (...args: readonly string[]) => checkout.run(SPARKIFY, args, env);
  const doctor = () => sparkify('doctor', '--env', 'dev', '--format', 'json');
  const ENDPOINT = 'endpoint: warn → unset AWS_ENDPOINT_URL';
  const NOT_DEPLOYED = 'stack: warn → npx sparkify deploy --env dev';

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 4, songs: 3, events: 20, users: 2, days: 1 });
    aws = await ensureLocalAws({ home: join(checkout.folder, 'aws') });
    await aws.mountSource('music-of-ours', checkout.bucket);
    env = {
      ...(await aws.environmentOf(ACCOUNT)),
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
  });
  afterAll(async () => {
    await aws.stop();
    checkout.remove();
  });

  it('begins where the doctor says that no account is named, and that the source is not there', async () => {
    const end = await doctor();
    expect(told(end, 'account')).toEqual([
      ENDPOINT,
      'file: fail → npx sparkify init --env dev',
      `credentials: fail → npx sparkify init --env dev --account ${ACCOUNT}`,
    ]);
    expect(end.exitCode).toBe(1);
  });

  it('takes the account of the credentials, writes, proves by synth, and says what comes next', async () => {
    const end = await sparkify('init', '--env', 'dev', '--yes', '--format', 'json');
    if (end.exitCode !== 0) throw new Error(end.stderr.slice(-3_000));
    const summary = JSON.parse(end.stdout) as { diff: string; next: string[]; monthlyUsd: object };
    expect(summary.diff).toContain(`+account: "${ACCOUNT}"`);
    expect(summary.next[0]).toBe(`npx cdk bootstrap aws://${ACCOUNT}/us-west-2`);
    expect(summary.monthlyUsd).toEqual({ least: 306.87, most: 306.87 });
    expect(readFileSync(join(checkout.folder, 'lib/config/dev.yaml'), 'utf8')).toContain(`account: "${ACCOUNT}"`);
    expect(told(await doctor(), 'account', 'warehouse')).toEqual([
      ENDPOINT,
      'source bucket: fail → npx sparkify init --env dev --source-bucket NAME',
      NOT_DEPLOYED,
    ]);
  });

  it('finds its source by the command that the doctor has named', async () => {
    const end = await sparkify('init', '--env', 'dev', '--source-bucket', 'music-of-ours', '--yes');
    expect(end.exitCode).toBe(0);
    expect(end.stdout).toContain('lib/config/dev.yaml is written.');
    expect(told(await doctor(), 'account', 'warehouse')).toEqual([ENDPOINT, NOT_DEPLOYED]);
  });

  it('misses the bootstrap of an account that has none, and names the command for it', async () => {
    const ssm = new SSMClient(optionsFrom(env));
    const Name = '/cdk-bootstrap/hnb659fds/version';
    try {
      await ssm.send(new DeleteParameterCommand({ Name }));
      expect(told(await doctor(), 'account')).toContain(
        `bootstrap: fail → npx cdk bootstrap aws://${ACCOUNT}/us-west-2`,
      );
      await ssm.send(new PutParameterCommand({ Name, Value: '5', Type: 'String' }));
      expect(told(await doctor(), 'account')).toContain(
        `bootstrap: fail → npx cdk bootstrap aws://${ACCOUNT}/us-west-2`,
      );
    } finally {
      ssm.destroy();
    }
  });

  it('writes nothing for an answer that is not usable, and names it', async () => {
    const file = join(checkout.folder, 'lib/config/dev.yaml');
    const before = readFileSync(file, 'utf8');
    const end = await sparkify('init', '--env', 'dev', '--nodes', '0', '--yes');
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('--nodes 0 is not usable; allowed: a whole number from 1 to 100.');
    expect((await sparkify('init', '--env', 'dev')).stderr).toContain('init asks on a terminal');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  const terminal = isInstalled('script') ? it : it.skip;
  terminal('asks at a terminal (skipped without the program script), until Ctrl-C leaves all as it was', async () => {
    const file = join(checkout.folder, 'lib/config/staging.yaml');
    const before = readFileSync(file, 'utf8');
    const command = `"${process.execPath}" ${SPARKIFY} init --env staging`;
    const { shown, exitCode } = await atTerminal(
      command,
      [
        { shown: /AWS account/, type: '7\r' },
        { shown: /twelve digits, in quotes[\s\S]*AWS account/, type: `${'\x7f'.repeat(20)}123456789012\r` },
        { shown: /Region/, type: '\r' },
        { shown: /Kind of warehouse[\s\S]*USD a month/, type: '\x03' },
      ],
      { cwd: checkout.folder, env: { ...env, SPARKIFY_HOME: checkout.home } },
    );
    expect(shown).toContain(`your credentials are of ${ACCOUNT}`);
    expect(shown).toContain('Nothing was written.');
    expect(exitCode).toBe(130);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('completion', () => {
  const checkout = made();
  afterAll(() => checkout.remove());
  const CASES = [
    ['sparkify stat\t', 'status'],
    ['sparkify query x --format=j\t', 'query x --format=json'],
    ['sparkify doctor --env st\t', 'doctor --env staging'],
    ['sparkify start --source lamb\t', 'start --source lambda/'],
  ] as const;

  async function scriptOf(shell: string): Promise<string> {
    const end = await checkout.sparkify('completion', shell);
    expect(end.exitCode).toBe(0);
    const file = join(checkout.folder, `completion.${shell}`);
    writeFileSync(file, end.stdout);
    return file;
  }

  const bash = isInstalled('script') && isInstalled('bash') ? it.each(CASES) : it.skip.each(CASES);
  bash('in bash (skipped without bash and script): %j is %s', async (typed, completed) => {
    const rc = join(checkout.folder, 'bashrc');
    const script = await scriptOf('bash');
    writeFileSync(rc, `source ${script}\nsparkify() { echo "GOT:$*:"; }\nPS1='READY> '\n`);
    const { shown } = await atTerminal(
      `bash --noprofile --rcfile ${rc} -i`,
      [
        { shown: /READY> /, type: typed },
        { shown: new RegExp(completed.slice(-3).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')), type: '\r' },
        { shown: /GOT:/, type: 'exit\r' },
      ],
      { cwd: checkout.folder },
    );
    expect(shown).toContain(`GOT:${completed}:`);
  });

  const fish = isInstalled('fish') ? it : it.skip;
  fish('in fish (skipped without fish)', async () => {
    const script = await scriptOf('fish');
    const { shown } = await atTerminal(`fish -c 'source ${script}; complete -C "sparkify query --format "'`, [], {
      cwd: checkout.folder,
    });
    for (const choice of ['table', 'json', 'csv']) expect(shown).toContain(choice);
  });

  const zsh = isInstalled('zsh') && isInstalled('script') ? it : it.skip;
  zsh('in zsh (skipped without zsh and script)', async () => {
    const script = await scriptOf('zsh');
    writeFileSync(
      join(checkout.folder, '.zshrc'),
      `autoload -U compinit; compinit -u -D\nsource ${script}\nsparkify() { echo "GOT:$*:"; }\nPS1='READY> '\n`,
    );
    const { shown } = await atTerminal(
      'zsh -i',
      [
        { shown: /READY> /, type: 'sparkify stat\t' },
        { shown: /status/, type: '\r' },
        { shown: /GOT:/, type: 'exit\r' },
      ],
      { cwd: checkout.folder, env: { ZDOTDIR: checkout.folder } },
    );
    expect(shown).toContain('GOT:status:');
  });
});
