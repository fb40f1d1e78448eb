/**
 * The peer of the load benchmark: what somebody would write by hand for DuckDB alone, with the same types and the same
 * star at the end, no ledger, no manifests, no checks. Runs in a process of its own and prints what it took as JSON.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const LOG_COLUMNS = `{
    artist: 'VARCHAR', auth: 'VARCHAR', "firstName": 'VARCHAR', gender: 'VARCHAR', "itemInSession": 'INTEGER',
    "lastName": 'VARCHAR', length: 'DOUBLE', level: 'VARCHAR', location: 'VARCHAR', method: 'VARCHAR', page: 'VARCHAR',
    registration: 'DOUBLE', "sessionId": 'INTEGER', song: 'VARCHAR', status: 'INTEGER', ts: 'BIGINT',
    "userAgent": 'VARCHAR', "userId": 'VARCHAR'
}`;
const SONG_COLUMNS = `{
    artist_id: 'VARCHAR', artist_latitude: 'DOUBLE', artist_location: 'VARCHAR', artist_longitude: 'DOUBLE',
    artist_name: 'VARCHAR', duration: 'DOUBLE', num_songs: 'INTEGER', song_id: 'VARCHAR', title: 'VARCHAR',
    year: 'INTEGER'
}`;

function statements(bucket: string): readonly string[] {
  const logs = join(bucket, 'log_data', '**', '*.json');
  const songs = join(bucket, 'song_data', '**', '*.json');
  return [
    `create table staging_events as
     select * replace (cast(nullif("userId", '') as integer) as "userId")
     from read_json('${logs}', format = 'newline_delimited', columns = ${LOG_COLUMNS})`,
    `create table staging_songs as
     select * from read_json('${songs}', format = 'newline_delimited', columns = ${SONG_COLUMNS})`,
    `create table users as
     select "userId" as user_id, "firstName" as first_name, "lastName" as last_name, gender, level
     from staging_events where "userId" is not null
     qualify row_number() over (partition by "userId" order by ts desc, "sessionId" desc, "itemInSession" desc) = 1`,
    `create table songs as
     select song_id, title, artist_id, nullif(year, 0) as year, duration from staging_songs
     qualify row_number() over (partition by song_id order by title) = 1`,
    `create table artists as
     select artist_id, artist_name as name, artist_location as location, artist_latitude as latitude,
            artist_longitude as longitude
     from staging_songs
     qualify row_number() over (partition by artist_id order by song_id) = 1`,
    `create table songplays as
     with plays as (
         select *, make_timestamp(ts * 1000) as start_time
         from staging_events where page = 'NextSong'
         qualify row_number() over (partition by "sessionId", "itemInSession" order by ts) = 1
     ),
     matches as (
         select p."sessionId", p."itemInSession", s.song_id, s.artist_id
         from plays p join staging_songs s on s.title = p.song and s.artist_name = p.artist
         qualify row_number() over (
             partition by p."sessionId", p."itemInSession" order by abs(s.duration - p.length), s.song_id
         ) = 1
     )
     select row_number() over () as songplay_id, p.start_time, p."userId" as user_id, p.level, m.song_id, m.artist_id,
            p."sessionId" as session_id, p."itemInSession" as item_in_session, p.location, p."userAgent" as user_agent
     from plays p left join matches m using ("sessionId", "itemInSession")`,
    `create table "time" as
     select start_time, extract(hour from start_time) as hour, extract(day from start_time) as day,
            extract(week from start_time) as week, extract(month from start_time) as month,
            extract(year from start_time) as year, extract(dow from start_time) as weekday
     from (select distinct start_time from songplays)`,
    'checkpoint',
  ];
}

async function main(bucket: string, file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run('set preserve_insertion_order = false');
  const cpu = process.cpuUsage();
  const begun = performance.now();
  for (const sql of statements(bucket)) await connection.run(sql);
  const wall = performance.now() - begun;
  const used = process.cpuUsage(cpu);
  const tables = ['staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time'];
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const rows = await (await connection.runAndReadAll(`select count(*) from "${table}"`)).getRowsJson();
    counts[table] = Number(rows[0]?.[0]);
  }
  const known = await (await connection.runAndReadAll('select count(song_id) from songplays')).getRowsJson();
  counts.known = Number(known[0]?.[0]);
  connection.closeSync();
  instance.closeSync();
  console.log(
    JSON.stringify({
      cpuMilliseconds: (used.user + used.system) / 1000,
      wallMilliseconds: wall,
      maxRssBytes: process.resourceUsage().maxRSS * 1024,
      counts,
    }),
  );
}

const [bucket, file] = process.argv.slice(2);
if (bucket === undefined || file === undefined) throw new Error('usage: peer.ts BUCKET_FOLDER DATABASE_FILE');
main(bucket, file).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
