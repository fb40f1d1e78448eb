import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the last local AWS of a home took in all, as it wrote when it stopped. @throws when it never stopped in order */
export function localAwsUsage(home: string): { readonly cpuMilliseconds: number; readonly maxRssBytes: number } {
  const file = join(home, 'last-usage.json');
  return JSON.parse(readFileSync(file, 'utf8')) as { cpuMilliseconds: number; maxRssBytes: number };
}
