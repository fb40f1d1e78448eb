import { join } from 'node:path';
import { StatementsError } from '../../statements/errors';
import { filesBelow, makeSqlTree, type SqlText, type TreeFiles } from '../../statements/tree';

const real = filesBelow(join(__dirname, '..', '..', 'sql'));
const next = String(real.folder('migrations').length + 1).padStart(4, '0');

/** Other texts for files of sql/, by path; undefined takes a file away. */
type Changes = Readonly<Record<string, string | undefined>>;

function changed(changes: Changes): TreeFiles {
  const texts = (folder: string, files: readonly SqlText[]): readonly SqlText[] => {
    const own = Object.keys(changes).filter((file) => file.startsWith(`${folder}/`));
    const kept = files.filter(({ file }) => !own.includes(file));
    const added = own.flatMap((file) => (changes[file] === undefined ? [] : [{ file, text: changes[file] }]));
    return [...kept, ...added].sort((one, other) => (one.file < other.file ? -1 : 1));
  };
  return {
    folder: (name) => texts(name, real.folder(name)),
    sources: changes['sources.yaml'] ?? real.sources,
    jsonPaths: texts('jsonpaths', real.jsonPaths),
  };
}

const textOf = (folder: string, file: string): string =>
  String(real.folder(folder).find((each) => each.file === `${folder}/${file}`)?.text);
const copySongs = textOf('load', '030_copy_songs.sql');
const withSource = (more: string): string => `${real.sources}${more}`;
const stations = withSource('  stations:\n    prefix: station_data/\n');
const table = '-- Grain: one row a station. Key: station_id.\ncreate table etl.staging_stations (station_id integer)\n';
const copyStations =
  "-- when: stations\ncopy etl.staging_stations (station_id)\nfrom '{{stations_manifest_url}}'\nmanifest\n" +
  "format as json 'auto'\nmaxerror {{stations_max_errors}}\n";
const grant =
  '-- Grain: no rows. Key: none.\ngrant select, insert, delete on table etl.staging_stations to role sparkify_loader\n';
const numbered = (by: number): string => String(Number(next) + by).padStart(4, '0');
/** A whole new source. */
const whole: Changes = {
  'sources.yaml': stations,
  [`migrations/${next}_staging_stations.sql`]: table,
  [`migrations/${numbered(1)}_loader_stations.sql`]: grant,
  'load/032_copy_stations.sql': copyStations,
};

