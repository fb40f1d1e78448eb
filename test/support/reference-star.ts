import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface SourceSong {
  readonly song_id: string;
  readonly artist_id: string;
  readonly artist_name: string | number;
  readonly title: string | number;
  readonly duration: number;
}

interface SourceEvent {
  readonly artist: string | null;
  readonly song: string | null;
  readonly length: number | null;
  readonly page: string;
  readonly sessionId: number;
  readonly itemInSession: number;
  readonly ts: number;
  readonly userId: string;
  readonly level: string;
}

/** Row counts and a few facts of a star, worked out one row at a time from the source files. */
export interface ReferenceStar {
  readonly songplays: number;
  readonly known: number;
  readonly users: number;
  readonly songs: number;
  readonly artists: number;
  readonly time: number;
  /** `session/item` to song_id, of the plays that know their song. */
  readonly songOfPlay: ReadonlyMap<string, string>;
  /** user_id to the level of the user's latest event. */
  readonly levelOfUser: ReadonlyMap<string, string>;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The parts of a source bucket, parsed. */
function read(bucket: string): { readonly songs: SourceSong[]; readonly events: SourceEvent[] } {
  return {
    songs: filesBelow(join(bucket, 'song_data')).map((file) => JSON.parse(readFileSync(file, 'utf8')) as SourceSong),
    events: filesBelow(join(bucket, 'log_data')).flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as SourceEvent),
    ),
  };
}

const trimmed = (text: string | number | null) => (text === null ? null : String(text).replace(/ +$/, ''));

/** Of the songs of one title and artist name: the closest duration, then the lowest song_id. */
function songOf(play: SourceEvent, songs: readonly SourceSong[]): SourceSong | undefined {
  return songs
    .filter((song) => trimmed(song.title) === trimmed(play.song) && trimmed(song.artist_name) === trimmed(play.artist))
    .sort((a, b) => {
      const distance = (song: SourceSong) => Math.abs(song.duration - (play.length ?? 0));
      return distance(a) - distance(b) || (a.song_id < b.song_id ? -1 : 1);
    })[0];
}

/** The star that the source files make, whatever engine built the other one. */
export function referenceStar(bucket: string): ReferenceStar {
  const { songs, events } = read(bucket);
  const plays = new Map(
    events
      .filter((event) => event.page === 'NextSong')
      .map((play) => [`${play.sessionId}/${play.itemInSession}`, play]),
  );
  const byTitle = new Map<string | null, SourceSong[]>();
  for (const song of songs) byTitle.set(trimmed(song.title), [...(byTitle.get(trimmed(song.title)) ?? []), song]);
  const songOfPlay = new Map<string, string>();
  for (const [key, play] of plays) {
    const song = songOf(play, byTitle.get(trimmed(play.song)) ?? []);
    if (song !== undefined) songOfPlay.set(key, song.song_id);
  }
  const latest = new Map<string, SourceEvent>();
  for (const event of events.filter(({ userId }) => userId !== '')) {
    const known = latest.get(event.userId);
    const newer =
      known === undefined ||
      event.ts - known.ts > 0 ||
      (event.ts === known.ts && event.sessionId - known.sessionId > 0) ||
      (event.ts === known.ts && event.sessionId === known.sessionId && event.itemInSession > known.itemInSession);
    if (newer) latest.set(event.userId, event);
  }
  return {
    songplays: plays.size,
    known: songOfPlay.size,
    users: latest.size,
    songs: new Set(songs.map((song) => song.song_id)).size,
    artists: new Set(songs.map((song) => song.artist_id)).size,
    time: new Set([...plays.values()].map((play) => play.ts)).size,
    songOfPlay,
    levelOfUser: new Map([...latest].map(([user, event]) => [user, event.level])),
  };
}
