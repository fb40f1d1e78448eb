import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { drawFilm } from './draw';
import { record } from './record';
import { film } from './screen';
import { tidied } from './tidy';

const ROOT = resolve(__dirname, '..', '..');

/** What the cast of the README shows being typed. */
export const TYPED = [
  'npm start',
  'npm run -s sparkify -- query "select level, count(*) as plays from songplays group by level"',
] as const;

/** Wide enough for the table of a stack's outputs. */
const SIZE = { columns: 124, rows: 30 } as const;

/** How the folders of this machine are shown. */
const CHECKOUT = '~/sparkify';

/**
 * docs/start.svg: records both commands as they run now, in a home of their own. Two recordings differ in times, ids
 * and ports.
 * @throws RecordingError
 */
export async function startCast(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sparkify-cast-'));
  try {
    const cast = await record({ ...SIZE, commands: TYPED, folder: ROOT, environment: environment(home) });
    const tidy = tidied(cast, { [ROOT]: CHECKOUT, [home]: `${CHECKOUT}/.sparkify` });
    return drawFilm(await film(tidy), {
      title: 'npm start, and a query',
      description:
        'A terminal: npm start generates a bucket, starts the local AWS, deploys the stack with the CDK CLI, loads the ' +
        'warehouse and prints what came of it; then a query counts the plays of free and paid listeners.',
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Colours and progress as a person sees them; nothing of the reader's own AWS, editor or npm. */
function environment(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    SPARKIFY_HOME: home,
    npm_config_progress: 'false',
    npm_config_update_notifier: 'false',
  };
}
