import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { advance } from '../../lambda/advance';
import { readConfig } from '../../lambda/config';
import { handle } from '../../lambda/handler';
import { Performer } from '../../lambda/perform';
import { newRun } from '../../lambda/state';
import { dataApiTarget } from '../../lambda/target';
import { Warehouse } from '../../lambda/warehouse';
import { readSqlTree } from '../../statements/tree';
import type { FakeWorld } from './fake-world';
import { ENVIRONMENT, loadedWorld, REQUEST } from './loaded-world';

const thrown = (name: string, message: string, status = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
const denied = thrown('AccessDeniedException', 'not authorized');
const run = (fake: FakeWorld, event: object = REQUEST) => handle(event, fake.context(), fake.world(ENVIRONMENT));
const named = (fake: FakeWorld, step: string) => fake.statements.filter(({ name }) => name.endsWith(`-${step}`));
const isLoad = ({ StatementName }: Readonly<Record<string, unknown>>): boolean =>
  String(StatementName).endsWith('-load');

/** The context of an execution that keeps its steps; its process dies before it writes down its first look. */
function crashing(fake: FakeWorld, steps: Map<string, unknown>, crash: boolean): DurableContext {
  const whole = fake.context();
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (!steps.has(name)) steps.set(name, await work());
    return steps.get(name) as T;
  };
  type Check = (state: unknown) => Promise<unknown>;
  const dying = async (_name: string, check: Check, config: { readonly initialState: unknown }): Promise<unknown> => {
    await check(config.initialState);
    throw new Error('SIGKILL');
  };
  return { ...whole, step, ...(crash && { waitForCondition: dying }) } as unknown as DurableContext;
}

describe('a process that dies before it has written down its first look', () => {
  it('sends every statement again under the token of the first time', async () => {
    const fake = loadedWorld();
    const steps = new Map<string, unknown>();
    await expect(handle(REQUEST, crashing(fake, steps, true), fake.world(ENVIRONMENT))).rejects.toThrow('SIGKILL');
    const before = fake.statements.map(({ name }) => name);
    expect(before.filter((name) => name.endsWith('-load'))).toHaveLength(1);
    fake.now += 90_000;
    const result = await handle(REQUEST, crashing(fake, steps, false), fake.world(ENVIRONMENT));
    expect(result.outcome).toBe('succeeded');
    // Maintenance writes down how long the steps took, as the second process has measured it.
    const again = fake.statements.slice(before.length).map(({ name }) => name);
    expect(again.filter((name) => !name.endsWith('-maintain'))).toEqual([]);
  });
});

describe('a run is not told to have failed while what it has sent may commit', () => {
  it('but cancels a load whose answer was lost', async () => {
    const fake = loadedWorld();
    fake.endless = 'load';
    fake.lostAnswers.set('BatchExecuteStatement', { error: denied, of: isLoad });
    expect((await run(fake)).outcome).toBe('failed');
    expect(named(fake, 'load').map(({ status }) => status)).toEqual(['ABORTED']);
    expect(fake.answers[0]?.reason).toMatch(/AccessDeniedException: not authorized\. Give/);
  });

  it('but succeeds where a load whose answer was lost has committed, and says so', async () => {
    const fake = loadedWorld();
    fake.lostAnswers.set('BatchExecuteStatement', { error: denied, of: isLoad });
    const { outcome, reason } = await run(fake);
    expect(outcome).toBe('succeeded');
    expect(reason).toMatch(/has loaded: statement s\d+ had committed, though .*not authorized/);
    expect(fake.answers[0]).toMatchObject({ succeeded: true, data: { Songplays: '3' } });
    expect(named(fake, 'record-failure')).toEqual([]);
    expect(named(fake, 'maintain')).toHaveLength(1);
  });

  it('nor for numbers that it cannot read after its load has committed', async () => {
    const fake = loadedWorld();
    const results = fake.results['run/finish/050_counts.sql'];
    Object.defineProperty(fake.results, 'run/finish/050_counts.sql', {
      get: () => {
        if (fake.filesOf('maintain').length === 0) throw denied;
        return results;
      },
    });
    expect((await run(fake)).outcome).toBe('succeeded');
    expect(named(fake, 'record-failure')).toEqual([]);
  });

  it('but waits for the end of what it cancels, until its deadline at most, and says what nobody knows', async () => {
    const fake = loadedWorld();
    const begin = fake.now;
    fake.endless = 'load';
    fake.deaf = true;
    fake.lostAnswers.set('BatchExecuteStatement', { error: denied, of: isLoad });
    expect((await run(fake)).outcome).toBe('failed');
    expect(fake.answers[0]?.reason).toMatch(
      /not authorized; what this run has sent may still commit: statement sparkify-dev-deploy-\w+-load \(s\d+\) was cancelled/,
    );
    expect(fake.now - begin).toBeLessThan(3_420_000);
    expect(named(fake, 'record-failure')).toHaveLength(1);
  });

  it('but says so where it cannot look', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'load/055_songplays.sql', error: 'relation "songplays" does not exist' };
    fake.trouble.set('ListStatements', [denied]);
    await run(fake);
    expect(fake.answers[0]?.reason).toMatch(/does not exist; what this run has sent may still commit: cancel failed: /);
  });

  it('and lets the statements of a run alone whose name only begins like its own', async () => {
    const fake = loadedWorld();
    fake.endless = 'load';
    fake.trouble.set('ListObjectsV2', [denied]);
    const other = { sqls: [], token: 't', parameters: undefined, createdAt: fake.now, status: 'STARTED' as const };
    fake.statements.push({ ...other, id: 'other', name: 'sparkify-dev-operator-x-load-load' });
    fake.statements.push({ ...other, id: 'own', name: 'sparkify-dev-operator-x-load' });
    await expect(run(fake, { trigger: 'operator', run: 'x' })).rejects.toThrow('not authorized');
    const status = (id: string) => fake.statements.find((each) => each.id === id)?.status;
    expect([status('other'), status('own')]).toEqual(['STARTED', 'ABORTED']);
  });

  it('and takes no load of another time for its own', async () => {
    const fake = loadedWorld();
    fake.trouble.set('ListObjectsV2', [denied]);
    const sqls = named(await loadedOnce(), 'load').flatMap((each) => each.sqls);
    const old = { sqls, token: 't', parameters: undefined, createdAt: fake.now - 3_600_000 };
    fake.statements.push({ ...old, id: 'old', name: 'sparkify-dev-operator-x-load' });
    await expect(run(fake, { trigger: 'operator', run: 'x' })).rejects.toThrow('not authorized');
  });
});

