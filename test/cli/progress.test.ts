import { stripVTControlCharacters } from 'node:util';
import { Progress, type Update } from '../../cli/progress';
import { advanceText, bar } from '../../cli/progress-bar';

/** A stream that keeps what is written, and a clock that a test moves. */
function stage(isTTY: boolean, columns = 80) {
  let written = '';
  let time = 0;
  const stream = {
    isTTY,
    columns,
    write: (text: string | Uint8Array) => {
      written += String(text);
      return true;
    },
  } as ConstructorParameters<typeof Progress>[0];
  return {
    progress: new Progress(stream, () => time),
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    /** What stood on the line, one drawing after another. */
    drawn: () =>
      written
        .split(/\r|\n/)
        .map((part) => stripVTControlCharacters(part).trimEnd())
        .filter((part) => part !== ''),
    written: () => written,
  };
}

const working = ({ progress, pass }: ReturnType<typeof stage>, work: (update: Update) => void) =>
  progress.step(
    'source',
    async (update) => {
      work(update);
      pass(1000);
      return 3;
    },
    (result) => `made ${result}`,
  );

describe('the progress of a step', () => {
  it('is one line at its end where there is no terminal, and no control character', async () => {
    const quiet = stage(false);
    await working(quiet, (update) => update({ what: 'songs', done: 1, total: 2 }));
    expect(stripVTControlCharacters(quiet.written())).toBe('✓ source     made 3 1.0 s\n');
    expect(quiet.written()).not.toContain('\r');
    expect(quiet.written()).not.toContain('\u001b[K');
  });

  it('rewrites its line on a terminal, with bar, rate and time left', async () => {
    const seen = stage(true);
    await working(seen, (update) => {
      seen.pass(2000);
      update({ what: 'songs', done: 5000, total: 15_000 });
    });
    expect(seen.drawn()).toEqual([
      '… source',
      '… source     █████░░░░░░░░░░░  33% 5,000 of 15,000 songs, 2,500/s, 4.0 s left',
      '✓ source     made 3 3.0 s',
    ]);
  });

  it('counts what comes second by its own time', async () => {
    const seen = stage(true, 200);
    await working(seen, (update) => {
      seen.pass(10_000);
      update({ what: 'songs', done: 10, total: 10 });
      seen.pass(1000);
      update({ what: 'events', done: 500, total: 1000 });
    });
    expect(seen.drawn()[2]).toContain('500 of 1,000 events, 500/s, 1.0 s left');
  });

  it('is not drawn more often than anybody sees, and never wider than the terminal', async () => {
    const seen = stage(true, 30);
    await working(seen, (update) => {
      for (let at = 0; at < 100; at += 1) update('x'.repeat(100));
    });
    expect(seen.drawn()).toHaveLength(3);
    expect(seen.drawn()[1]).toHaveLength(29);
  });

  it('that fails leaves its name, and the error to others', async () => {
    const seen = stage(false);
    const failing = seen.progress.step(
      'deploy',
      () => Promise.reject(new Error('broken')),
      () => '',
    );
    await expect(failing).rejects.toThrow('broken');
    expect(stripVTControlCharacters(seen.written())).toBe('✗ deploy\n');
  });
});

describe('a bar', () => {
  it('is as full as what is done', () => {
    expect(bar(0, 4)).toBe('░░░░');
    expect(bar(0.5, 4)).toBe('██░░');
    expect(bar(7, 4)).toBe('████');
  });

  it('of bytes tells them as people read them', () => {
    expect(advanceText({ done: 5_000_000, total: 20_000_000 }, 1000)).toMatch(
      / 25% 5\.0 MB of 20\.0 MB, 5\.0 MB\/s, 3\.0 s left$/,
    );
  });

  it('guesses no rate in its first moments, and is full of nothing', () => {
    expect(advanceText({ what: 'songs', done: 1, total: 10 }, 10)).toMatch(/ 10% 1 of 10 songs$/);
    expect(advanceText({ what: 'songs', done: 0, total: 0 }, 1000)).toMatch(/100% 0 of 0 songs$/);
  });
});
