import type { Rows } from '../../../cli/output';
import { runStatements } from '../../../cli/shell/run-statements';
import {
  type Ended,
  StatementCancelledError,
  StatementFailedError,
  StatementNotSentError,
} from '../../../cli/shell/statement-session';
import { statements } from '../../../cli/shell/statements';

/** Runs a text; a statement that says FAIL, CANCEL or UNSENT ends so. @returns what ran, and how it ended */
async function run(text: string, file?: string) {
  const ran: string[] = [];
  const outcome = async (sql: string): Promise<Ended> => {
    ran.push(sql);
    if (sql.includes('FAIL')) throw new StatementFailedError('ERROR: it failed', 1);
    if (sql.includes('CANCEL')) throw new StatementCancelledError();
    if (sql.includes('UNSENT')) throw new StatementNotSentError();
    return { changed: 1 };
  };
  const end = await runStatements(statements(text), {
    session: { run: outcome },
    ...(file !== undefined && { file }),
    signal: new AbortController().signal,
    now: () => 0,
    deliver: async () => 0,
    say: () => undefined,
    catalogue: async () => undefined,
  }).then(
    () => 'done',
    (error: Error & { exitCode?: number }) => `${error.exitCode}: ${error.message}`,
  );
  return { ran: ran.length, end };
}

describe('a run of statements', () => {
  it.each([
    [
      'insert 1; FAIL; insert 2',
      2,
      'Statement 2 of 3, line 1, is rolled back; what the one before it did stays; the one behind it did not run.',
    ],
    [
      'FAIL; insert 1; insert 2',
      1,
      'Statement 1 of 3, line 1, is rolled back; nothing was changed; the 2 behind it did not run.',
    ],
    [
      'insert 1; begin;\ninsert 2; FAIL',
      4,
      'is rolled back; the transaction that begins on line 1 is rolled back; what the one before that did stays.',
    ],
    ['begin; insert 2; commit;\nFAIL', 4, 'Statement 4 of 4, line 2, is rolled back; what the 3 before it did stays.'],
    ['begin; insert 1', 2, '1: The transaction that begins on line 1 was never committed: it is rolled back.'],
    ['begin; insert 1; commit', 3, 'done'],
    [
      'insert 1; CANCEL',
      2,
      '130: Cancelled. Statement 2 of 2, line 1, is rolled back; what the one before it did stays.',
    ],
    [
      'insert 1; UNSENT',
      2,
      '130: Cancelled. Statement 2 of 2, line 1, was not sent; what the one before it did stays.',
    ],
    ['CANCEL', 1, '130: Cancelled. The statement is rolled back: nothing was changed.'],
    ['UNSENT', 1, '130: Cancelled. The statement was not sent: nothing was changed.'],
    ['commit', 0, '2: query: commit alone changes nothing'],
  ])('%j says what became of each', async (text, count, said) => {
    const { ran, end } = await run(text);
    expect(ran).toBe(count);
    expect(end).toContain(said);
  });

  it('stops reading a result when somebody has seen enough, and says that the statement had ended', async () => {
    const controller = new AbortController();
    const page: Rows = { columns: [{ name: 'a', numeric: true }], rows: [[1]] };
    let asked = 0;
    const endless = (async function* () {
      for (;;) {
        asked += 1;
        yield page;
      }
    })();
    const ended = runStatements(statements('select 1'), {
      session: { run: async () => ({ pages: endless }) },
      signal: controller.signal,
      now: () => 0,
      deliver: async (pages) => {
        let rows = 0;
        for await (const one of pages) {
          rows += one.rows.length;
          if (rows === 3) controller.abort();
        }
        return rows;
      },
      say: () => undefined,
      catalogue: async () => undefined,
    });
    await expect(ended).rejects.toMatchObject({
      exitCode: 130,
      message: 'Cancelled while the result was read; the statement itself had ended before. What it did stays.',
    });
    expect(asked).toBe(4);
  });
});
