import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { RunState } from '../lambda/state';
import type { Input, Intercept } from './clients';
import { ADMIN } from './code';
import type { Mutant } from './simulate';

type Step = DurableContext['step'];

/** Answers one operation with nothing. */
function emptied(name: string, answer: Input): () => Intercept {
  return () => (operation, input) => (operation === name ? { answer } : input);
}

/** A failed run that does not look for what it has sent. */
function forgottenStatements(): Intercept {
  return (operation, input) =>
    operation === 'ListStatements' && input.Status === 'ALL' ? { answer: { Statements: [] } } : input;
}

/** Tokens that no retry has again. */
function randomTokens(): Intercept {
  let count = 0;
  return (_operation, input) => {
    count += 1;
    return 'ClientToken' in input ? { ...input, ClientToken: `random-${count}` } : input;
  };
}

/** `runs/<run>/<digest>/…` becomes `runs/<run>/…`: what is listed again replaces what a statement is reading. */
function keysByRunOnly(): Intercept {
  const plain = (text: string): string => text.replace(/(runs\/[^/']+)\/[0-9a-f]{24}\//g, '$1/');
  return (_operation, input) => ({
    ...input,
    ...(typeof input.Key === 'string' ? { Key: plain(input.Key) } : {}),
    ...(Array.isArray(input.Sqls) ? { Sqls: input.Sqls.map((sql) => plain(String(sql))) } : {}),
  });
}

/** What is put away until the digest of all is known lies under one name: one part replaces the other. */
function partsByRunOnly(): Intercept {
  return (_operation, input) =>
    typeof input.Key === 'string'
      ? { ...input, Key: input.Key.replace(/spool\/[0-9a-f]+\.json$/, 'spool/part') }
      : input;
}

/** A function that knows one database user only. */
function alwaysAdmin(): Intercept {
  return (_operation, input) => ('DbUser' in input ? { ...input, DbUser: ADMIN } : input);
}

/** Nobody gives the loader its role. */
function nobodyAdmitted(): Intercept {
  return (_operation, input) =>
    Array.isArray(input.Sqls)
      ? { ...input, Sqls: input.Sqls.map((sql) => String(sql).replace(/^call etl\.admit/m, '-- call etl.admit')) }
      : input;
}

/** Loads that do not keep what they leave out. */
function forgottenRejects(): Intercept {
  return (_operation, input) =>
    Array.isArray(input.Sqls)
      ? { ...input, Sqls: input.Sqls.filter((sql) => !/^insert into etl\.rejects/m.test(String(sql))) }
      : input;
}

function forgottenDeploys(): Intercept {
  return (operation, input) =>
    operation === 'GetObject' && String(input.Key).startsWith('deploys/') ? { ...input, Key: 'nowhere' } : input;
}

type Check = (state: RunState) => Promise<RunState>;
type Wait = (name: string, check: Check, options: unknown) => Promise<unknown>;

/** A call that fails throws out of the wait's check, as it would without its catch. */
function throwingInside(context: DurableContext): DurableContext {
  const plain = context.waitForCondition as unknown as Wait;
  const waitForCondition: Wait = (name, check, options) =>
    plain(
      name,
      async (state) => {
        const after = await check(state);
        if (after.troubles > state.troubles) throw new Error('a call failed inside the wait');
        return after;
      },
      options,
    );
  return { ...context, waitForCondition } as unknown as DurableContext;
}

/** A dry run that has said what it would do goes on and does it. */
function inEarnest(context: DurableContext): DurableContext {
  const plain = context.waitForCondition as unknown as Wait;
  const waitForCondition: Wait = (name, check, options) =>
    plain(
      name,
      async (state) => {
        const after = await check(state);
        return after.plan === undefined ? after : { ...after, dryRun: undefined, plan: undefined, phase: 'collect' };
      },
      options,
    );
  return { ...context, waitForCondition } as unknown as DurableContext;
}

/** The named step is tried once only. */
function impatient(named: string): (context: DurableContext) => DurableContext {
  return (context) => {
    const plain = context.step as unknown as (name: string, work: unknown, options: unknown) => unknown;
    const step = (name: string, work: unknown, options: unknown): unknown =>
      plain(name, work, name === named ? { retryStrategy: () => ({ shouldRetry: false }) } : options);
    return { ...context, step: step as unknown as Step } as DurableContext;
  };
}

/** A Delete that answers without waiting for what the runs that it stopped may still start. */
function hasty(context: DurableContext): DurableContext {
  const plain = context.waitForCondition as unknown as Wait;
  const waitForCondition: Wait = async (name, check, options) =>
    name === 'run' ? plain(name, check, options) : undefined;
  return { ...context, waitForCondition } as unknown as DurableContext;
}

/** The guards of the load, each switched off. Each has to be found by the sweep. */
export const MUTANTS: readonly Mutant[] = [
  { name: 'a client token of its own for every call', intercept: randomTokens },
  { name: 'the ledger outside of the transaction', switches: { ledgerOutside: true } },
  { name: 'the fence lets every load pass', switches: { ignoreFence: true } },
  { name: 'loads without the lock', switches: { ignoreLock: true } },
  { name: 'overwritten files taken for known', switches: { ignoreChangedFiles: true } },
  { name: 'manifests named by the run only', intercept: keysByRunOnly },
  { name: 'a deadline of a day', environment: { LOAD_DEADLINE_SECONDS: '86400' } },
  { name: 'errors thrown inside the wait', wrapContext: throwingInside },
  { name: 'an answer to CloudFormation tried once only', wrapContext: impatient('answer CloudFormation') },
  { name: 'the record of the last deploy not read', intercept: forgottenDeploys },
  { name: 'a Delete that cancels no statement', intercept: emptied('ListStatements', { Statements: [] }) },
  {
    name: 'a Delete that stops no run',
    intercept: emptied('ListDurableExecutionsByFunction', { DurableExecutions: [] }),
  },
  { name: 'a Delete that is throttled goes on at once', wrapContext: impatient('stop runs') },
  { name: 'a Delete that does not wait for what it stopped', wrapContext: hasty },
  { name: 'other SQL of the load taken for the same', switches: { ignoreLoadDigest: true } },
  { name: 'other sources taken for the same', switches: { ignoreSourceDigest: true } },
  { name: 'a run that found nothing counts as the last load', switches: { countIdleRuns: true } },
  { name: 'an older version loads after a newer one', switches: { ignoreNewerVersions: true } },
  { name: 'an edited migration not noticed', switches: { ignoreChecksums: true } },
  { name: 'the days of a run not looked at', switches: { ignoreDays: true } },
  { name: 'a rebuild limited to the days of its run', switches: { rebuildOfDays: true } },
  { name: 'a dry run that goes on', wrapContext: inEarnest },
  { name: 'parts of a large listing under one name', intercept: partsByRunOnly },
  { name: 'rejected rows not kept', intercept: forgottenRejects },
  { name: 'a failed run that does not look for what it has sent', intercept: forgottenStatements },
  { name: 'a load that works as the admin', intercept: alwaysAdmin },
  { name: 'a loader that nobody has given its role', intercept: nobodyAdmitted },
];
