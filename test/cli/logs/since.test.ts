import { moment } from '../../../cli/logs/since';

const now = Date.parse('2026-11-28T10:00:00Z');

describe('a moment as people say it', () => {
  it.each([
    ['30s', '2026-11-28T09:59:30.000Z'],
    ['10m', '2026-11-28T09:50:00.000Z'],
    ['2h', '2026-11-28T08:00:00.000Z'],
    ['1d', '2026-11-27T10:00:00.000Z'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(new Date(moment(text, now)).toISOString()).toBe(expected);
  });

  it.each(['', '10', 'm', '10 m', '-1h', 'yesterday', '2026-13-45'])('is not %j', (text) => {
    expect(() => moment(text, now)).toThrow(/10m/);
  });
});
