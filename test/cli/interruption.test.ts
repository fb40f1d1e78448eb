import { EventEmitter } from 'node:events';
import { InterruptedError } from '../../cli/errors';
import { interruptible } from '../../cli/interruption';
import { locationOptions } from '../../cli/location';
import { goesOn } from '../../cli/runs/goes-on';

const waiting = (signal: AbortSignal) =>
  new Promise<never>((_done, fail) => signal.addEventListener('abort', () => fail(new Error('aborted'))));

describe('work that Ctrl-C ends', () => {
  it('is rejected with what goes on by itself, and a second Ctrl-C changes nothing', async () => {
    const signals = new EventEmitter();
    const ended = interruptible(waiting, () => 'it goes on', signals);
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    await expect(ended).rejects.toMatchObject({ name: 'InterruptedError', message: 'it goes on' });
    expect(new InterruptedError('').exitCode).toBe(130);
    expect(signals.listenerCount('SIGINT')).toBe(1);
  });

  it('fails as it fails when nobody has interrupted it, and leaves nothing listening', async () => {
    const signals = new EventEmitter();
    await expect(
      interruptible(
        () => Promise.reject(new Error('broken')),
        () => '',
        signals,
      ),
    ).rejects.toThrow('broken');
    await expect(
      interruptible(
        () => Promise.resolve(3),
        () => '',
        signals,
      ),
    ).resolves.toBe(3);
    expect(signals.eventNames()).toEqual([]);
  });
});

describe('what somebody is told who stops waiting for a run', () => {
  const here = (startedHere: boolean) =>
    ({ here: { aws: { startedHere }, account: '1' } }) as Parameters<typeof goesOn>[1];

  it('is that it goes on in Lambda, how to see it and how to cancel it, in the same environment', () => {
    const text = goesOn('operator-x', {}, { env: 'prod', profile: 'p' });
    expect(text).toContain('goes on by itself in Lambda');
    expect(text).toContain('sparkify run operator-x --env prod --profile p\n');
    expect(text).toContain('sparkify cancel operator-x --env prod --profile p');
    expect(goesOn('operator-x', here(false), { env: 'local' })).toContain('goes on by itself');
  });

  it('is that it rests where the local AWS ends with the command', () => {
    expect(goesOn('operator-x', here(true), { env: 'local' })).toContain('goes on with the next command');
  });
});

describe('the options that name an environment again', () => {
  it('are none for the local one, and all that were given for others', () => {
    expect(locationOptions({ env: 'local' })).toBe('');
    expect(locationOptions({ env: 'dev', here: true })).toBe(' --env dev --here');
    expect(locationOptions({ env: 'prod', region: 'r', assume: 'arn', asOperator: true })).toBe(
      ' --env prod --region r --assume arn --as-operator',
    );
  });
});
