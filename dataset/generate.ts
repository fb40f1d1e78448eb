import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Activity } from './activity';
import { catalogue, type Song } from './catalogue';
import { Random } from './random';
import { logJsonPaths, logLine } from './serialize';

export interface BucketOptions {
  /** Folder that becomes the bucket. */
  readonly folder: string;
  readonly seed: number;
  readonly songs: number;
  readonly events: number;
  readonly users: number;
  /** Number of daily log files; the first is that of 2018-11-01. */
  readonly days: number;
  readonly onProgress?: (written: { readonly songs: number; readonly events: number }) => void;
}

/** What the bucket holds: what a right load of it must find again. */
export interface BucketSummary {
  readonly songs: number;
  readonly artists: number;
  readonly events: number;
  /** NextSong events. */
  readonly plays: number;
  /** Different users among the events of logged-in users. */
  readonly users: number;
  /** Different timestamps of NextSong events. */
  readonly startTimes: number;
}

export const DEFAULT_BUCKET = { seed: 20181101, songs: 15_000, events: 8_000, users: 97, days: 30 } as const;

const FIRST_DAY = Date.UTC(2018, 10, 1);
const DAY = 86_400_000;
const LINES_A_WRITE = 20_000;

/** `song_data/A/B/C/TRABC....json`: three letters of the track's own name make the folders. */
function songPath(random: Random): { readonly folder: string; readonly name: string } {
  const name = `TRA${random.code(15)}`;
  return { folder: join('song_data', name.charAt(2), name.charAt(3), name.charAt(4)), name: `${name}.json` };
}

async function writeSongs(options: BucketOptions, random: Random, songs: readonly Song[]): Promise<void> {
  const made = new Set<string>();
  for (const [index, song] of songs.entries()) {
    const path = songPath(random);
    const folder = join(options.folder, path.folder);
    if (!made.has(folder)) await mkdir(folder, { recursive: true });
    made.add(folder);
    await writeFile(join(folder, path.name), JSON.stringify(song));
    if (index % 1000 === 999) options.onProgress?.({ songs: index + 1, events: 0 });
  }
}

class Tally {
  events = 0;
  plays = 0;
  private readonly users = new Set<string>();
  private readonly startTimes = new Set<number>();

  add(event: { readonly page: string; readonly ts: number; readonly userId: string }): void {
    this.events += 1;
    if (event.userId !== '') this.users.add(event.userId);
    if (event.page !== 'NextSong') return;
    this.plays += 1;
    this.startTimes.add(event.ts);
  }

  summary(songs: readonly Song[]): BucketSummary {
    return {
      songs: songs.length,
      artists: new Set(songs.map((song) => song.artist_id)).size,
      events: this.events,
      plays: this.plays,
      users: this.users.size,
      startTimes: this.startTimes.size,
    };
  }
}

function dayFile(options: BucketOptions, day: number): string {
  const date = new Date(FIRST_DAY + day * DAY).toISOString().slice(0, 10);
  return join(options.folder, 'log_data', date.slice(0, 4), date.slice(5, 7), `${date}-events.json`);
}

async function writeDay(file: string, lines: readonly string[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let at = 0; at < lines.length; at += LINES_A_WRITE) {
      // Lines are separated by newlines, and the last one has none: so it is in the real files.
      await handle.write(`${at === 0 ? '' : '\n'}${lines.slice(at, at + LINES_A_WRITE).join('\n')}`);
    }
  } finally {
    await handle.close();
  }
}

async function writeLogs(options: BucketOptions, activity: Activity, tally: Tally): Promise<void> {
  for (let day = 0; day < options.days; day += 1) {
    const upTo = Math.floor((options.events * (day + 1)) / options.days);
    const events = activity.day(FIRST_DAY + day * DAY, upTo - tally.events);
    const file = dayFile(options, day);
    await mkdir(join(file, '..'), { recursive: true });
    await writeDay(file, events.map(logLine));
    for (const event of events) tally.add(event);
    options.onProgress?.({ songs: options.songs, events: tally.events });
  }
}

/**
 * Writes a Sparkify source bucket: song_data, log_data and the JSONPaths file, with the layout, shapes and quirks of
 * the real one. The same options give the same bytes.
 * @returns what it holds
 */
export async function generateBucket(options: BucketOptions): Promise<BucketSummary> {
  const random = new Random(options.seed);
  const songs = catalogue(random, options.songs);
  await writeSongs(options, random, songs);
  const tally = new Tally();
  await writeLogs(options, new Activity(random, songs, options.users), tally);
  await writeFile(join(options.folder, 'log_json_path.json'), logJsonPaths());
  return tally.summary(songs);
}