async function loadedOnce(): Promise<FakeWorld> {
  const fake = loadedWorld();
  await run(fake);
  return fake;
}

describe('five seconds after the state was written down no statement is started', () => {
  /** When each was started, in seconds after its look began. */
  function watched(fake: FakeWorld): readonly number[] {
    const starts: number[] = [];
    let begun = fake.now;
    const push = fake.statements.push.bind(fake.statements);
    fake.statements.push = (...added) => {
      starts.push((fake.now - begun) / 1000);
      return push(...added);
    };
    const context = fake.context.bind(fake);
    fake.context = () => {
      const whole = context();
      const waitForCondition: typeof whole.waitForCondition = ((name: string, check: never, config: never) =>
        whole.waitForCondition(
          name,
          ((state: never, other: never) => {
            begun = fake.now;
            return (check as (one: never, two: never) => Promise<never>)(state, other);
          }) as never,
          config,
        )) as never;
      return { ...whole, waitForCondition } as DurableContext;
    };
    return starts;
  }

  it('not the second of a COPY that is explained', async () => {
    const fake = loadedWorld();
    fake.slowness = 6_000;
    fake.fails = {
      file: 'load/031_copy_events.sql',
      error: "Load into table 'staging_events' failed.  Check 'stl_load_errors' system table for details.",
    };
    const starts = watched(fake);
    await run(fake);
    expect(named(fake, 'explain')).toHaveLength(2);
    expect(Math.max(...starts)).toBeLessThanOrEqual(5);
  });

  it('nor the lookup of a dry run', async () => {
    const fake = loadedWorld();
    fake.slowness = 6_000;
    const starts = watched(fake);
    await run(fake, { trigger: 'operator', run: 'x', dryRun: true });
    expect(named(fake, 'applied')).toHaveLength(1);
    expect(Math.max(...starts)).toBeLessThanOrEqual(5);
  });

  it('nor migrations, where another process first has to look up which are applied', async () => {
    const fake = loadedWorld();
    fake.slowness = 6_000;
    const applied = fake.results['run/prepare/030_applied.sql'] ?? [];
    fake.results.applied = applied.slice(0, -1);
    const begun = newRun({ runId: 'operator-x', trigger: 'operator', mode: 'incremental' }, fake.now, 3300);
    const migrate = () => {
      const action = { do: 'submit', step: 'migrate' } as const;
      return performer(fake).perform(action, { ...begun, phase: 'migrate' }, fake.now + 5_000);
    };
    expect(await migrate()).toBe('stale');
    expect(fake.statements.map(({ name }) => name)).toEqual(['sparkify-dev-operator-x-applied']);
    expect(await migrate()).toMatchObject({ got: 'submitted' });
    expect([named(fake, 'applied').length, named(fake, 'migrate').length]).toEqual([1, 1]);
  });
});

describe('a process that finds its migrations applied when it comes to send them', () => {
  // Another run has done it, or this run in a process that died before it heard of it.
  it('sends none of them, and goes on behind them', async () => {
    const fake = loadedWorld();
    fake.results.applied = fake.results['run/prepare/030_applied.sql'] ?? [];
    const begun = newRun({ runId: 'operator-x', trigger: 'operator', mode: 'incremental' }, fake.now, 3300);
    const action = { do: 'submit', step: 'migrate' } as const;
    const state = { ...begun, phase: 'migrate' } as const;
    const happened = await performer(fake).perform(action, state, fake.now + 5_000);
    if (happened === 'stale') throw new Error('the state was fresh');
    expect(advance(state, { ...happened, at: fake.now }).action).toEqual({ do: 'submit', step: 'access' });
    expect(named(fake, 'migrate')).toEqual([]);
  });
});

function performer(fake: FakeWorld): Performer {
  const { now, redshiftData, s3, sqlRoot } = fake.world(ENVIRONMENT);
  const config = readConfig(ENVIRONMENT);
  return new Performer({
    config,
    sql: readSqlTree(sqlRoot),
    warehouse: new Warehouse(redshiftData(), (identity) => dataApiTarget(config, identity)),
    sourceS3: s3(),
    workS3: s3(),
    now,
    log: () => undefined,
  });
}
