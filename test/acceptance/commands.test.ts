import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStatementCommand, ExecuteStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { Finding } from '../../cli/doctor/finding';
import { isStatementOf } from '../../cli/runs/cancel-run';
import { localPlace, openTarget } from '../../cli/target';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws } from '../../local/client';
import { Checkout, type CommandEnd, type RunningCommand, SPARKIFY } from '../support/checkout';

interface Run {
  readonly run_id: string;
  readonly status: string;
  readonly trigger: string;
  readonly files: number;
  readonly rejected_rows: number;
}

const DEV = '111111111111';

/** One story in order, on one start: the commands as a person types them one day. */
describe('The commands of a day', () => {
  const checkout = new Checkout();
  const day = (number: number) => join(checkout.bucket, `log_data/2018/11/2018-11-0${number}-events.json`);
  let serving: RunningCommand;

  const sparkify = (...args: readonly string[]) => checkout.sparkify(...args);
  /** The command's output, of which it was right. Throws with what it said otherwise. */
  const output = async (...args: readonly string[]): Promise<string> => outputOf(await sparkify(...args), args);
  const json = async <T>(...args: readonly string[]) => JSON.parse(await output(...args, '--format', 'json')) as T;
  const change = (file: string, from: string, to: string) => {
    const whole = readFileSync(join(checkout.folder, file), 'utf8');
    expect(whole).toContain(from);
    writeFileSync(join(checkout.folder, file), whole.replace(from, to));
  };

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 4, songs: 30, events: 200, users: 8, days: 4 });
    change('lib/config/local.ts', '...COMMON,', '...COMMON,\n  rejects: { songs: 0, events: 3 },');
    const good = readFileSync(day(2), 'utf8');
    writeFileSync(day(2), good.replace(/"sessionId":\d+/, '"sessionId":"12x"'));
    // The fourth day comes later.
    renameSync(day(4), join(checkout.folder, 'fourth-day.json'));
    serving = checkout.begin('start', '--source', checkout.bucket, '--serve');
    await serving.said(/Serving on/);
  });
  afterAll(async () => {
    await serving?.interrupt();
    checkout.remove();
  });

  it('tell the runs, and the whole story of one by the beginning of its id', async () => {
    const [run, ...others] = await json<readonly Run[]>('runs');
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'deploy', files: 33, rejected_rows: 1 });
    expect(await output('runs', '--failed')).toContain('No run has failed.');
    const story = await output('run', String(run?.run_id).slice(0, 9));
    expect(story).toContain('a deploy of Sparkify-local, by CloudFormation');
    expect(story).toMatch(/events\s+3 files, .*\n\s+songs\s+30 files/);
    expect(story).toMatch(/Rejected rows: 1\n[\s\S]*2018-11-02-events\.json[\s\S]*12x/);
    expect(story).toContain(`sparkify rejects --run ${run?.run_id}`);
    const unknown = await sparkify('run', `${run?.run_id}x`);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(`The closest is ${run?.run_id}.`);
  });

  it('tell the rejected rows, also as CSV', async () => {
    const [head, row, ...rest] = (await output('rejects', '--format', 'csv')).trimEnd().split('\n');
    expect(head).toBe('source,file_url,line_number,column_name,value,error_code,reason');
    expect(row).toMatch(/^events,s3:\/\/.*2018-11-02-events\.json,\d+,sessionid,12x,/);
    expect(rest).toEqual([]);
  });

  it('tell the ledger: all of it for programs, a page for people, and what waits', async () => {
    expect((await output('files', '--format', 'csv')).trimEnd().split('\n')).toHaveLength(34);
    const page = await sparkify('files', '--limit', '2', '--source', 'events');
    expect(page.stdout.match(/log_data/g)).toHaveLength(2);
    expect(page.stderr).toMatch(/1 more, from: --after '.*2018-11-02-events\.json'/);
    expect(await json('files', '2018-11-03', '--run', 'last')).toEqual([
      expect.objectContaining({ url: expect.stringMatching(/2018-11-03-events\.json$/), source: 'events' }),
    ]);
    renameSync(join(checkout.folder, 'fourth-day.json'), day(4));
    expect(await json('files', '--new')).toEqual([
      { url: expect.stringMatching(/2018-11-04/), bytes: expect.any(Number) },
    ]);
  });

  it('leave a load that is interrupted to Lambda, where it goes on to its end', async () => {
    const loading = checkout.begin('load', '--name', 'fourth-day');
    await loading.said(/Run operator-fourth-day has begun/);
    const interrupted = loading.said(/sparkify cancel operator-fourth-day/);
    expect(await loading.interrupt()).toBe(130);
    await interrupted;
    // The same name is the same run: this waits for it.
    expect(await json<readonly Run[]>('load', '--name', 'fourth-day')).toMatchObject([
      { run_id: 'operator-fourth-day', status: 'succeeded', files: 1 },
    ]);
    expect(await json<readonly Run[]>('runs', '--last', '1')).toMatchObject([{ run_id: 'operator-fourth-day' }]);
    expect((await sparkify('cancel', 'operator-fourth-day')).stderr).toContain('is not on its way');
  });

  it('cancel what a stopped run has left running in the warehouse, and nothing of another run', async () => {
    const aws = await ensureLocalAws({ home: checkout.home });
    const target = await openTarget(await localPlace(aws, 'local'));
    const client = new RedshiftDataClient(target.options);
    const { ClusterIdentifier, Database, DatabaseUser: DbUser } = target.outputs;
    // Billions of rows: it ends only because it is cancelled.
    const Sql = 'select count(*) from songs a, songs b, songs c, songs d, songs e, songs f, songs g';
    const begin = async (StatementName: string) =>
      (await client.send(new ExecuteStatementCommand({ ClusterIdentifier, Database, DbUser, Sql, StatementName }))).Id;
    const own = await begin('sparkify-local-operator-x-load');
    const other = await begin('sparkify-local-operator-x-load-load');
    const isOwn = (name: string) => isStatementOf('local', 'operator-x', name);
    try {
      expect(await target.warehouse.cancelStatements('sparkify-local-operator-x-', isOwn)).toBe(1);
      const status = async (Id: string | undefined) =>
        (await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 1 }))).Status;
      expect(await status(own)).toBe('ABORTED');
      expect(await status(other)).toBe('STARTED');
    } finally {
      await target.warehouse.cancelStatements('sparkify-local-operator-x-', () => true);
      client.destroy();
      target.close();
    }
  });

  it('say which loaded files are gone', async () => {
    renameSync(day(3), join(checkout.folder, 'third-day.json'));
    expect(await json('files', '--gone')).toEqual([{ url: expect.stringMatching(/2018-11-03/) }]);
    renameSync(join(checkout.folder, 'third-day.json'), day(3));
  });

  it('show what the function has written of a run, and follow it', async () => {
    const lines = (await output('logs', '--run', 'fourth-day', '--format', 'json')).trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { run: string; message: string });
    expect(new Set(events.map(({ run }) => run))).toEqual(new Set(['operator-fourth-day']));
    expect(events.map(({ message }) => message)).toContain('step load');
    expect(events.at(-1)?.message).toBe('metrics');
    expect((await sparkify('logs', '--run', 'last', '--as-operator')).exitCode).toBe(0);
    const following = checkout.begin('logs', '--follow');
    await following.printed(/operator-fourth-day/);
    await output('tick');
    await following.printed(/info {2}schedule-\S+ metrics/);
    expect(await following.interrupt()).toBe(0);
  });

  it('print where the report lies where no browser can be opened', async () => {
    const end = await sparkify('open', '--no-write');
    expect(end.stdout).toBe(`${join(checkout.home, 'report.html')}\n`);
    expect(end.stderr).toContain('Not opened, for there is no terminal');
  });

  it('say why not, and what instead, where AWS is not as it must be', async () => {
    const tick = await sparkify('tick', '--env', 'dev');
    expect([tick.exitCode, tick.stderr]).toEqual([2, expect.stringContaining('sparkify load --env dev')]);
    const never = await sparkify('status', '--env', 'dev', '--here');
    expect([never.exitCode, never.stderr]).toEqual([3, expect.stringContaining('sparkify deploy --env dev --here')]);
    const profile = await sparkify('runs', '--env', 'dev', '--profile', 'nobody-has-this');
    expect([profile.exitCode, profile.stderr]).toEqual([
      7,
      expect.stringContaining('There is no profile nobody-has-this'),
    ]);
    const aws = await ensureLocalAws({ home: checkout.home });
    const strangers = { ...aws.environment, AWS_ACCESS_KEY_ID: 'AKIASTRANGER00000000', AWS_SECRET_ACCESS_KEY: 'x' };
    const keys = await asOn(strangers, 'runs', '--env', 'dev');
    expect([keys.exitCode, keys.stderr]).toEqual([
      7,
      expect.stringMatching(/AWS does not know these credentials \(profile default, region us-west-2/),
    ]);
    expect(`${profile.stderr}${keys.stderr}`).not.toMatch(/^ +at /m);
  });

  it('deploy nothing where nothing has changed, and not another plan than was expected', async () => {
    expect(await json('deploy')).toMatchObject({
      environment: 'local',
      deployed: false,
      lastRun: { status: 'succeeded' },
    });
    const other = await sparkify('deploy', '--expect', 'another');
    expect([other.exitCode, other.stderr]).toEqual([5, expect.stringContaining('not another')]);
  });

  it('deploy another environment here, when somebody says yes, and work in it', async () => {
    expect(await ill()).toEqual(['account: npx sparkify deploy --env dev --here --yes']);
    const asked = await sparkify('deploy', '--env', 'dev', '--here');
    expect(asked.exitCode).toBe(6);
    expect(asked.stderr).toContain('Plan for dev (Sparkify-dev): the first deploy');
    change(
      'lib/config/dev.yaml',
      'terminationProtection: false',
      'terminationProtection: false\nrejects:\n  events: 3',
    );
    const deployed = await json<{ tables: readonly { table: string; rows: number }[] }>(
      'deploy',
      '--env',
      'dev',
      '--here',
      '--yes',
    );
    expect(deployed).toMatchObject({ deployed: true, lastRun: { files: 34, rejected_rows: 1 } });
    const rows = await checkout.rows<{ n: number }>('select count(*) as n from songplays');
    expect(deployed.tables.find(({ table }) => table === 'songplays')?.rows).toBe(rows[0]?.n);
    expect(await json<readonly Run[]>('tick', '--env', 'dev', '--here')).toMatchObject([
      { trigger: 'schedule', files: 0 },
    ]);
    expect(await json<readonly Run[]>('runs', '--env', 'dev', '--here')).toHaveLength(2);
    expect(await ill()).toEqual(['rejects: npx sparkify status --env dev --here --rejects']);
  });

  it('work on AWS with the credentials of the environment, as the AWS tools have them', async () => {
    const aws = await ensureLocalAws({ home: checkout.home });
    const account = await aws.environmentOf(DEV);
    const on = async <T>(...args: readonly string[]) =>
      JSON.parse(outputOf(await asOn(account, ...args, '--env', 'dev', '--format', 'json'), args)) as T;
    expect(await on<readonly Run[]>('load', '--name', 'from-afar')).toMatchObject([
      { run_id: 'operator-from-afar', files: 0 },
    ]);
    expect(await on<readonly Run[]>('runs')).toHaveLength(3);
    expect(await on('deploy', '--yes')).toMatchObject({ environment: 'dev', deployed: false });
    expect((await asOn(account, 'logs', '--env', 'dev', '--run', 'last')).stdout).toContain('operator-from-afar');
    // Nobody is named as dev's operator: the role asks for a session with MFA.
    const operator = await asOn(account, 'runs', '--env', 'dev', '--as-operator');
    expect([operator.exitCode, operator.stderr]).toEqual([
      7,
      expect.stringMatching(/AWS refuses this .*sts:AssumeRole/),
    ]);
  });

  /** What the doctor finds in dev on this machine, and the command that mends it. */
  async function ill(): Promise<readonly string[]> {
    const { stdout } = await sparkify('doctor', '--env', 'dev', '--here', '--format', 'json');
    return (JSON.parse(stdout) as readonly Finding[])
      .filter(({ area, verdict }) => area !== 'machine' && (verdict === 'warn' || verdict === 'fail'))
      .map(({ check, mend }) => `${check}: ${mend}`);
  }

  /** A command of somebody whose environment variables are these, and who says nothing of this machine. */
  function asOn(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandEnd> {
    return checkout.run(SPARKIFY, args, variables);
  }
});

function outputOf({ exitCode, stdout, stderr }: CommandEnd, args: readonly string[]): string {
  if (exitCode !== 0) throw new Error(`sparkify ${args.join(' ')} ended with ${exitCode}: ${stderr.slice(-3_000)}`);
  return stdout;
}
