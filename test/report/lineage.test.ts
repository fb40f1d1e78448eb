import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, lineageModel } from '../../report/diagrams/draw-lineage';
import { edgesOf, lineage } from '../../report/diagrams/lineage';
import { starModel } from '../../report/diagrams/star';
import { SAMPLE } from './sample-facts';

const SQL = join(__dirname, '..', '..', 'sql');
const textsOf = (folder: string) =>
  readdirSync(join(SQL, folder)).map((file) => ({ text: readFileSync(join(SQL, folder, file), 'utf8') }));

describe('what a statement reads and writes', () => {
  it.each([
    [
      'insert into public.users (a) select a from etl.x join public.y on 1 = 1',
      ['etl.x>public.users', 'public.y>public.users'],
    ],
    ['create temp table found as select 1 from public.songs', ['public.songs>found']],
    ["-- from public.nowhere\ninsert into t.a select 'from public.b' from public.c", ['public.c>t.a']],
    ['insert into t.a with x as (select 1 from public.b) select * from x', ['public.b>t.a']],
    ["copy public.staging_songs\nfrom '{{songs_manifest_url}}'", ['s3:songs>public.staging_songs']],
    ["copy etl.staging_plans\nfrom '{{plans_manifest_url}}'", ['s3:plans>etl.staging_plans']],
    ['delete from public.users', []],
  ])('%s', (text, expected) => {
    expect(edgesOf({ text }).map(({ from, to }) => `${from}>${to}`)).toEqual(expected);
  });
});

describe('the lineage', () => {
  it('goes over what is not shown, also where that goes in a circle', () => {
    const statements = [
      { target: 'hidden.b', text: 'select * from public.a' },
      { target: 'hidden.c', text: 'select * from hidden.b' },
      { target: 'hidden.b', text: 'select * from hidden.c' },
      { target: 'public.d', text: 'select * from hidden.c' },
    ];
    expect(lineage(statements, (name) => name.startsWith('public.'))).toEqual([{ from: 'public.a', to: 'public.d' }]);
  });

  it('of the SQL of this project leads from the source files to every table of the star', () => {
    const statements = [...textsOf('load'), ...textsOf('migrations').filter(({ text }) => /^create view/m.test(text))];
    const edges = lineage(statements, (name) => /^(s3:|public\.)/.test(name)).map(({ from, to }) => `${from}>${to}`);
    expect(edges).toEqual(
      expect.arrayContaining([
        ...['s3:songs>public.staging_songs', 's3:events>public.staging_events'],
        ...['public.staging_songs>public.songs', 'public.staging_songs>public.artists'],
        ...['public.staging_songs>public.songplays', 'public.staging_events>public.songplays'],
        ...['public.staging_events>public.users', 'public.staging_events>public.time'],
      ]),
    );
  });

  it('names source files by the folder that they share', () => {
    expect(folderOf('s3://lake/song_data/A/A/1.json', 's3://lake/song_data/B/C/2.json')).toBe('song_data/');
    const { nodes } = lineageModel(SAMPLE, [{ text: "copy public.staging_events from '{{events_manifest_url}}'" }]);
    expect(nodes).toContainEqual({ id: 's3:events', kind: 'source', name: 'log_data/2018/11/', note: '30 files' });
  });
});

describe('the star', () => {
  it('is what the catalogue declares', () => {
    const { entities, references } = starModel(SAMPLE);
    expect(entities.map(({ name, rows }) => `${name} ${rows}`)).toContain('songplays 6820');
    expect(references).toHaveLength(5);
    expect(entities.find(({ name }) => name === 'songs')?.columns).toContainEqual({
      name: 'artist_id',
      type: 'varchar',
      isKey: false,
      pointsTo: 'artists.artist_id',
    });
  });
});
