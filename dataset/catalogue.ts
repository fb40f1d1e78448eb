import type { Random } from './random';
import { ARTIST_PLACES, ARTIST_WORDS, TITLE_WORDS } from './words';

/** One song's metadata, as it lies in one file. Numbers may stand in string fields, as in the real bucket. */
export interface Song {
  readonly artist_id: string;
  readonly artist_latitude: number | null;
  readonly artist_location: string | number;
  readonly artist_longitude: number | null;
  readonly artist_name: string | number;
  readonly duration: number;
  readonly num_songs: 1;
  readonly song_id: string;
  readonly title: string | number;
  readonly year: number;
}

interface Artist {
  readonly id: string;
  readonly names: readonly (string | number)[];
  readonly places: readonly (string | number)[];
  readonly latitude: number | null;
  readonly longitude: number | null;
}

function words(random: Random, from: readonly string[], low: number, high: number): string {
  return Array.from({ length: random.integer(low, high) }, () => random.pick(from)).join(' ');
}

function artistName(random: Random): string | number {
  return random.chance(0.2) ? random.integer(1, 999) : words(random, ARTIST_WORDS, 1, 3);
}

function artistPlace(random: Random): string | number {
  if (random.chance(45)) return '';
  return random.chance(0.2) ? random.integer(10_000, 99_999) : random.pick(ARTIST_PLACES);
}

/** Of 9,553 real artists 396 bear more than one name and 34 come from more than one place. */
function artist(random: Random): Artist {
  const located = random.chance(35);
  return {
    id: `AR${random.code(16)}`,
    names: Array.from({ length: random.chance(4) ? 2 : 1 }, () => artistName(random)),
    places: Array.from({ length: random.chance(0.4) ? 2 : 1 }, () => artistPlace(random)),
    latitude: located ? random.decimal(-60, 70, 5) : null,
    longitude: located ? random.decimal(-180, 180, 5) : null,
  };
}

function title(random: Random): string | number {
  if (random.chance(0.13)) return random.chance(10) ? 4.6 : random.integer(1, 2100);
  const text = words(random, TITLE_WORDS, 1, 4).replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  if (random.chance(0.1)) return `${text} `;
  return random.chance(3) ? `${text} (Album Version)` : text;
}

function song(random: Random, by: Artist): Song {
  return {
    artist_id: by.id,
    artist_latitude: by.latitude,
    artist_location: random.pick(by.places),
    artist_longitude: by.longitude,
    artist_name: random.pick(by.names),
    duration: random.decimal(20, 600, 5),
    num_songs: 1,
    song_id: `SO${random.code(16)}`,
    title: title(random),
    // 0 says that the year is unknown.
    year: random.chance(32) ? 0 : random.integer(1926, 2010),
  };
}

/** The catalogue: every `song_id` once, about 0.64 artists a song, a few title and artist pairs twice. */
export function catalogue(random: Random, count: number): readonly Song[] {
  const artists = Array.from({ length: Math.max(1, Math.round(count * 0.66)) }, () => artist(random));
  const songs: Song[] = [];
  while (songs.length < count) {
    const twin = songs.length > 0 && random.chance(0.04) ? random.pick(songs) : undefined;
    const made = song(random, random.pick(artists));
    songs.push(twin === undefined ? made : { ...twin, song_id: made.song_id, duration: made.duration });
  }
  return songs;
}
