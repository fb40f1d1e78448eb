import { isAbsolute, join, resolve } from 'node:path';

/** The checkout's own folder. */
export const PROJECT = resolve(__dirname, '..');

/** The local AWS's state: `SPARKIFY_HOME`, else `.sparkify/` in the checkout. */
export function sparkifyHome(environment: NodeJS.ProcessEnv = process.env): string {
  const set = environment.SPARKIFY_HOME;
  if (set === undefined || set === '') return join(PROJECT, '.sparkify');
  return isAbsolute(set) ? set : resolve(set);
}
