import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const ROOT = resolve(__dirname, '..');

/** The house: which other rooms a room may import. `sql` has no code; `statements` reads it. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  bin: ['lib', 'statements'],
  lib: ['statements'],
  lambda: ['statements'],
  statements: [],
  cli: ['local', 'dataset', 'report', 'build'],
  report: [],
  // Its process is compiled before it starts.
  local: ['build'],
  build: [],
  dataset: [],
  simulation: ['lambda', 'statements'],
  // Of the command line it has the tables.
  compliance: ['lib', 'cli'],
  // Writes what is generated in docs/.
  handbook: ['lib', 'cli', 'report'],
};

/** What a room inside `local` may import of the others there; rooms not named are free. */
const INNER_DOORS: Readonly<Record<string, readonly string[]>> = {
  'local/redshift': ['local/clock.ts', 'local/aws/service.ts', 'local/s3/object-store.ts'],
};

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|cjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Files of ours that a file imports, as paths from the root. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\(?|require\()\s*['"](\.[^'"]+)['"]/g)].map((found) =>
    relative(ROOT, resolve(dirname(file), found[1] as string))
      .split(sep)
      .join('/'),
  );
}

function strays(room: string, allowed: (target: string) => boolean): string[] {
  return sources(room).flatMap((file) =>
    imports(file)
      .filter((target) => !target.startsWith(`${room}/`) && !allowed(target))
      .map((target) => `${relative(ROOT, file)} imports ${target}`),
  );
}

describe('the doors of the house', () => {
  it.each(Object.keys(DOORS))('%s imports only what it may', (room) => {
    expect(strays(room, (target) => (DOORS[room] ?? []).includes(target.split('/')[0] ?? ''))).toEqual([]);
  });

  it.each(Object.keys(INNER_DOORS))('%s stands apart inside local', (room) => {
    const allowed = (INNER_DOORS[room] ?? []).map((file) => file.replace(/\.ts$/, ''));
    expect(strays(room, (target) => allowed.includes(target))).toEqual([]);
  });

  it.each(['local', 'lambda'])('%s does not read the sql folder of the checkout', (room) => {
    const reading = sources(room).filter((file) => /['"`]\.\.\/(\.\.\/)*sql\b/.test(readFileSync(file, 'utf8')));
    expect(reading.map((file) => relative(ROOT, file))).toEqual([]);
  });

  it('tells only the AWS endpoints of the network: no room names another host to call', () => {
    const calling = ['cli', 'local', 'lambda', 'dataset', 'report'].flatMap(sources).filter((file) => {
      const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return /fetch\(\s*['"`]https:/.test(text);
    });
    expect(calling.map((file) => relative(ROOT, file))).toEqual([]);
  });
});
