import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');
const bundled = new Map<string, string>();

/**
 * Bundles the ETL function once a process: `index.js` with everything it imports (the AWS SDK too, so that what runs
 * is what was tested) and the `sql/` tree beside it.
 * @returns the folder; it is removed when the process ends, after the CDK has copied it into the assembly
 */
export function bundleEtlFunction(): string {
  return bundle('etl', join('lambda', 'index.ts'), (folder) => {
    cpSync(join(ROOT, 'sql'), join(folder, 'sql'), { recursive: true });
  });
}

/** Bundles another function, `lambda/<name>/index.ts`, in the same way. @returns the folder */
export function bundleFunction(name: string): string {
  return bundle(name, join('lambda', name, 'index.ts'), () => {});
}

function bundle(name: string, entryPoint: string, addFiles: (folder: string) => void): string {
  const known = bundled.get(name);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), `sparkify-${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: [join(ROOT, entryPoint)],
    outfile: join(folder, 'index.js'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // Paths inside the bundle must not depend on where the checkout stands, or each clone would be a new asset.
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  addFiles(folder);
  bundled.set(name, folder);
  return folder;
}
