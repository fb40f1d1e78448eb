import type { Facts } from '../facts/facts';
import { count, decimal, percent, plural, ratio } from '../format';
import { type Chart, COLOURS, column, LEVELS } from './chart';
import { ranking } from './shapes';

const levelColour = (level: string | null): string => (level === 'free' ? COLOURS.second : COLOURS.main);
const personName = (first: string | null, last: string | null): string =>
  [first, last].filter((part) => part !== null && part !== '').join(' ') || 'no name';

export function topSongs({ topSongs: rows, keyFigures: [figures] }: Facts): Chart {
  const [first] = rows;
  return {
    id: 'top-songs',
    question: 'Which songs are played most?',
    finding: first
      ? `“${first.title}” leads with ${plural(first.plays, 'play')} of the ${count(figures?.known_plays ?? 0)} whose song is known.`
      : 'No play knows its song yet.',
    description: 'Bars, one a song, the most played first.',
    draw: ranking(
      rows.map((row) => ({
        label: row.artist === null ? row.title : `${row.title} · ${row.artist}`,
        value: row.plays,
      })),
      58,
    ),
    table: {
      columns: [
        column('place', true),
        column('song'),
        column('artist'),
        column('plays', true),
        column('listeners', true),
      ],
      rows: rows.map((row) => [row.place, row.title, row.artist ?? '', row.plays, row.listeners]),
    },
  };
}

export function topArtists({ topArtists: rows }: Facts): Chart {
  const [first] = rows;
  return {
    id: 'top-artists',
    question: 'Which artists?',
    finding: first
      ? `${first.artist} leads with ${plural(first.plays, 'play')} of ${plural(first.songs, 'song')}.`
      : 'No play knows its artist yet.',
    description: 'Bars, one an artist, the most played first.',
    draw: ranking(
      rows.map((row) => ({ label: row.artist, value: row.plays })),
      58,
    ),
    table: {
      columns: [
        column('place', true),
        column('artist'),
        column('plays', true),
        column('songs', true),
        column('listeners', true),
      ],
      rows: rows.map((row) => [row.place, row.artist, row.plays, row.songs, row.listeners]),
    },
  };
}

export function topUsers({ topUsers: rows, keyFigures: [figures] }: Facts): Chart {
  const [first] = rows;
  const together = rows.reduce((sum, { plays }) => sum + plays, 0);
  return {
    id: 'top-users',
    question: 'Who listens most?',
    finding: first
      ? `User ${first.user_id} leads with ${plural(first.plays, 'play')}; the ${rows.length} shown make ${percent(ratio(together, figures?.plays ?? 0))} of all plays.`
      : 'Nobody has listened yet.',
    description: 'Bars, one a user, those who listen most first; the colour tells paid from free.',
    legend: LEVELS,
    draw: ranking(
      rows.map((row) => ({
        label: `${personName(row.first_name, row.last_name)} · user ${row.user_id}`,
        value: row.plays,
        colour: levelColour(row.level),
      })),
    ),
    table: {
      columns: [
        column('place', true),
        column('user', true),
        column('name'),
        column('level'),
        column('plays', true),
        column('sessions', true),
      ],
      rows: rows.map((row) => [
        row.place,
        String(row.user_id),
        personName(row.first_name, row.last_name),
        row.level ?? '',
        row.plays,
        row.sessions,
      ]),
    },
  };
}

export function topLocations({ topLocations: rows }: Facts): Chart {
  const [first] = rows;
  return {
    id: 'top-locations',
    question: 'Where do they listen?',
    finding: first
      ? `${first.location} leads with ${plural(first.plays, 'play')} by ${plural(first.listeners, 'listener')}.`
      : 'No play has a location yet.',
    description: 'Bars, one a metropolitan area, the most plays first.',
    draw: ranking(rows.map((row) => ({ label: row.location, value: row.plays }))),
    table: {
      columns: [column('place', true), column('location'), column('plays', true), column('listeners', true)],
      rows: rows.map((row) => [row.place, row.location, row.plays, row.listeners]),
    },
  };
}

export function sessionLengths({
  sessionLengths: rows,
  sessionMedians: [medians],
  keyFigures: [figures],
}: Facts): Chart {
  const sessions = figures?.sessions ?? 0;
  return {
    id: 'session-lengths',
    question: 'How long are sessions?',
    finding:
      medians?.plays == null
        ? 'There is no session yet.'
        : `The median of ${plural(sessions, 'session')} is ${plural(medians.plays, 'play')} over ${decimal(medians.minutes ?? 0)} minutes.`,
    description: 'Bars, one a class of sessions by their number of plays, the shortest first.',
    note: 'Minutes go from the beginning of the first play to that of the last.',
    draw: ranking(
      rows.map((row) => ({
        label: row.plays_in_session === '1' ? '1 play' : `${row.plays_in_session} plays`,
        value: row.sessions,
        shown: `${count(row.sessions)} (${percent(ratio(row.sessions, sessions))})`,
      })),
    ),
    table: {
      columns: [column('plays in the session'), column('sessions', true), column('plays', true)],
      rows: rows.map((row) => [row.plays_in_session, row.sessions, row.plays]),
    },
  };
}

export function browsers({ browsers: rows }: Facts): Chart {
  const [first] = rows;
  return {
    id: 'browsers',
    question: 'With which browsers?',
    finding: first ? `${first.browser} has ${percent(first.share)} of the plays.` : 'No play names a browser yet.',
    description: 'Bars, one a browser, the most plays first.',
    draw: ranking(
      rows.map((row) => ({
        label: row.browser,
        value: row.plays,
        shown: `${count(row.plays)} (${percent(row.share)})`,
      })),
    ),
    table: {
      columns: [column('browser'), column('plays', true), column('share', true), column('listeners', true)],
      rows: rows.map((row) => [row.browser, row.plays, percent(row.share), row.listeners]),
    },
  };
}

export function devices({ devices: rows }: Facts): Chart {
  const computers = rows.filter(({ device }) => device === 'computer').reduce((sum, { share }) => sum + share, 0);
  return {
    id: 'devices',
    question: 'On which devices?',
    finding:
      rows.length === 0 ? 'No play names a device yet.' : `${percent(computers)} of the plays come from computers.`,
    description: 'Bars, one a platform, the most plays first.',
    draw: ranking(
      rows.map((row) => ({
        label: row.platform === row.device ? row.platform : `${row.platform} · ${row.device}`,
        value: row.plays,
        shown: `${count(row.plays)} (${percent(row.share)})`,
      })),
    ),
    table: {
      columns: [
        column('platform'),
        column('device'),
        column('plays', true),
        column('share', true),
        column('listeners', true),
      ],
      rows: rows.map((row) => [row.platform, row.device, row.plays, percent(row.share), row.listeners]),
    },
  };
}
