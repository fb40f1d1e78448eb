import fc from 'fast-check';
import type { Session } from '../../../../local/redshift/warehouse';
import { connect, failure, open, rows, settleDown } from './support';

describe('sessions beside each other', () => {
  it('make different tables at the same time in open transactions', async () => {
    const warehouse = await open();
    const [one, two] = [await connect(warehouse), await connect(warehouse)];
    await rows(one, 'begin', 'create table a (id int identity(1,1), v int)', 'insert into a (v) values (1)');
    await rows(two, 'begin', 'create table b (id int identity(1,1), v int)', 'insert into b (v) values (2)');
    await rows(one, 'commit');
    await rows(two, 'commit');
    expect(await rows(one, 'select a.v, b.v from a, b')).toEqual([[1, 2]]);
    await warehouse.close();
  });

  it('wait for the same name, and the later one is told that it is taken', async () => {
    const warehouse = await open();
    const [one, two] = [await connect(warehouse), await connect(warehouse)];
    await rows(one, 'begin', 'create table a (v int)');
    const waiting = failure(two, 'create table a (w int)');
    await settleDown();
    await rows(one, 'commit');
    expect((await waiting).sqlState).toBe('42P07');
    await warehouse.close();
  });

  it('drop and make anew a table in one transaction', async () => {
    const warehouse = await open();
    const one = await connect(warehouse);
    await rows(one, 'create table a (v int)', 'insert into a values (1)');
    await rows(one, 'begin', 'drop table a', 'create table a (v int, w int)', 'insert into a values (2, 3)', 'commit');
    expect(await rows(one, 'select * from a')).toEqual([[2, 3]]);
    await rows(one, 'begin', 'alter table a rename to old_a', 'create table a (v int)', 'drop table old_a', 'commit');
    expect(await rows(one, 'select count(*) from a')).toEqual([[0n]]);
    await warehouse.close();
  });

  it('see at every moment what a model of snapshots says', async () => {
    const warehouse = await open();
    const sessions = [await connect(warehouse), await connect(warehouse)] as const;
    await rows(sessions[0], 'create table t (a int)');
    const step = fc.record({
      who: fc.constantFrom(0, 1),
      what: fc.constantFrom('begin', 'begin', 'commit', 'rollback', 'insert', 'insert', 'read', 'read'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        for (const session of sessions) {
          await rows(session, 'rollback');
        }
        await rows(sessions[0], 'truncate t');
        const model = new SnapshotModel();
        for (const { who, what } of steps) {
          const session = sessions[who] as Session;
          const expected = model.step(who, what);
          if (what === 'read') {
            if (expected !== 'refused') {
              expect(await rows(session, 'select count(*) from t')).toEqual([[BigInt(expected)]]);
            }
          } else if (what !== 'insert') {
            if (expected !== 'refused') {
              await rows(session, what);
            }
          } else if (expected === 'conflict') {
            expect((await failure(session, 'insert into t values (1)')).message).toBe('1023');
          } else if (expected !== 'would wait' && expected !== 'refused') {
            await rows(session, 'insert into t values (1)');
          }
        }
      }),
      { numRuns: 50 },
    );
    await warehouse.close();
  });
});

interface Open {
  /** Rows at the snapshot, and its place in the order of commits; undefined before the first use. */
  snapshot?: { rows: number; commits: number };
  own: number;
  aborted: boolean;
}

/** Two sessions over one table that is only inserted into. */
class SnapshotModel {
  private rows = 0;
  private commits = 0;
  private readonly open: (Open | undefined)[] = [undefined, undefined];

  step(who: number, what: string): number | 'conflict' | 'would wait' | 'refused' {
    const mine = this.open[who];
    switch (what) {
      case 'begin':
        this.open[who] ??= { own: 0, aborted: false };
        return this.open[who]?.aborted ? 'refused' : 0;
      case 'commit':
        if (mine !== undefined && !mine.aborted && mine.own > 0) {
          this.rows += mine.own;
          this.commits += 1;
        }
        this.open[who] = undefined;
        return 0;
      case 'rollback':
        this.open[who] = undefined;
        return 0;
      case 'insert':
        return this.insert(who, mine);
      default:
        return this.read(mine);
    }
  }

  private read(mine: Open | undefined): number | 'refused' {
    if (mine?.aborted) {
      return 'refused';
    }
    if (mine === undefined) {
      return this.rows;
    }
    mine.snapshot ??= { rows: this.rows, commits: this.commits };
    return mine.snapshot.rows + mine.own;
  }

  private insert(who: number, mine: Open | undefined): number | 'conflict' | 'would wait' | 'refused' {
    if (mine?.aborted) {
      return 'refused';
    }
    if ((this.open[1 - who]?.own ?? 0) > 0 && !this.open[1 - who]?.aborted) {
      return 'would wait';
    }
    if (mine === undefined) {
      this.rows += 1;
      this.commits += 1;
      return 0;
    }
    mine.snapshot ??= { rows: this.rows, commits: this.commits };
    if (mine.snapshot.commits < this.commits) {
      mine.aborted = true;
      return 'conflict';
    }
    mine.own += 1;
    return 0;
  }
}
