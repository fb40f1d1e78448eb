import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStatementCommand, ExecuteStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import {
  ListUsageLimitsCommand,
  ListWorkgroupsCommand,
  RedshiftServerlessClient,
} from '@aws-sdk/client-redshift-serverless';
import { optionsFrom } from '../../cli/target';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws } from '../../local/client';
import { Checkout, type CommandEnd } from '../support/checkout';
import { referenceStar } from '../support/reference-star';

/** One story in order: deployed, used, limited otherwise, with a bad row, changed for a cluster and back, destroyed. */
describe('A serverless warehouse on one machine', () => {
  const checkout = new Checkout();
  const start = (...more: string[]) =>
    checkout.sparkify('start', '--source', checkout.bucket, '--format', 'json', ...more);
  const done = (end: CommandEnd): CommandEnd => {
    if (end.exitCode !== 0) throw new Error(`exit code ${end.exitCode}: ${end.stderr.slice(-3_000)}`);
    return end;
  };
  const plays = async (...more: string[]) => {
    const end = done(
      await checkout.sparkify('query', 'select count(*) as plays from songplays', '--format', 'json', ...more),
    );
    return (JSON.parse(end.stdout) as { plays: number }[])[0]?.plays;
  };
  const change = (file: string, from: string, to: string) => {
    const whole = readFileSync(join(checkout.folder, file), 'utf8');
    expect(whole).toContain(from);
    writeFileSync(join(checkout.folder, file), whole.replace(from, to));
  };
  async function withAws<T>(work: (options: ReturnType<typeof optionsFrom>) => Promise<T>): Promise<T> {
    const aws = await ensureLocalAws({ home: checkout.home });
    try {
      return await work(optionsFrom(aws.environment));
    } finally {
      await aws.stop();
    }
  }
  const limits = () =>
    withAws(async (options) => {
      const client = new RedshiftServerlessClient(options);
      const { workgroups } = await client.send(new ListWorkgroupsCommand({}));
      const { usageLimits } = await client.send(
        new ListUsageLimitsCommand({ resourceArn: workgroups?.[0]?.workgroupArn }),
      );
      client.destroy();
      return usageLimits?.map(({ period, amount, breachAction }) => `${period} ${breachAction} ${amount}`);
    });
  let expected: number;

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 6, songs: 30, events: 200, users: 8, days: 2 });
    expected = referenceStar(checkout.bucket).songplays;
  });
  afterAll(() => checkout.remove());

  it('is deployed, limited and loaded by the same app', async () => {
    const { outputs } = JSON.parse(done(await start('--warehouse', 'serverless')).stdout) as { outputs: object };
    expect(outputs).toMatchObject({ WorkgroupName: 'sparkify-local' });
    expect(await plays()).toBe(expected);
    expect(await limits()).toEqual(['daily deactivate 24']);
  });

  it('is found by every command, by analysts too', async () => {
    expect(await plays('--as', 'analyst')).toBe(expected);
    const refused = await checkout.sparkify('query', 'delete from songplays', '--as', 'analyst');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('permission denied')]);
    for (const args of [
      ['tick'],
      ['load'],
      ['status'],
      ['check'],
      ['check', '--as-operator'],
      ['plan', '--as-operator'],
      ['plan'],
      ['load', '--dry-run'],
      ['iam-report', '--check'],
    ]) {
      const { exitCode, stderr } = await checkout.sparkify(...args);
      expect({ args, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ args, exitCode: 0, stderr: '' });
    }
  });

  it('takes statements by its name, as the admin by the name of its secret, and as nobody else', async () => {
    await withAws(async (options) => {
      const client = new RedshiftDataClient(options);
      const who = async (more: object) => {
        const Sql = 'select current_user';
        const { Id } = await client.send(
          new ExecuteStatementCommand({ WorkgroupName: 'sparkify-local', Database: 'sparkify', Sql, ...more }),
        );
        const statement = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 20 }));
        return [statement.Status, statement.DbUser, statement.WorkgroupName];
      };
      expect(await who({ SecretArn: 'redshift!sparkify-local-sparkify_admin' })).toEqual([
        'FINISHED',
        'sparkify_admin',
        'sparkify-local',
      ]);
      expect(await who({})).toEqual(['FINISHED', 'IAM:operator', 'sparkify-local']);
      await expect(who({ SecretArn: 'redshift!another-admin' })).rejects.toThrow('does not exist');
      await expect(who({ DbUser: 'sparkify_admin' })).rejects.toThrow('DbUser is for clusters');
      client.destroy();
    });
  });

  it('leaves bad rows out where that is allowed, with their reason, and changes its limits', async () => {
    change('lib/config/local.ts', '...COMMON,\n', '...COMMON,\n  rejects: { songs: 3, events: 3 },\n');
    change(
      'lib/config/local.ts',
      "{ period: 'daily', rpuHours: 24, breach: 'deactivate' }",
      "{ period: 'weekly', rpuHours: 99, breach: 'log' }",
    );
    const log = join(checkout.bucket, 'log_data/2018/11/2018-11-02-events.json');
    const lines = readFileSync(log, 'utf8').split('\n');
    writeFileSync(
      join(checkout.bucket, 'log_data/2018/11/2018-11-05-events.json'),
      `${lines[0]?.replace(/"sessionId":\d+/, '"sessionId":"12x"')}\n`,
    );
    done(await start());
    done(await checkout.sparkify('load'));
    expect(await limits()).toEqual(['weekly log 99']);
    expect(await plays()).toBe(expected);
    const rejects = await checkout.rows<object>(
      'select source, line_number, column_name, error_code, reason from etl.rejects',
    );
    expect(rejects).toEqual([
      {
        source: 'events',
        line_number: 1,
        column_name: 'sessionid',
        error_code: 1207,
        reason: expect.stringContaining('Invalid digit'),
      },
    ]);
  });

  it('gives way to a cluster, which the same deploy loads, and comes back empty-handed and is loaded', async () => {
    done(await start('--warehouse', 'provisioned'));
    expect(await plays()).toBe(expected);
    expect(
      await withAws((options) => new RedshiftServerlessClient(options).send(new ListWorkgroupsCommand({}))),
    ).toMatchObject({ workgroups: [] });
    done(await start('--warehouse', 'serverless'));
    expect(await plays()).toBe(expected);
  });

  it('is destroyed', async () => {
    done(await checkout.sparkify('destroy'));
    expect((await checkout.sparkify('status')).exitCode).toBe(3);
  });
});
