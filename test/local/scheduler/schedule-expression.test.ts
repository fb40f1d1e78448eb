import awsCronParser from 'aws-cron-parser';
import fc from 'fast-check';
import { parseScheduleExpression } from '../../../local/scheduler/schedule-expression';

const at = (text: string) => Date.parse(text);

/** The next occurrences as ISO text, without milliseconds. */
function next(expression: string, from: string, count = 1, timezone = 'UTC', createdAt = from): string[] {
  const occurrences = parseScheduleExpression(expression, timezone, at(createdAt));
  const found: string[] = [];
  for (
    let time = occurrences.after(at(from));
    time !== undefined && found.length < count;
    time = occurrences.after(time)
  ) {
    found.push(`${new Date(time).toISOString().slice(0, 19)}Z`);
  }
  return found;
}

describe('a cron expression', () => {
  it.each([
    ['cron(0 3 * * ? *)', '2018-11-30T12:00:00Z', ['2018-12-01T03:00:00Z', '2018-12-02T03:00:00Z']],
    ['cron(15 12 * * ? *)', '2018-11-30T12:15:00Z', ['2018-12-01T12:15:00Z']],
    ['cron(0/20 8-9 * * ? *)', '2018-11-30T09:21:00Z', ['2018-11-30T09:40:00Z', '2018-12-01T08:00:00Z']],
    ['cron(0 18 ? * MON-FRI *)', '2018-11-30T18:00:00Z', ['2018-12-03T18:00:00Z']],
    ['cron(30 7 ? * mon,thu *)', '2018-11-30T00:00:00Z', ['2018-12-03T07:30:00Z', '2018-12-06T07:30:00Z']],
    ['cron(10,5 0 1 1 ? *)', '2018-11-30T00:00:00Z', ['2019-01-01T00:05:00Z', '2019-01-01T00:10:00Z']],
    ['cron(0 8 1 * ? *)', '2018-11-30T00:00:00Z', ['2018-12-01T08:00:00Z', '2019-01-01T08:00:00Z']],
    ['cron(0 0 L * ? *)', '2020-02-01T00:00:00Z', ['2020-02-29T00:00:00Z', '2020-03-31T00:00:00Z']],
    ['cron(0 0 1W * ? *)', '2018-11-15T00:00:00Z', ['2018-12-03T00:00:00Z']],
    ['cron(0 0 15W * ? *)', '2018-12-01T00:00:00Z', ['2018-12-14T00:00:00Z', '2019-01-15T00:00:00Z']],
    ['cron(0 0 31W * ? *)', '2018-11-01T00:00:00Z', ['2018-12-31T00:00:00Z', '2019-01-31T00:00:00Z']],
    ['cron(0 10 ? * 6L 2022-2023)', '2023-11-01T00:00:00Z', ['2023-11-24T10:00:00Z', '2023-12-29T10:00:00Z']],
    ['cron(0 10 ? * L *)', '2018-11-30T00:00:00Z', ['2018-12-01T10:00:00Z', '2018-12-08T10:00:00Z']],
    ['cron(0 9 ? * 2#1 *)', '2018-11-30T00:00:00Z', ['2018-12-03T09:00:00Z', '2019-01-07T09:00:00Z']],
    ['cron(0 0 1/10 4 ? *)', '2018-04-20T00:00:00Z', ['2018-04-21T00:00:00Z', '2019-04-01T00:00:00Z']],
    ['cron(0 * 1/5 * ? *)', '2036-02-26T23:00:00Z', ['2036-03-01T00:00:00Z']],
    ['cron(0 0 29 FEB ? *)', '2096-03-01T00:00:00Z', ['2104-02-29T00:00:00Z']],
  ])('%s', (expression, from, expected) => {
    expect(next(expression, from, expected.length)).toEqual(expected);
  });

  it('ends with its years', () => {
    expect(next('cron(0 0 1 1 ? 2018)', '2018-06-01T00:00:00Z')).toEqual([]);
  });

  it.each([
    ['cron(0 3 * * *)', /5 fields/],
    ['cron(0 3 * * * *)', /must be \?/],
    ['cron(0 3 ? * ? *)', /must be \?/],
    ['cron(60 3 * * ? *)', /"60" is not from 0 to 59/],
    ['cron(0 24 * * ? *)', /"24"/],
    ['cron(0 3 ? * MOON *)', /"MOON"/],
    ['cron(0 5-3 * * ? *)', /runs backwards/],
    ['cron(0/0 3 * * ? *)', /wrong step/],
    ['cron(0 3 ? * 2#6 *)', /"2#6"/],
    ['rate(0 days)', /rate\(0 days\)/],
    ['rate(5 weeks)', /rate\(5 weeks\)/],
    ['at(2018-13-01T00:00:00)', /no time of UTC/],
    ['at(2018-12-01)', /no time of UTC/],
    ['every day', /none of cron/],
  ])('is refused when wrong: %s', (expression, message) => {
    expect(() => next(expression, '2018-01-01T00:00:00Z')).toThrow(message);
  });

  it('agrees with another reader of the same language', () => {
    const number = (low: number, high: number) => fc.integer({ min: low, max: high }).map(String);
    const field = (low: number, high: number) =>
      fc.oneof(
        fc.constant('*'),
        number(low, high),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map(([a, b]) => (a < b ? `${a}-${b}` : `${b}-${a}`)),
        fc.tuple(number(low, high), number(1, Math.min(20, high))).map(([from, step]) => `${from}/${step}`),
      );
    // The other reader takes the 31st of April for the 1st of May: a step must not come to a day that a month lacks.
    const inEveryMonth = (day: string) => {
      const [, from, step] = /^(\d+)\/(\d+)$/.exec(day) ?? [];
      return from === undefined || 31 - ((31 - Number(from)) % Number(step)) <= 28;
    };
    const days = fc.oneof(
      field(1, 28)
        .filter(inEveryMonth)
        .map((day) => [day, '?'] as const),
      field(1, 7).map((day) => ['?', day] as const),
      fc.integer({ min: 1, max: 7 }).map((day) => ['?', `${day}L`] as const),
      fc.constant(['L', '?'] as const),
    );
    const cron = fc
      .tuple(field(0, 59), field(0, 23), days, field(1, 12))
      .map(([minute, hour, [day, weekday], month]) => `${minute} ${hour} ${day} ${month} ${weekday} *`);
    const from = fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(cron, from, (text, date) => {
        const theirs = awsCronParser.next(awsCronParser.parse(text), date);
        expect(parseScheduleExpression(`cron(${text})`, 'UTC', 0).after(date.getTime())).toBe(theirs?.getTime());
      }),
      { numRuns: 300 },
    );
  });
});

