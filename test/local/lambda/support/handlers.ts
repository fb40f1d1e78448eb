/** Functions that the tests deploy; each is one export of one bundle. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';

let calls = 0;

export const echo = async (event: unknown) => ({ echoed: event });
export const count = async () => ++calls;
export const environment = async () => ({ variables: process.env, cwd: process.cwd() });
export const context = async (_event: unknown, { getRemainingTimeInMillis, ...rest }: Context) => ({
  ...rest,
  remaining: getRemainingTimeInMillis(),
});
export const talk = async () => {
  console.log('first %s', 'line');
  console.error('second line');
  return 'said';
};
export const fail = async () => {
  throw new RangeError('out of range');
};
export const callback = (event: { fail?: boolean }, _context: Context, done: (e?: Error | null, r?: string) => void) =>
  event.fail ? done(new Error('by callback')) : done(null, 'by callback');
export const sleep = () => new Promise(() => {});
export const spin = async () => {
  for (;;);
};
export const exit = async () => process.exit(3);
export const crash = () =>
  new Promise(() => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  });
/** Ends when another invocation of it has begun. */
export const meet = async ({ mine, other }: { mine: string; other: string }) => {
  writeFileSync(mine, '');
  while (!existsSync(other)) await new Promise((resolve) => setTimeout(resolve, 5));
  return process.pid;
};
/** Fails until it was called `times` times, counting in a file. */
export const flaky = async ({ file, times }: { file: string; times: number }) => {
  if (tally(file, 'x') < times) throw new Error('not yet');
  return 'at last';
};

export const steps = withDurableExecution(async (event: { file: string }, durable: DurableContext) => {
  const first = await durable.step('first', async () => tally(event.file, 'a'));
  await durable.wait('pause', { seconds: 60 });
  const second = await durable.step('second', async () => tally(event.file, 'b'));
  return { first, second };
});

export const condition = withDurableExecution(async (_event: unknown, durable: DurableContext) =>
  durable.waitForCondition('three', async (state: number) => state + 1, {
    initialState: 0,
    waitStrategy: (state) => (state < 3 ? { shouldContinue: true, delay: { seconds: 30 } } : { shouldContinue: false }),
  }),
);

export const durableFail = withDurableExecution(async (_event: unknown, durable: DurableContext) => {
  await durable.step(
    'broken',
    async () => {
      throw new TypeError('no good');
    },
    { retryStrategy: () => ({ shouldRetry: false }) },
  );
});

export const retried = withDurableExecution(async (event: { file: string }, durable: DurableContext) =>
  durable.step(
    'unsteady',
    async () => {
      if (tally(event.file, 'r') < 3) throw new Error('again');
      return 'steady';
    },
    { retryStrategy: (_error, attempt) => ({ shouldRetry: attempt < 5, delay: { seconds: 10 } }) },
  ),
);

export const killed = withDurableExecution(async (event: { file: string }, durable: DurableContext) => {
  const before = await durable.step('before', async () => tally(event.file, 'a'));
  await durable.step('killer', async () => {
    if (tally(event.file, 'k') === 2) process.kill(process.pid, 'SIGKILL');
  });
  return before;
});

export const forever = withDurableExecution(async (_event: unknown, durable: DurableContext) => {
  for (let round = 0; ; round++) await durable.wait(`round ${round}`, { seconds: 20 });
});

export const children = withDurableExecution(async (_event: unknown, durable: DurableContext) => {
  const results = await durable.parallel('both', [
    async (branch: DurableContext) => branch.step('left', async () => 'l'),
    async (branch: DurableContext) => {
      await branch.wait({ seconds: 5 });
      return 'r';
    },
  ]);
  return results.getResults();
});

export const called = withDurableExecution(async (_event: unknown, durable: DurableContext) =>
  durable.waitForCallback('outside', async () => {}),
);

export const large = withDurableExecution(async (_event: unknown, durable: DurableContext) =>
  durable.step('large', async () => 'x'.repeat(300_000), { retryStrategy: () => ({ shouldRetry: false }) }),
);

/** @returns how many letters the file holds after one more */
function tally(file: string, letter: string): number {
  const before = existsSync(file) ? readFileSync(file, 'utf8').length : 0;
  appendFileSync(file, letter);
  return before + 1;
}
