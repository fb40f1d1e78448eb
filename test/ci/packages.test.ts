import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Comes inside another package, whose content it is part of. */
  readonly inBundle?: boolean;
}

const manifest = read('package.json') as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
const lock = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Licences that let anybody use, change and pass on, and ask for no more than to be named. CC-BY is data's. */
const PERMISSIVE = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
];

/** Whether an SPDX expression can be met by permissive licences: one of those joined by OR, all of those joined by AND. */
function isPermissive(expression: string): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isPermissive);
  if (bare.includes(' AND ')) return bare.split(' AND ').every(isPermissive);
  return PERMISSIVE.includes(bare);
}

describe('the packages', () => {
  it('are pinned: each version is exact', () => {
    const asked = ['dependencies', 'devDependencies', 'overrides'].flatMap((field) =>
      Object.entries(manifest[field] ?? {}),
    );
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version))).toEqual([]);
  });

  it('are locked in the versions that are asked for, by their content, from whatever registry there is', () => {
    const direct = [...Object.entries(manifest.dependencies ?? {}), ...Object.entries(manifest.devDependencies ?? {})];
    for (const [name, version] of direct) expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
    const loose = packages.filter(
      ([, { integrity, resolved, link, inBundle }]) => (!integrity && !inBundle) || resolved !== undefined || link,
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it('may be used, changed and passed on by anybody', () => {
    const others = packages.filter(([, { license }]) => license === undefined || !isPermissive(license));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([
      // The judge of the report's accessibility; in tests only, and not changed.
      'node_modules/axe-core: MPL-2.0',
      // Given to the public domain; the charts' library brings it.
      'node_modules/robust-predicates: Unlicense',
    ]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['Apache-2.0 AND MIT', true],
    ['Apache-2.0 AND LGPL-3.0-or-later', false],
    ['AGPL-3.0-or-later', false],
    ['UNLICENSED', false],
  ])('of the licence %s: %s', (license, allowed) => {
    expect(isPermissive(license)).toBe(allowed);
  });
});
