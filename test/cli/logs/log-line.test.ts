import { stripVTControlCharacters } from 'node:util';
import { rawLine, readableLine } from '../../../cli/logs/log-line';

const event = (message: string) => ({ id: '1', timestamp: Date.parse('2026-11-28T10:00:00.000Z'), message });
const readable = (message: string) => stripVTControlCharacters(readableLine(event(message)));

describe('a line of the log for people', () => {
  it('has time, level, run and message, then what else there is, by its path', () => {
    const line = { time: '2026-11-28T10:00:01.250Z', level: 'info', run: 'operator-x', message: 'step load' };
    expect(
      readable(JSON.stringify({ ...line, sequence: 3, last: { step: 'survey', milliseconds: 5 }, warnings: [] })),
    ).toBe('2026-11-28 10:00:01.250 info  operator-x step load sequence=3 last.step=survey last.milliseconds=5');
  });

  it("is told without CloudWatch's own part of the metrics", () => {
    const line = { level: 'info', run: 'x', message: 'metrics', _aws: { Timestamp: 1 }, FilesLoaded: 4 };
    expect(readable(JSON.stringify(line))).toBe('2026-11-28 10:00:00.000 info  x metrics FilesLoaded=4');
  });

  it('is as it is where nobody has structured it', () => {
    expect(readable('START RequestId: 1\n')).toBe('2026-11-28 10:00:00.000 START RequestId: 1');
    expect(readable('{ no JSON')).toBe('2026-11-28 10:00:00.000 { no JSON');
  });

  it('does nothing to the terminal, whatever a source file has put into it', () => {
    const said = readableLine(event(JSON.stringify({ level: 'warn', run: 'x', message: 'a\u001b[2Jb, c\u0007d' })));
    expect(said).not.toContain('\u001b[2J');
    expect(said).not.toContain('\u0007');
    expect(stripVTControlCharacters(said)).toContain('ab, c�d');
  });
});

describe('a line of the log for programs', () => {
  it('is JSON: as the function has written it, or with the time of the event', () => {
    expect(rawLine(event('{"level":"info","_aws":{}}\n'))).toBe('{"level":"info","_aws":{}}');
    expect(JSON.parse(rawLine(event('START\n')))).toEqual({ time: '2026-11-28T10:00:00.000Z', message: 'START' });
  });
});
