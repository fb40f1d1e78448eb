import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Remembers which response tokens were handed out, over restarts: a late answer is accepted, a made-up one is not. */
export interface TokenLog {
  issue(token: string): void;
  wasIssued(token: string): boolean;
}

export function openTokenLog(folder: string): TokenLog {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'response-tokens');
  const tokens = new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
  return {
    issue(token) {
      tokens.add(token);
      appendFileSync(file, `${token}\n`);
    },
    wasIssued: (token) => tokens.has(token),
  };
}
