import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const LONG_AGO = new Date('2018-11-01T00:00:00Z');

describe('a program of the checkout', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sparkify-compile-'));
    cpSync(join(ROOT, 'build'), join(folder, 'build'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    mkdirSync(join(folder, 'rooms'));
    write('rooms/main.ts', "import { words } from './words';\nconsole.log(words as string, __dirname);\n");
    write('rooms/words.ts', "export const words: string = 'first';\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), LONG_AGO, LONG_AGO);
  };
  const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const compile = () => {
    const call = "require('./build/compile.cjs').compile('rooms/main.ts').then(console.log)";
    const { stdout, stderr } = node('-e', call);
    return { file: stdout.trim(), stderr };
  };

  it('is one file that runs by itself and finds what lies beside its sources', () => {
    const { file } = compile();
    rmSync(join(folder, 'rooms', 'words.ts'));
    expect(node(file).stdout).toBe(`first ${join(folder, 'rooms')}\n`);
  });

  it('is compiled again when a source of it has changed, and else left as it is', () => {
    const { file } = compile();
    utimesSync(file, LONG_AGO, LONG_AGO);
    compile();
    expect(statSync(file).mtime).toEqual(LONG_AGO);
    write('rooms/words.ts', "export const words: string = 'another';\n");
    compile();
    expect(node(file).stdout).toMatch(/^another /);
  });

  it('is compiled again when what is there was written in half', () => {
    const { file } = compile();
    writeFileSync(file, 'con');
    compile();
    expect(node(file).stdout).toMatch(/^first /);
  });

  it('is not compiled from a source with a mistake, which is told with its line', () => {
    write('rooms/words.ts', 'export const = 1;\n');
    expect(compile().stderr).toContain('rooms/words.ts:1:13');
  });
});
