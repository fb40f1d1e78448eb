import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');
let bundled: string | undefined;

/**
 * Bundles the ETL function once a process: `index.js` with everything it imports (the AWS SDK too, so that what runs
 * is what was tested) and the `sql/` tree beside it.
 * @returns the folder; it is removed when the process ends, after the CDK has copied it into the assembly
 */
export function bundleEtlFunction(): string {
  if (bundled !== undefined) return bundled;
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-etl-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: [join(ROOT, 'lambda', 'index.ts')],
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
  cpSync(join(ROOT, 'sql'), join(folder, 'sql'), { recursive: true });
  bundled = folder;
  return folder;
}
