import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, type SourceChoice } from './source';

/** Remembers the source, so that the next start without one goes on with it. */
const CHOICE = 'source.json';

/** Whether a home has remembered a source: then it is one that was started. */
export function remembersSource(home: string): boolean {
  return existsSync(join(home, CHOICE));
}

/** The source of the last start in a home; a generated one before the first. */
export function rememberedSource(home: string): SourceChoice {
  return remembersSource(home) ? (JSON.parse(readFileSync(join(home, CHOICE), 'utf8')) as SourceChoice) : GENERATED;
}

export function rememberSource(home: string, choice: SourceChoice): void {
  writeFileSync(join(home, CHOICE), JSON.stringify(choice));
}
