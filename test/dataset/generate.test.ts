import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BucketSummary, generateBucket } from '../../dataset/generate';

const SMALL = { seed: 7, songs: 120, events: 900, users: 20, days: 5 };
const folders: string[] = [];

async function bucket(options: Partial<typeof SMALL> = {}): Promise<{ folder: string; summary: BucketSummary }> {
  const folder = mkdtempSync(join(tmpdir(), 'bucket-'));
  folders.push(folder);
  return { folder, summary: await generateBucket({ folder, ...SMALL, ...options }) };
}

function files(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const file of files(folder, '.')) hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest('hex');
}

describe('the generated bucket', () => {
  let folder: string;
  let summary: BucketSummary;
  let lines: string[];
  let events: Record<string, unknown>[];
  beforeAll(async () => {
    ({ folder, summary } = await bucket());
    lines = files(folder, 'log_data').flatMap((file) => readFileSync(file, 'latin1').split('\n'));
    events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  });
  afterAll(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  it('is the same, byte for byte, for the same seed and another one for another seed', async () => {
    const again = await bucket();
    const other = await bucket({ seed: 8 });
    expect(digest(again.folder)).toBe(digest(folder));
    expect(digest(other.folder)).not.toBe(digest(folder));
  });

  it('has one log file a day, named and placed as the real ones are', () => {
    expect(files(folder, 'log_data').map((file) => file.slice(folder.length + 1))).toEqual(
      ['01', '02', '03', '04', '05'].map((day) => join('log_data', '2018', '11', `2018-11-${day}-events.json`)),
    );
  });

  it('has one song a file, three folders deep by the letters of its track', () => {
    const songs = files(folder, 'song_data').map((file) => file.slice(folder.length + 1));
    expect(songs).toHaveLength(120);
    for (const file of songs) expect(file).toMatch(/^song_data\/A\/(.)\/(.)\/TRA\1\2[A-Z0-9]{13}\.json$/);
  });

  it('tells in its summary what a right load must find', () => {
    const plays = events.filter((event) => event.page === 'NextSong');
    expect(summary).toMatchObject({ songs: 120, events: 900, plays: plays.length });
    expect(summary.startTimes).toBe(new Set(plays.map((play) => play.ts)).size);
    expect(summary.users).toBe(new Set(events.map((event) => event.userId).filter((id) => id !== '')).size);
  });

  it('writes the logs as the app does: ASCII, keys in order, escaped slashes, floats for registration, no last newline', () => {
    const text = files(folder, 'log_data').map((file) => readFileSync(file));
    expect(text.every((bytes) => bytes.every((byte) => byte < 128) && bytes.at(-1) !== 10)).toBe(true);
    expect(Object.keys(events[0] ?? {})).toEqual(
      'artist auth firstName gender itemInSession lastName length level location method page registration sessionId song status ts userAgent userId'.split(
        ' ',
      ),
    );
    expect(lines.some((line) => line.includes('\\/'))).toBe(true);
    expect(lines.filter((line) => /"registration":(\d+\.0|null)/.test(line))).toHaveLength(lines.length);
    expect(events.every((event) => String(event.ts).endsWith('796'))).toBe(true);
  });

  it('never uses a session and item twice, and keeps each event in the file of its day', () => {
    const keys = events.map((event) => `${event.sessionId}/${event.itemInSession}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const file of files(folder, 'log_data')) {
      const day = file.slice(-22, -12);
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        expect(new Date((JSON.parse(line) as { ts: number }).ts).toISOString().slice(0, 10)).toBe(day);
      }
    }
  });

  it('has visitors who are not logged in, and songs of which some are in the catalogue', () => {
    const visitors = events.filter((event) => event.auth === 'Logged Out');
    expect(visitors.length).toBeGreaterThan(0);
    expect(visitors.every((event) => event.userId === '' && event.userAgent === null)).toBe(true);
    const titles = new Set(
      files(folder, 'song_data').map((file) =>
        String((JSON.parse(readFileSync(file, 'utf8')) as { title: unknown }).title),
      ),
    );
    const known = events.filter((event) => titles.has(String(event.song)));
    expect(known.length).toBeGreaterThan(0);
    expect(known.length).toBeLessThan(summary.plays / 4);
  });
});
