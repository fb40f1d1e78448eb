import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import writeFileAtomic from 'write-file-atomic';
import { outColours as pc } from '../colours';
import type { AwsEnvironment } from '../environments';
import { PROJECT } from '../home';
import { environmentPath } from './environment-file';

/** What an answer changes in the file, as a unified diff; empty where nothing does. */
export function difference(environment: AwsEnvironment, before: string, after: string): string {
  if (before === after) return '';
  const file = environmentPath(environment);
  return createTwoFilesPatch(before === '' ? '/dev/null' : file, file, before, after, undefined, undefined, {
    context: 2,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}

/** A diff in colours. */
export function coloured(diff: string): string {
  return diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('+')) return pc.green(line);
      return line.startsWith('-') ? pc.red(line) : line;
    })
    .join('\n');
}

/**
 * Writes an environment's file in one step and proves it; what stood there before comes back where the proof fails.
 * @param before undefined where there was no file
 * @param prove fails with what is wrong
 */
export async function writeProven(
  environment: AwsEnvironment,
  after: string,
  before: string | undefined,
  prove: () => Promise<void>,
  root = PROJECT,
): Promise<void> {
  const file = join(root, environmentPath(environment));
  await writeFileAtomic(file, after);
  try {
    await prove();
  } catch (error) {
    if (before === undefined) rmSync(file);
    else await writeFileAtomic(file, before);
    throw error;
  }
}
