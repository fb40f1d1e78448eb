/**
 * Writes reports of made-up facts, a process of its own: Jest cannot load the charting library, which is an ES module.
 * Its one argument is the folder.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from '../../report';
import { EMPTY, NASTY_FACTS, SAMPLE } from './sample-facts';

async function main(folder: string): Promise<void> {
  const options = {
    warehouse: 'Sparkify-test, database sparkify',
    now: new Date('2018-12-01T03:00:00Z'),
    load: [
      { text: "copy public.staging_songs\nfrom '{{songs_manifest_url}}'\n" },
      { text: "copy public.staging_events\nfrom '{{events_manifest_url}}'\n" },
      { text: 'insert into public.songplays (a) select a from etl.staged_plays' },
      { text: 'insert into public.users (a) select a from public.staging_events' },
      { text: 'insert into public.songs (a) select a from public.staging_songs' },
    ],
  };
  for (const [name, facts] of Object.entries({ sample: SAMPLE, empty: EMPTY, nasty: NASTY_FACTS }))
    writeFileSync(join(folder, `${name}.html`), await renderReport(facts, options));
  writeFileSync(join(folder, 'watched.html'), await renderReport(SAMPLE, { ...options, reloadAfter: 3 }));
}

main(String(process.argv[2])).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
