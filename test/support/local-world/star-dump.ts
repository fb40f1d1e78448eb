import type { CellValue } from '../../../local/redshift/warehouse';

/** The tables by which two warehouses are compared, each in the order of its key. */
const TABLES: Readonly<Record<string, string>> = {
  songplays:
    'select songplay_id::varchar, start_time, user_id, level, song_id, artist_id, session_id, item_in_session, location, user_agent from songplays order by session_id, item_in_session',
  users: 'select * from users order by user_id',
  songs: 'select * from songs order by song_id',
  artists: 'select * from artists order by artist_id',
  time: 'select * from public.time order by start_time',
  ledger: 'select url, etag, size_bytes, source from etl.files order by url',
};

/** Every row of every table, as text. */
export type StarDump = Readonly<Record<string, readonly string[]>>;

export async function starDump(world: {
  rows(sql: string): Promise<readonly (readonly CellValue[])[]>;
}): Promise<StarDump> {
  const dump: Record<string, readonly string[]> = {};
  for (const [table, sql] of Object.entries(TABLES))
    dump[table] = (await world.rows(sql)).map((row) =>
      JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    );
  return dump;
}

/** Where two stars differ, in a few words; empty when they are the same. */
export function differences(expected: StarDump, found: StarDump): readonly string[] {
  return Object.keys(expected).flatMap((table) => {
    const before = new Set(expected[table]);
    const after = new Set(found[table]);
    const lost = [...before].filter((row) => !after.has(row));
    const more = [...after].filter((row) => !before.has(row));
    const twice = (found[table]?.length ?? 0) - after.size;
    if (lost.length + more.length + twice === 0) return [];
    return [`${table}: ${lost.length} rows lost, ${more.length} not expected, ${twice} twice (${lost[0] ?? more[0]})`];
  });
}