describe('a time zone', () => {
  it('sets the wall clock that counts', () => {
    expect(next('cron(0 3 * * ? *)', '2018-12-01T00:00:00Z', 1, 'Europe/Paris')).toEqual(['2018-12-01T02:00:00Z']);
    expect(next('cron(0 3 * * ? *)', '2018-07-01T00:00:00Z', 1, 'America/Los_Angeles')).toEqual([
      '2018-07-01T10:00:00Z',
    ]);
  });

  it('skips a time that does not exist when clocks go forward', () => {
    expect(next('cron(30 2 * * ? *)', '2018-03-24T12:00:00Z', 1, 'Europe/Paris')).toEqual(['2018-03-26T00:30:00Z']);
  });

  it('fires once at a time that comes twice when clocks go back', () => {
    expect(next('cron(30 2 * * ? *)', '2018-10-27T12:00:00Z', 2, 'Europe/Paris')).toEqual([
      '2018-10-28T00:30:00Z',
      '2018-10-29T01:30:00Z',
    ]);
    expect(next('cron(30 2 * * ? *)', '2018-10-28T01:10:00Z', 1, 'Europe/Paris')).toEqual(['2018-10-29T01:30:00Z']);
  });

  it('is refused when unknown', () => {
    expect(() => parseScheduleExpression('rate(1 day)', 'Mars/Olympus', 0)).toThrow('not an IANA time zone');
  });
});

describe('other expressions', () => {
  it('count a rate from the creation of the schedule', () => {
    const created = '2018-12-01T00:00:10Z';
    expect(next('rate(5 minutes)', '2018-12-01T00:05:10Z', 2, 'UTC', created)).toEqual([
      '2018-12-01T00:10:10Z',
      '2018-12-01T00:15:10Z',
    ]);
    expect(next('rate(1 day)', '2018-12-01T00:00:10Z', 1, 'UTC', created)).toEqual(['2018-12-02T00:00:10Z']);
  });

  it('fire once at a given time', () => {
    const at = 'at(2018-12-01T03:00:00)';
    expect(next(at, '2018-11-01T00:00:00Z', 2, 'Europe/Paris')).toEqual(['2018-12-01T02:00:00Z']);
    expect(next(at, '2018-12-01T03:00:00Z')).toEqual([]);
  });
});
