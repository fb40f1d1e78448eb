import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { MUTANTS } from '../../simulation/mutants';
import { type Plan, planOf } from '../../simulation/plan';
import { type Mutant, simulate } from '../../simulation/simulate';
import { shrink, sweep } from '../../simulation/sweep';
import { VirtualTime } from '../../simulation/virtual-time';

/** The first seed that found each mutant, as docs/reliability.md tells: the search begins there. */
const FOUND_BY: Readonly<Record<string, number>> = {
  'a client token of its own for every call': 16,
  'the ledger outside of the transaction': 1,
  'the fence lets every load pass': 49,
  'loads without the lock': 3,
  'overwritten files taken for known': 10,
  'manifests named by the run only': 62,
  'a deadline of a day': 52,
  'errors thrown inside the wait': 11,
  'an answer to CloudFormation tried once only': 86,
  'the record of the last deploy not read': 64,
  'a Delete that cancels no statement': 12,
  'a Delete that stops no run': 12,
  'a Delete that is throttled goes on at once': 14,
  'a Delete that does not wait for what it stopped': 136,
  'other SQL of the load taken for the same': 8,
  'other sources taken for the same': 1,
  'a run that found nothing counts as the last load': 3696,
  'an older version loads after a newer one': 35,
  'an edited migration not noticed': 35,
  'the days of a run not looked at': 32,
  'a rebuild limited to the days of its run': 32,
  'a dry run that goes on': 31,
  'parts of a large listing under one name': 13,
  'rejected rows not kept': 41,
  'a failed run that does not look for what it has sent': 778,
  'a load that works as the admin': 0,
  'a loader that nobody has given its role': 0,
};

describe('the simulation', () => {
  it('finds no schedule of 50 in which an invariant breaks (npm run simulate plays 10,000)', async () => {
    expect(await sweep(0, 50)).toBeUndefined();
  });

  it('plays a seed the same way each time', async () => {
    const traces = [await simulate(planOf(5), undefined, true), await simulate(planOf(5), undefined, true)];
    expect(traces[0]?.trace.length).toBeGreaterThan(20);
    expect(traces[0]).toEqual(traces[1]);
  });

  it('keeps the time of what happens, and the order of what happens at the same time', async () => {
    const time = new VirtualTime(0);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} at ${time.now}`);
    time.after(20, note('late'));
    time.after(10, note('first'));
    time.after(10, note('second'));
    expect(await time.run(10)).toBe(true);
    expect(seen).toEqual(['first at 10', 'second at 10', 'late at 20']);
  });
});

describe('what the simulation has found before', () => {
  const calm: Plan = {
    seed: 7,
    files: 2,
    spooled: false,
    happenings: [],
    requestFaults: [],
    statementFaults: [],
    brownouts: [],
    pauses: [],
  };

  it('stays mended: a deploy whose record cannot be read or kept is answered all the same', async () => {
    const happenings = [{ at: 300, deed: 'deploy', pick: 0 }] as const;
    for (const from of [0, 10, 20, 40, 60, 80, 300, 302, 320, 340]) {
      const brownouts = [{ service: 's3', from, seconds: 290 }] as const;
      expect((await simulate({ ...calm, happenings, brownouts })).broken).toEqual([]);
    }
  });

  it('stays mended: a Delete that is throttled stops everything in the end', async () => {
    for (let at = 1; at < 30; at += 2) {
      const happenings = [{ at, deed: 'remove stack', pick: 0 }] as const;
      const brownouts = (['lambda', 'redshift-data'] as const).map((service) => ({ service, from: at, seconds: 60 }));
      expect((await simulate({ ...calm, happenings, brownouts })).broken).toEqual([]);
    }
  });
});

describe('what is rarer than 10,000 schedules show', () => {
  const calm: Plan = {
    seed: 7,
    files: 3,
    spooled: false,
    happenings: [{ at: 2, deed: 'remove stack', pick: 0 }],
    requestFaults: [],
    statementFaults: [],
    brownouts: [],
    pauses: [],
  };
  /** A Delete that does not write down how many runs there are before it stops them. */
  const forgetful: Mutant = {
    name: 'forgetful',
    wrapContext: (context) => {
      const plain = context.step as unknown as (name: string, work: () => unknown, options: unknown) => unknown;
      const step = (name: string, work: () => unknown, options: unknown): unknown =>
        plain(name, name === 'look for runs' ? async () => 0 : work, options);
      return { ...context, step } as unknown as DurableContext;
    },
  };
  const throttledOnce = async (mutant?: Mutant): Promise<readonly string[]> => {
    const broken: string[] = [];
    for (let seed = 0; seed < 3; seed += 1)
      for (let nth = 5; nth < 20; nth += 1) {
        const requestFaults = [{ nth, fault: 'throttle' }] as const;
        broken.push(...(await simulate({ ...calm, seed, requestFaults }, mutant)).broken);
      }
    return broken;
  };

  it('a Delete waits for what stopped runs still start, also when its first attempt was throttled', async () => {
    expect(await throttledOnce(forgetful)).not.toEqual([]);
    expect(await throttledOnce()).toEqual([]);
  });
});

describe('a guard that is switched off', () => {
  it.each(MUTANTS)('is missed: $name', async (mutant) => {
    expect(await sweep(FOUND_BY[mutant.name] ?? 0, 400, mutant)).toBeDefined();
  });

  it('gives a schedule that shrinks and still fails', async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'the ledger outside of the transaction');
    const found = await sweep(0, 50, mutant);
    const smallest = await shrink(found?.seed ?? 0, mutant);
    expect(smallest.broken).not.toEqual([]);
    const planned = planOf(found?.seed ?? 0);
    expect(JSON.stringify(smallest.plan).length).toBeLessThan(JSON.stringify(planned).length);
  });
});
