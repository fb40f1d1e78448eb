import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { opening } from './statements';

/** How many statements are kept, and how many characters in all. */
export const MOST_ENTRIES = 1000;
const MOST_CHARACTERS = 256 * 1024;

/** Where the history of a home is. */
export function historyFile(home: string): string {
  return join(home, 'query-history');
}

/** The history with one more entry, the newest first: none twice in a row, and no more than is kept. */
export function remembered(history: readonly string[], entry: string): readonly string[] {
  const line = entry.trim();
  if (line === '' || line === history[0] || namesSecret(line)) return history;
  return bounded([line, ...history]);
}

function bounded(history: readonly string[]): readonly string[] {
  let characters = 0;
  const fits = history.findIndex((entry) => {
    characters += entry.length + 1;
    return characters > MOST_CHARACTERS;
  });
  return history.slice(0, Math.min(MOST_ENTRIES, fits < 0 ? history.length : Math.max(1, fits)));
}

/** Statements that hold a password or keys are not written down. */
function namesSecret(entry: string): boolean {
  return (
    /\b(password|secret_access_key|access_key_id|session_token)\b/i.test(entry) ||
    (/^(copy|unload)\b/.test(opening(entry)) && /\bcredentials\b/i.test(entry))
  );
}

/** One line each, the oldest first: line breaks and backslashes of an entry are written with a backslash. */
export function historyText(history: readonly string[]): string {
  const line = (entry: string) => `${entry.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`;
  return [...history].reverse().map(line).join('');
}

/** The reverse of {@link historyText}. */
export function parsedHistory(text: string): readonly string[] {
  const entry = (line: string) => line.replace(/\\([\s\S])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
  return bounded(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map(entry)
      .reverse(),
  );
}

/** What was typed before, the newest first; nothing where there is no file yet. */
export function loadHistory(file: string): readonly string[] {
  return existsSync(file) ? parsedHistory(readFileSync(file, 'utf8')) : [];
}

/** Writes the history, for its owner only: statements hold values that are nobody else's business. */
export async function saveHistory(file: string, history: readonly string[]): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await writeFileAtomic(file, historyText(history), { mode: 0o600 });
}
