import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Runs `npm run -s sparkify -- ...` as a person would. @returns its standard output @throws when it fails */
export function sparkify(...args: readonly string[]): string {
  const end = spawnSync('npm', ['run', '-s', 'sparkify', '--', ...args], { cwd: ROOT, encoding: 'utf8' });
  if (end.status !== 0) throw new Error(`sparkify ${args.join(' ')} ended with ${end.status}:\n${end.stderr}`);
  return end.stdout;
}

/** The row counts of the warehouse, and how many plays know their song. */
export function counts(): Readonly<Record<string, number>> {
  const tables = ['staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time'];
  const selected = tables.map((table) => `(select count(*) from ${table}) as "${table}"`).join(', ');
  const rows = sparkify(
    'query',
    `select ${selected}, (select count(song_id) from songplays) as known`,
    '--format',
    'json',
  );
  return (JSON.parse(rows) as Record<string, number>[])[0] ?? {};
}

/** Compares and says every difference. @throws when there is one */
export function expectCounts(expected: Readonly<Record<string, number>>): void {
  const found = counts();
  const wrong = Object.keys(expected).filter((name) => expected[name] !== found[name]);
  for (const name of wrong) console.error(`${name}: expected ${expected[name]}, found ${found[name]}`);
  if (wrong.length > 0) throw new Error(`${wrong.length} counts are wrong`);
  console.log(`counts are right: ${JSON.stringify(found)}`);
}
