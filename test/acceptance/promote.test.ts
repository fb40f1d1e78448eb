import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTarget, optionsFrom } from '../../cli/target';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws } from '../../local/client';
import { Checkout, type CommandEnd } from '../support/checkout';
import { referenceStar } from '../support/reference-star';

interface Summary {
  readonly assembly: string;
  readonly stages: readonly {
    readonly environment: string;
    readonly songplays: number;
    readonly plan: { readonly hash: string; readonly first: boolean; readonly infrastructure: readonly object[] };
    readonly lastRun: { readonly run_id: string; readonly status: string };
  }[];
}

const STAGING = '222222222222';

/** One story in order: staging fails, prod waits for a yes, all three are deployed, staging's data goes wrong. */
describe('A promotion on one machine', () => {
  const checkout = new Checkout();
  const log = join(checkout.bucket, 'log_data/2018/11/2018-11-02-events.json');
  const promote = (...more: string[]) =>
    checkout.sparkify('promote', '--source', checkout.bucket, '--format', 'json', ...more);
  const change = (file: string, from: string, to: string) => {
    const whole = readFileSync(join(checkout.folder, file), 'utf8');
    expect(whole).toContain(from);
    writeFileSync(join(checkout.folder, file), whole.replace(from, to));
  };
  const summaryOf = (end: CommandEnd): Summary => {
    if (end.exitCode !== 0) throw new Error(`exit code ${end.exitCode}: ${end.stderr.slice(-3_000)}`);
    return JSON.parse(end.stdout) as Summary;
  };
  const check = async (env: string) => (await checkout.sparkify('check', '--env', env, '--here')).exitCode;
  let good: string;
  let deployed: Summary;

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 4, songs: 30, events: 200, users: 8, days: 2 });
    good = readFileSync(log, 'utf8');
  });
  afterAll(() => checkout.remove());

  it('stops where staging fails, and leaves prod untouched', async () => {
    writeFileSync(log, good.replace(/"sessionId":\d+/, '"sessionId":"12x"'));
    change('lib/config/dev.yaml', 'budgetUsd: 350', 'budgetUsd: 350\nrejects: { songs: 0, events: 3 }');
    const end = await promote('--yes');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('cdk deploy Sparkify-staging ended with exit code 1');
    expect(end.stderr).toMatch(/sessionid/i);
    expect(end.stderr).not.toContain('Sparkify-prod:');
    expect(await check('dev')).toBe(0);
    expect(await check('prod')).toBe(3);
  });

  it('waits for a yes before prod, with the plan to read', async () => {
    writeFileSync(log, good);
    const end = await promote();
    expect(end.exitCode).toBe(6);
    expect(end.stderr).toContain('Plan for prod (Sparkify-prod): the first deploy');
    expect(end.stderr).toContain('migrations are pending');
    expect(await check('staging')).toBe(0);
    expect(await check('prod')).toBe(3);
  });

  it('takes one assembly to all three, each with a warehouse of its own', async () => {
    deployed = summaryOf(await promote('--yes'));
    expect(deployed.stages.map(({ environment }) => environment)).toEqual(['dev', 'staging', 'prod']);
    const manifest = readFileSync(join(checkout.home, 'promote/cdk.out/manifest.json'));
    expect(deployed.assembly).toBe(createHash('sha256').update(manifest).digest('hex'));
    const { songplays } = referenceStar(checkout.bucket);
    // Nothing was deployed to dev: the row that it left out comes with the mended file at night.
    expect(deployed.stages.map((stage) => stage.songplays)).toEqual([songplays - 1, songplays, songplays]);
    expect(new Set(deployed.stages.map(({ lastRun }) => lastRun.run_id)).size).toBe(3);
  });

  it('changes nothing when nothing has changed, and needs no yes for it', async () => {
    const again = summaryOf(await promote());
    expect(again.stages.map(({ plan }) => plan.infrastructure)).toEqual([[], [], []]);
    const runs = ({ stages }: Summary) => stages.map(({ lastRun }) => lastRun.run_id);
    expect(runs(again)).toEqual(runs(deployed));
    expect(again.assembly).toBe(deployed.assembly);
  });

  it('stops where a check fails in staging, and prod stays as it was', async () => {
    const aws = await ensureLocalAws({ home: checkout.home });
    try {
      const options = optionsFrom(await aws.environmentOf(STAGING));
      const staging = await openTarget({ environment: 'staging', stackName: 'Sparkify-staging', options });
      await staging.warehouse.query(
        'update songplays set item_in_session = -1 where songplay_id in (select min(songplay_id) from songplays)',
      );
      staging.close();
    } finally {
      await aws.stop();
    }
    change('lib/config/prod.yaml', 'budgetUsd: 2000', 'budgetUsd: 2100');
    const end = await promote('--yes');
    expect(end.exitCode).toBe(4);
    expect(end.stderr).toMatch(/The checks in staging failed: .*item_in_session_range: 1 row,/);
    expect(end.stderr).toContain('prod is left as before');
    const plan = await checkout.sparkify('plan', '--env', 'prod', '--here', '--format', 'json');
    expect(plan.exitCode).toBe(0);
    expect((JSON.parse(plan.stdout) as { infrastructure: object[] }).infrastructure).toMatchObject([
      { type: 'AWS::Budgets::Budget' },
    ]);
  });

  it('is bound to the plan by -c plan: what was not planned is not synthesized', async () => {
    const plan = await checkout.sparkify('plan', '--env', 'prod', '--here', '--format', 'json');
    const { hash } = JSON.parse(plan.stdout) as { hash: string };
    const expected = ['plan', '--env', 'prod', '--here', '--expect', hash];
    expect((await checkout.sparkify(...expected)).exitCode).toBe(0);
    change('lib/config/prod.yaml', 'budgetUsd: 2100', 'budgetUsd: 2200');
    const other = await checkout.sparkify(...expected);
    expect(other.exitCode).toBe(5);
    expect(other.stderr).toContain('has changed');
  });
});
