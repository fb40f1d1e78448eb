import { drawFilm } from '../../handbook/cast/draw';
import { RecordingError, record } from '../../handbook/cast/record';
import { film } from '../../handbook/cast/screen';
import { tidied } from '../../handbook/cast/tidy';

const cast = (...outputs: readonly (readonly [number, string])[]) => ({
  columns: 20,
  rows: 3,
  outputs: outputs.map(([at, text]) => ({ at, text })),
});
const textOf = ({ runs }: { readonly runs: readonly { readonly text: string }[] }) =>
  runs.map(({ text }) => text).join(' ');

describe('a terminal cast', () => {
  it('is recorded in a terminal, with what was typed before it', async () => {
    const scene = { columns: 40, rows: 5, folder: '.', environment: { PATH: process.env.PATH ?? '' } };
    const { outputs } = await record({ ...scene, commands: ['test -t 1 && echo "a terminal"'] });
    const text = outputs.map(({ text: each }) => each).join('');
    expect(text).toMatch(/\$\S* test -t 1 && echo "a terminal"\r\na terminal\r\n/);
    expect(outputs.map(({ at }) => at)).toEqual(outputs.map(({ at }) => at).toSorted((a, b) => a - b));
    await expect(record({ ...scene, commands: ['echo broken; exit 3'] })).rejects.toThrow(RecordingError);
    await expect(record({ ...scene, commands: ['echo broken; exit 3'] })).rejects.toThrow(/exit code 3[\s\S]*broken/);
  });

  it('is shortened where nothing happens', () => {
    const { outputs } = tidied(cast([0, 'a'], [0.5, 'b'], [60, 'c']), {});
    expect(outputs.map(({ at }) => at)).toEqual([0, 0.5, 1.2]);
  });

  it('names no folder of the machine, also where an output ends in the middle of its name', () => {
    const names = { '/home/ann/app': '~/app', '/home/ann/app/state': '~/state' };
    const { outputs } = tidied(cast([0, 'in /home/an'], [0.1, 'n/app/sta'], [0.2, 'te, /home/bob']), names);
    expect(outputs.map(({ text }) => text).join('')).toBe('in ~/state, /home/bob');
  });

  it('becomes what a screen showed: lines that are rewritten, and lines that scroll away', async () => {
    const { shown, scrolls, length } = await film(
      cast([0, 'one\r\n'], [1, 'half'], [2, '\r\x1b[K\x1b[32mdone\x1b[0m well\r\n'], [3, 'three\r\nfour']),
    );
    const told = shown.map((each) => [each.line, textOf(each), each.from, each.until]);
    expect(told).toEqual(
      expect.arrayContaining([
        [0, 'one', 0, undefined],
        [1, 'half', 1, 2],
        [1, 'done well', 2, undefined],
        [3, 'four', 3, undefined],
      ]),
    );
    expect(shown.find(({ line, from }) => line === 1 && from === 2)?.runs[0]).toMatchObject({
      text: 'done',
      colour: 2,
    });
    expect(scrolls).toEqual([
      { at: 0, line: 0 },
      { at: 3, line: 1 },
    ]);
    expect(length).toBe(3);
  });

  it('does not show what came and went before anybody could see it', async () => {
    const { shown } = await film(cast([0, 'a'], [1, '1 %'], [1.01, '\r\x1b[K2 %'], [1.02, '\r\x1b[K3 %']));
    expect(shown.map(textOf)).toEqual(['a', '3 %']);
  });

  it('is a picture whose end is seen where nothing moves', async () => {
    const played = await film(cast([0, 'half <1>'], [1, '\r\x1b[Kdone & well']));
    const svg = drawFilm(played, { title: 'T', description: 'D.' });
    expect(svg).toMatch(/<g class="v" style="--d:1s"><text [^>]*>done &amp; well<\/text><\/g>/);
    expect(svg).toMatch(/<g class="g" style="--s:0s;--d:1s"><text [^>]*>half &lt;1&gt;<\/text><\/g>/);
    expect(svg).toMatch(/\.g\{visibility:hidden/);
  });
});
