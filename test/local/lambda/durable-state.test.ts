import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ExecutionStart } from '../../../local/lambda/durable/execution';
import { ExecutionStore } from '../../../local/lambda/durable/execution-store';
import { page } from '../../../local/lambda/durable/invocation';
import type { Operation, OperationUpdate } from '../../../local/lambda/durable/operation';
import { changeByTime, changeByUpdates, nextInvocationAt } from '../../../local/lambda/durable/progress';
import { epochSeconds } from '../../../local/lambda/durable/wire';

type Operations = Map<string, Operation>;

function apply(operations: Operations, updates: readonly OperationUpdate[], now = 0): Operations {
  return merge(operations, changeByUpdates(operations, updates, now).operations ?? []);
}

function pass(operations: Operations, now: number): Operations {
  return merge(operations, changeByTime(operations, now).operations ?? []);
}

function merge(operations: Operations, changed: readonly Operation[]): Operations {
  return new Map([...operations, ...changed.map((operation) => [operation.id, operation] as const)]);
}

const none: Operations = new Map();
const step = (Action: string, more: Partial<OperationUpdate> = {}): OperationUpdate => ({
  Id: 's',
  Type: 'STEP',
  Action,
  ...more,
});
const retry = step('RETRY', { StepOptions: { NextAttemptDelaySeconds: 10 }, Payload: 'so far' });

describe('the operations of a durable execution', () => {
  it('count a step’s ended attempts and keep its state until the next', () => {
    const waiting = apply(none, [step('START'), retry], 1000);
    expect(waiting.get('s')).toMatchObject({ status: 'PENDING', attempt: 1, nextAttemptAt: 11_000, result: 'so far' });
    expect(pass(waiting, 10_999).get('s')).toMatchObject({ status: 'PENDING' });
    const ready = pass(waiting, 11_000);
    expect(ready.get('s')).toMatchObject({ status: 'READY', result: 'so far' });
    const done = apply(ready, [step('START'), step('SUCCEED', { Payload: 'all' })], 12_000);
    expect(done.get('s')).toMatchObject({ status: 'SUCCEEDED', attempt: 2, result: 'all', endedAt: 12_000 });
  });

  it('end a wait at its time', () => {
    const waiting = apply(none, [{ Id: 'w', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds: 5 } }], 1000);
    expect(pass(waiting, 5999).get('w')?.status).toBe('STARTED');
    expect(pass(waiting, 6000).get('w')).toMatchObject({ status: 'SUCCEEDED', endedAt: 6000 });
  });

  it('never change once they have ended', () => {
    const actions = ['START', 'RETRY', 'SUCCEED', 'FAIL', 'CANCEL'];
    const types = ['STEP', 'WAIT', 'CONTEXT'] as const;
    const options = { StepOptions: { NextAttemptDelaySeconds: 1 }, WaitOptions: { WaitSeconds: 1 } };
    const update = fc.record({ Type: fc.constantFrom(...types), Action: fc.constantFrom(...actions) });
    fc.assert(
      fc.property(fc.array(fc.oneof(update, fc.constant('time' as const)), { maxLength: 12 }), (events) => {
        let operations = none;
        let now = 0;
        for (const event of events) {
          now += 500;
          const before = operations.get('x');
          try {
            operations =
              event === 'time' ? pass(operations, now) : apply(operations, [{ Id: 'x', ...event, ...options }], now);
          } catch (error) {
            expect(error).toMatchObject({ code: 'InvalidParameterValueException' });
          }
          if (before?.endedAt !== undefined) expect(operations.get('x')).toBe(before);
        }
      }),
    );
  });

  it('take all updates of a checkpoint or none', () => {
    const wrong = step('SUCCEED', { Id: 'never started', Type: 'WAIT' });
    expect(() => apply(none, [step('START'), wrong])).toThrow('Invalid WAIT action: SUCCEED');
  });

  it.each([
    [[step('RETRY')], 'NextAttemptDelaySeconds'],
    [[step('START'), step('START')], 'Invalid current STEP state to start'],
    [[{ Id: 'w', Type: 'WAIT', Action: 'START' }], 'WaitSeconds'],
    [[step('SUCCEED', { Payload: 'x'.repeat(262_145) })], 'less than or equal to 262144 bytes'],
    [[step('FAIL', { Error: { ErrorMessage: 'x'.repeat(40_000) } })], 'Error object size'],
    [[{ Id: 'c', Type: 'CHAINED_INVOKE', Action: 'START' }], 'does not implement CHAINED_INVOKE'],
    [[step('START'), { Id: 's', Type: 'CONTEXT', Action: 'FAIL' }], 'Inconsistent operation type'],
  ])('refuse wrong updates (%#)', (updates, message) => {
    expect(() => apply(none, updates)).toThrow(message);
  });

  it('are 3,000 at most', () => {
    const updates = Array.from({ length: 3000 }, (_, index) => step('START', { Id: String(index) }));
    const full = apply(none, updates);
    expect(full.size).toBe(3000);
    expect(() => apply(full, [step('START', { Id: 'one more' })])).toThrow('at most 3000 operations');
  });

  it('tell when the execution goes on, those of ended contexts aside', () => {
    const wait = (Id: string, WaitSeconds: number, ParentId?: string): OperationUpdate => ({
      Id,
      Type: 'WAIT',
      Action: 'START',
      WaitOptions: { WaitSeconds },
      ...(ParentId ? { ParentId } : {}),
    });
    const context = (Action: string): OperationUpdate => ({ Id: 'c', Type: 'CONTEXT', Action });
    expect(nextInvocationAt(none)).toBeUndefined();
    const open = apply(none, [context('START'), wait('inside', 5, 'c'), wait('outside', 9)]);
    expect(nextInvocationAt(open)).toBe(5000);
    expect(nextInvocationAt(apply(open, [context('SUCCEED')]))).toBe(9000);
    expect(nextInvocationAt(pass(apply(none, [step('START'), retry]), 10_000))).toBe(0);
  });

  it('come page by page, each once', () => {
    const updates = Array.from({ length: 25 }, (_, index) =>
      step('SUCCEED', { Id: String(index), Payload: 'x'.repeat(100) }),
    );
    const operations = [...apply(none, updates).values()];
    const seen: unknown[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const { operations: some, next } = page(operations, from, 1000, epochSeconds);
      expect(some.length).toBeGreaterThan(0);
      seen.push(...some.map((operation) => (operation as { Id: string }).Id));
      from = next;
    }
    expect(seen).toEqual(operations.map(({ id }) => id));
  });
});

