import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coloured } from '../../cli/colours';

const TERMINAL = { isTTY: true };
const PIPE = {};

describe('colours', () => {
  it.each([
    ['a terminal', TERMINAL, {}, true],
    ['a pipe', PIPE, {}, false],
    ['a pipe in CI', PIPE, { CI: 'true' }, false],
    ['a terminal that knows none', TERMINAL, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', PIPE, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', TERMINAL, { FORCE_COLOR: '0' }, false],
    ['a terminal with NO_COLOR', TERMINAL, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', TERMINAL, { NO_COLOR: '' }, true],
    ['a pipe with NO_COLOR and FORCE_COLOR', PIPE, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('on %s', (_what, stream, environment, expected) => {
    expect(coloured(stream, environment)).toBe(expected);
  });

  it('are decided in one place: no other file of the command line asks the library', () => {
    const folder = join(__dirname, '..', '..', 'cli');
    const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(join(folder, file), 'utf8').includes("from 'picocolors'"),
    );
    expect(asking).toEqual(['colours.ts']);
  });
});
