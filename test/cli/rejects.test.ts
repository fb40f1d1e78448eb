import { stripVTControlCharacters } from 'node:util';
import { describeRejects, type RejectRow } from '../../cli/rejects';

const row: RejectRow = {
  source: 'events',
  file_url: 's3://source/log_data/2018-11-02-events.json',
  line_number: 1234,
  column_name: 'location',
  value: 'x'.repeat(600),
  error_code: 1204,
  reason: 'String length exceeds DDL length',
};

describe('the rejected rows of the last load', () => {
  it('are none before the first load, and where it has left out none', () => {
    expect(describeRejects(null)).toBe('none');
    expect(describeRejects({ run_id: 'r', rejected_rows: 0, rows: [] })).toBe('none');
  });

  it('stand a line each, with the beginning of the value', () => {
    const text = stripVTControlCharacters(describeRejects({ run_id: 'deploy-1', rejected_rows: 1, rows: [row] }));
    expect(text).toMatch(/^1 of run deploy-1\n/);
    expect(text).toMatch(
      /2018-11-02-events\.json │ 1,234 │ location │ x{59}… │ 1204 │ String length exceeds DDL length/,
    );
    expect(text).not.toContain('more');
  });

  it('say how many more there are than are shown, and where', () => {
    const bare = { ...row, column_name: null, value: null };
    const text = stripVTControlCharacters(
      describeRejects({ run_id: 'deploy-1', rejected_rows: 1300, rows: [row, bare] }),
    );
    expect(text).toMatch(/^1,300 of run deploy-1\n/);
    expect(text).toContain('and 1,298 more: sparkify rejects --run deploy-1 --limit 1300');
    expect(text).toMatch(/│ null\s+│ null\s+│ 1204/);
  });
});
