/** After a start on the real bucket: the views give the answers that are known of it. Its one argument is the home. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sparkify } from './sparkify';

const home = process.argv[2] ?? process.env.SPARKIFY_HOME;
process.env.SPARKIFY_HOME = home;

const KNOWN: readonly (readonly [string, readonly object[]])[] = [
  ['select title, plays from analytics.top_songs where place = 1', [{ title: "You're The One", plays: 37 }]],
  ['select plays, known_plays from analytics.key_figures', [{ plays: 6820, known_plays: 333 }]],
  ['select hour, plays from analytics.plays_by_hour order by plays desc limit 1', [{ hour: 16, plays: 542 }]],
  [
    'select iso_week, plays from analytics.plays_by_week order by week_start',
    [
      { iso_week: 44, plays: 410 },
      { iso_week: 45, plays: 1257 },
      { iso_week: 46, plays: 1958 },
      { iso_week: 47, plays: 1711 },
      { iso_week: 48, plays: 1484 },
    ],
  ],
  [
    'select location, plays from analytics.top_locations where place = 1',
    [{ location: 'San Francisco-Oakland-Hayward, CA', plays: 691 }],
  ],
  ['select user_id, plays from analytics.top_users where place = 1', [{ user_id: 49, plays: 689 }]],
];

let wrong = 0;
for (const [sql, expected] of KNOWN) {
  const found = JSON.stringify(JSON.parse(sparkify('query', sql, '--format', 'json')));
  if (found === JSON.stringify(expected)) continue;
  wrong += 1;
  console.error(`${sql}\n  expected ${JSON.stringify(expected)}\n  found    ${found}`);
}
const report = join(String(home), 'report.html');
const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
for (const part of ['You&#39;re The One', '6,820', '16:00 UTC with 542 plays', 'User 49 leads with 689 plays'])
  if (!text.includes(part)) {
    wrong += 1;
    console.error(`${report} does not say "${part}"`);
  }
if (wrong > 0) throw new Error(`${wrong} answers are wrong`);
console.log(`the ${KNOWN.length} known answers are right, and the report tells them`);
