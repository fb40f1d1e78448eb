import { join } from 'node:path';
import { readConfig } from '../../lambda/config';
import { emptySources, loadSources } from '../../lambda/load-sources';
import { FileDays } from '../../lambda/log-dates';
import { readSqlTree } from '../../statements/tree';
import { ENVIRONMENT } from './loaded-world';

const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
const config = readConfig(ENVIRONMENT);

describe('the sources of a run', () => {
  it('are those that the SQL declares, with what the environment says of them', () => {
    expect(loadSources(tree, config).slice(0, 2)).toEqual([
      { name: 'songs', url: 's3://source/song_data/', rejects: 0 },
      expect.objectContaining({ name: 'events', jsonPaths: 's3://source/log_json_path.json', day: expect.any(String) }),
    ]);
  });

  it('bring the text of a JSONPaths file that lies beside the SQL', () => {
    const file = 'jsonpaths/songs.json';
    const sources = tree.sources.map((each) => (each.name === 'songs' ? { ...each, jsonPaths: { file } } : each));
    const [songs] = loadSources({ sources, jsonPaths: { [file]: '{}' } }, config);
    expect(songs).toMatchObject({ name: 'songs', jsonPathsText: '{}' });
  });

  it('have to be the same in the template and in the SQL', () => {
    const { songs: _songs, ...others } = config.sources;
    expect(() => loadSources(tree, { sources: others })).toThrow(
      /^sql\/sources\.yaml declares songs, events.*, but SOURCES names events/,
    );
  });
});

describe('a source without files', () => {
  const listing = (bySource: Readonly<Record<string, number>>) => {
    const files = Object.values(bySource).reduce((sum, count) => sum + count, 0);
    const total = { files, bytes: 0, bySource };
    return { digest: 'd', prefix: 'runs/x/', files, buckets: 'all', total, wanted: total };
  };
  const empty = (bySource: Readonly<Record<string, number>>) =>
    emptySources(listing(bySource), loadSources(tree, config));

  it('is told where another has some', () => {
    expect(empty({ events: 2 })).toContain('s3://source/song_data/');
    expect(empty({ events: 2, songs: 1 })).not.toContain('s3://source/song_data/');
  });

  it('is not told beside the error that none has any', () => {
    expect(empty({})).toEqual([]);
    expect(emptySources(undefined, loadSources(tree, config))).toEqual([]);
  });
});

describe('the day of a file', () => {
  const days = new FileDays([{ name: 'plans' }, { name: 'visits', day: '/day=(\\d{4}-\\d{2}-\\d{2})/' }]);
  const range = { from: '2018-11-01', to: '2018-11-30' };
  const visit = (day: string) => ({ source: 'visits', url: `s3://b/visits/day=${day}/1.json` });

  it('stands where the pattern of its source says', () => {
    expect(days.isWanted(visit('2018-11-05'), range)).toBe(true);
    expect(days.isWanted(visit('2018-12-05'), range)).toBe(false);
    expect(days.isUndated(visit('2018-12-05'))).toBe(false);
  });

  it('is none where the calendar has none', () => {
    expect(days.isUndated(visit('2018-02-30'))).toBe(true);
    expect(days.isWanted(visit('2018-02-30'), range)).toBe(false);
  });

  it('is every day where the source has no pattern', () => {
    const plan = { source: 'plans', url: 's3://b/plans/2017-01-01.json' };
    expect(days.isWanted(plan, range)).toBe(true);
    expect(days.isUndated(plan)).toBe(false);
  });
});