describe('the journal of an execution', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('survives a cut at any byte with what was acknowledged before', () => {
    const arn = 'arn:aws:lambda:us-west-2:000000000000:function:f:1/durable-execution/n/an-id';
    const start = { arn, id: 'an-id', name: 'n', functionName: 'f' } as ExecutionStart;
    const operation = (result: string): Operation => ({
      id: 's',
      type: 'STEP',
      status: 'STARTED',
      startedAt: 0,
      result,
    });
    const store = new ExecutionStore(folder);
    const file = () => join(folder, readdirSync(folder)[0]!);
    const execution = store.create(start, { operations: [operation('0')] });
    const lengths = [readFileSync(file()).length];
    for (const result of ['1 ü', '2', '3']) {
      store.change(execution, { operations: [operation(result)] });
      lengths.push(readFileSync(file()).length);
    }
    const whole = readFileSync(file());
    const name = file();
    for (let length = whole.length; length >= 0; length--) {
      writeFileSync(name, whole.subarray(0, length));
      const acknowledged = lengths.filter((one) => one <= length).length - 1;
      const again = new ExecutionStore(folder).all()[0];
      expect(again?.operations.get('s')?.result).toBe(
        acknowledged < 0 ? undefined : ['0', '1 ü', '2', '3'][acknowledged],
      );
    }
  });

  it('can be written on after a cut', () => {
    const arn = 'arn:aws:lambda:us-west-2:000000000000:function:f:1/durable-execution/n/an-id';
    const start = { arn, id: 'an-id', name: 'n', functionName: 'f' } as ExecutionStart;
    const store = new ExecutionStore(folder);
    store.change(store.create(start, {}), { events: [{ EventType: 'lost', EventTimestamp: 1 }] });
    const file = join(folder, readdirSync(folder)[0]!);
    writeFileSync(file, readFileSync(file).subarray(0, -5));
    const cut = new ExecutionStore(folder);
    cut.change(cut.get(arn), { events: [{ EventType: 'kept', EventTimestamp: 2 }] });
    expect(new ExecutionStore(folder).get(arn).events).toEqual([{ EventType: 'kept', EventTimestamp: 2 }]);
  });
});