describe('a tree of SQL', () => {
  it('may have a source more, by a declaration and SQL alone', () => {
    const tree = makeSqlTree(changed(whole));
    expect(tree.sources.map(({ name }) => name)).toEqual(['songs', 'events', 'stations']);
    expect(tree.copies.stations).toMatchObject({ table: 'etl.staging_stations', columns: ['station_id'] });
  });

  it('has another load digest when a JSONPaths file beside it changes', () => {
    const digest = (path: string): string =>
      makeSqlTree(
        changed({
          ...whole,
          'sources.yaml': withSource(
            '  stations:\n    prefix: x/\n    jsonpaths:\n      file: jsonpaths/stations.json\n',
          ),
          'load/032_copy_stations.sql': copyStations.replace("'auto'", "'{{stations_jsonpaths_url}}'"),
          'jsonpaths/stations.json': JSON.stringify({ jsonpaths: [path] }),
        }),
      ).loadDigest;
    expect(digest('$.id')).not.toBe(digest('$.number'));
  });

  it.each<readonly [string, Changes, RegExp]>([
    [
      'a source that no COPY loads',
      { 'sources.yaml': stations },
      /^sql\/sources\.yaml: no file of sql\/load copies the source stations: .*03N_copy_stations\.sql/,
    ],
    [
      'a COPY of a source that nobody has declared',
      { ...whole, 'sources.yaml': real.sources },
      /^sql\/load\/032_copy_stations\.sql line 1: '-- when: stations' is none of songs, events\. .*declared in sql\/sources\.yaml/,
    ],
    [
      'a misspelt source',
      { 'load/044_songs.sql': textOf('load', '044_songs.sql').replace('when: songs', 'when: song') },
      /^sql\/load\/044_songs\.sql line 3: '-- when: song' is none of songs, events; did you mean songs\?/,
    ],
    [
      'a misspelt placeholder',
      { 'load/030_copy_songs.sql': copySongs.replace('{{songs_max_errors}}', '{{songs_max_error}}') },
      /^sql\/load\/030_copy_songs\.sql line \d+: \{\{songs_max_error\}\} is an unknown placeholder; did you mean songs_max_errors\?/,
    ],
    [
      'a placeholder of a source that is not declared',
      { 'load/030_copy_songs.sql': copySongs.replace('{{songs_max_errors}}', '{{song_max_errors}}') },
      /is of a source song, but declared are songs, events; did you mean songs\?\. Declare song in sql\/sources\.yaml/,
    ],
    [
      'a placeholder where none is filled in',
      { 'checks/unique_songs.sql': "select '{{run_id}}' as offender" },
      /^sql\/checks\/unique_songs\.sql line 1: a check takes no placeholders/,
    ],
    [
      'a COPY that forgets when it runs',
      { 'load/030_copy_songs.sql': copySongs.replace('-- when: songs\n', '') },
      /has a value only where the run has files of songs.*Write '-- when: songs'/,
    ],
    [
      'a COPY without a limit of rejects',
      { 'load/030_copy_songs.sql': copySongs.replace('maxerror {{songs_max_errors}}\n', '') },
      /^sql\/load\/030_copy_songs\.sql line 5: this COPY does not say maxerror/,
    ],
    [
      'a COPY that would load its manifest as data',
      { 'load/030_copy_songs.sql': copySongs.replace('\nmanifest\n', '\n') },
      /line 5: this COPY does not say manifest/,
    ],
    [
      'two COPYs of one source',
      { 'load/033_copy_more.sql': copySongs },
      /^sql\/load\/033_copy_more\.sql line 5: songs is loaded by load\/030_copy_songs\.sql already/,
    ],
    [
      'a COPY of no source',
      { 'load/033_copy_more.sql': "copy public.songs from 's3://b/k'\n" },
      /line 1: this COPY reads no manifest of a source/,
    ],
    [
      'a prefix in another',
      { ...whole, 'sources.yaml': withSource('  stations:\n    prefix: log_data/stations/\n') },
      /^sql\/sources\.yaml line \d+: the prefix log_data\/stations\/ of stations lies in log_data\/ of events/,
    ],
    [
      'a JSONPaths key that is data',
      { 'sources.yaml': real.sources.replace('key: log_json', 'key: song_data/log_json') },
      /the JSONPaths file song_data\/log_json_path\.json of events lies in the prefix song_data\/ of songs: COPY would load it/,
    ],
    [
      'a JSONPaths file that no COPY uses',
      {
        ...whole,
        'sources.yaml': withSource(
          '  stations:\n    prefix: x/\n    jsonpaths:\n      file: jsonpaths/stations.json\n',
        ),
      },
      /^sql\/load\/032_copy_stations\.sql line 2: sql\/sources\.yaml gives stations a JSONPaths file, and this COPY does not use it/,
    ],
    [
      'a JSONPaths file with too few paths',
      {
        ...whole,
        'sources.yaml': withSource(
          '  stations:\n    prefix: x/\n    jsonpaths:\n      file: jsonpaths/stations.json\n',
        ),
        'load/032_copy_stations.sql': copyStations.replace("'auto'", "'{{stations_jsonpaths_url}}'"),
        'jsonpaths/stations.json': '{"jsonpaths": ["$.a", "$.b"]}',
      },
      /^sql\/jsonpaths\/stations\.json: it has 2 paths for the 1 columns of sql\/load\/032_copy_stations\.sql/,
    ],
    [
      'a JSONPaths file that COPY would not take for one',
      {
        ...whole,
        'sources.yaml': withSource(
          '  stations:\n    prefix: x/\n    jsonpaths:\n      file: jsonpaths/stations.json\n',
        ),
        'load/032_copy_stations.sql': copyStations.replace("'auto'", "'{{stations_jsonpaths_url}}'"),
        'jsonpaths/stations.json': '{"paths": ["$.a"]}',
      },
      /COPY would take it for 'auto'/,
    ],
    [
      'a number that two migrations have',
      { 'migrations/0007_again.sql': table },
      /^sql\/migrations\/0007_songplays\.sql: number 0007 is doubled: migrations\/0007_again\.sql has it too/,
    ],
    [
      'a gap between migrations',
      { [`migrations/${numbered(1)}_late.sql`]: table },
      new RegExp(`it follows migration ${numbered(-1)}, so that number ${next} is missing`),
    ],
    [
      'a migration without a number',
      { 'migrations/stations.sql': table },
      /^sql\/migrations\/stations\.sql: a migration is named NNNN_name\.sql/,
    ],
    [
      'a check with another name than one',
      { 'checks/No-Songs.sql': 'select 1 as offender' },
      /^sql\/checks\/No-Songs\.sql: the name of a check has a-z, 0-9 and _ only/,
    ],
    [
      'a check that names no offender',
      { 'checks/no_songs.sql': 'select song_id from public.songs' },
      /^sql\/checks\/no_songs\.sql: a check selects the rows that offend as one column of text named offender/,
    ],
    [
      'a table that the load may not write',
      { ...whole, [`migrations/${numbered(1)}_loader_stations.sql`]: undefined },
      /^sql\/load\/032_copy_stations\.sql line 2: the load may not insert on etl\.staging_stations: .*grant insert on table etl\.staging_stations to role sparkify_loader/,
    ],
    [
      'a table that the load may not empty',
      {
        ...whole,
        [`migrations/${numbered(1)}_loader_stations.sql`]: grant.replace(', delete', ''),
        'load/012_clear.sql': "call etl.clear('etl.staging_stations')\n",
      },
      /^sql\/load\/012_clear\.sql line 1: the load may not delete on etl\.staging_stations/,
    ],
    [
      'more statements than a batch takes',
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`load/08${index}_more.sql`, 'select 1\n'])),
      /^sql\/load: an incremental run has 5\d statements and 1 for the checks, 1\d more than the 40 .*sql\/load has room for 2\d .*etl\.clear/,
    ],
    [
      'a word that is no field',
      { 'sources.yaml': 'sources:\n  songs:\n    prefx: a/\n' },
      /line 3: songs has no field prefx.*did you mean prefix\?/,
    ],
    ['a source without a prefix', { 'sources.yaml': 'sources:\n  songs: {}\n' }, /line 2: songs has no prefix/],
    [
      'a prefix without a slash',
      { 'sources.yaml': 'sources:\n  songs:\n    prefix: a\n' },
      /line 3: prefix is 'a', not a key prefix/,
    ],
    [
      'a name that the ledger has no room for',
      { 'sources.yaml': 'sources:\n  a_very_long_source:\n    prefix: a/\n' },
      /line 2: 'a_very_long_source' is no name of a source/,
    ],
    [
      'a pattern without a day',
      { 'sources.yaml': 'sources:\n  songs:\n    prefix: a/\n    day: \\d+\n' },
      /line 4: day of songs is '\\d\+', not a pattern with one group/,
    ],
    [
      'too many rejects',
      { 'sources.yaml': 'sources:\n  songs:\n    prefix: a/\n    rejects: 100000\n' },
      /line 4: rejects is '100000', not a whole number from 0 to 99999/,
    ],
    ['no YAML', { 'sources.yaml': 'sources:\n  songs: {\n' }, /^sql\/sources\.yaml line \d+: /],
  ])('is refused with %s', (_, changes, message) => {
    const make = (): unknown => makeSqlTree(changed(changes));
    expect(make).toThrow(StatementsError);
    try {
      make();
    } catch (error) {
      const { message: text, advice } = error as StatementsError;
      expect(`${text}. ${advice}`).toMatch(message);
    }
  });
});
