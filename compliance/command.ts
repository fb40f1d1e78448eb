import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { assess, type Variant } from './assess';
import { securityDocument } from './document';
import type { Pack } from './packs';
import { asJson, asText, passes } from './report';
import { PackFailedError, review } from './review';

export interface Command {
  readonly variants: readonly Variant[];
  readonly packs: readonly Pack[];
  /** The feature flags that the app is synthesized with. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly format: 'table' | 'json';
  /** Where the document of the accepted findings stands. */
  readonly document: string;
  /** Writes the document instead of comparing it. */
  readonly write: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Assesses, prints and compares. @returns the exit code: 1 when anything is left to do */
export function comply(command: Command): 0 | 1 {
  const { variants, packs, context, format, out, err } = command;
  try {
    const { report, acknowledgements } = assess(variants, packs, context);
    const result = review(report, acknowledgements);
    out(format === 'json' ? asJson(result) : asText(result));
    if (!passes(result)) return 1;
    const text = securityDocument(result, { packs, variants: variants.map(({ name }) => name) });
    return upToDate(text, command) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof PackFailedError)) throw error;
    err(error.message);
    return 1;
  }
}

function upToDate(text: string, { document, write, err }: Command): boolean {
  if (write) {
    writeFileSync(document, text);
    return true;
  }
  if (contentOf(document) === text) return true;
  err(`${basename(document)} is not what the acknowledgements say: npm run compliance -- --write`);
  return false;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
