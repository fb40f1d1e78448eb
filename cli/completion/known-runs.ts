import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** More would not help anybody to choose. */
const MOST = 50;

/**
 * The ids of the runs of an environment on this machine, the newest first: each has left its manifests in the work
 * bucket. That is a look into folders; asking a warehouse takes longer than somebody who presses Tab would wait.
 */
export function knownRuns(home: string, environment: string): readonly string[] {
  const buckets = join(home, 's3');
  if (!existsSync(buckets)) return [];
  return readdirSync(buckets)
    .filter((bucket) => bucket.startsWith(`sparkify-${environment}-workbucket`))
    .flatMap((bucket) => runsIn(join(buckets, bucket, 'runs')))
    .sort((left, right) => right.at - left.at)
    .slice(0, MOST)
    .map(({ run }) => run);
}

function runsIn(folder: string): readonly { readonly run: string; readonly at: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((run) => ({ run, at: statSync(join(folder, run)).mtimeMs }));
}
