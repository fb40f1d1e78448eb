import { LockTable } from '../../../../local/redshift/engine/locks';

const never = new AbortController().signal;
const owner = (id: number) => ({ id, pid: id * 10 });
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('LockTable', () => {
  it('gives a free lock at once, and again to the one that holds it', async () => {
    const locks = new LockTable();
    expect(await locks.acquire('t', owner(1), never)).toBe(false);
    expect(await locks.acquire('t', owner(1), never)).toBe(false);
  });

  it('hands a lock on in the order of asking', async () => {
    const locks = new LockTable();
    await locks.acquire('t', owner(1), never);
    const order: number[] = [];
    const waits = [3, 2, 4].map((id) => locks.acquire('t', owner(id), never).then(() => order.push(id)));
    expect(locks.waiting('t')).toBe(3);
    for (const id of [1, 3, 2, 4]) {
      locks.releaseAll(owner(id));
      await tick();
    }
    await Promise.all(waits);
    expect(order).toEqual([3, 2, 4]);
    expect(await locks.acquire('t', owner(9), never)).toBe(false);
  });

  it('refuses the younger of two that wait for each other, whoever asked last', async () => {
    const locks = new LockTable();
    await locks.acquire('a', owner(1), never);
    await locks.acquire('b', owner(2), never);
    const young = locks.acquire('a', owner(2), never);
    const old = locks.acquire('b', owner(1), never);
    await expect(young).rejects.toMatchObject({ sqlState: '40P01', message: 'deadlock detected' });
    locks.releaseAll(owner(2));
    await expect(old).resolves.toBe(true);
  });

  it('finds a cycle of three through a queue', async () => {
    const locks = new LockTable();
    await locks.acquire('a', owner(1), never);
    await locks.acquire('b', owner(2), never);
    await locks.acquire('c', owner(3), never);
    const one = locks.acquire('b', owner(1), never);
    const two = locks.acquire('c', owner(2), never);
    await expect(locks.acquire('a', owner(3), never)).rejects.toMatchObject({ sqlState: '40P01' });
    locks.releaseAll(owner(3));
    await two;
    locks.releaseAll(owner(2));
    await one;
  });

  it('leaves the queue when its signal is aborted', async () => {
    const locks = new LockTable();
    const abort = new AbortController();
    await locks.acquire('t', owner(1), never);
    const second = locks.acquire('t', owner(2), abort.signal);
    const third = locks.acquire('t', owner(3), never);
    abort.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    locks.releaseAll(owner(1));
    await expect(third).resolves.toBe(true);
  });
});
