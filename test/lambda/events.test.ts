import fc from 'fast-check';
import { ConfigurationError } from '../../lambda/errors';
import { isCloudFormationRequest, readEvent } from '../../lambda/events';

const request = {
  RequestType: 'Update',
  ResponseURL: 'https://example.test/put',
  StackId: 'arn:aws:cloudformation:us-west-2:000000000000:stack/Sparkify-dev/1',
  RequestId: '7c9f2f0a-0b7e-4a6e-9a1b-0d8f9d1c2b3a',
  LogicalResourceId: 'WarehouseLoad',
  ResourceProperties: { LoadDigest: 'abc' },
};

describe('an event', () => {
  it('of CloudFormation gives a run that only its stack and request name', () => {
    const one = readEvent(request);
    expect(one).toMatchObject({ trigger: 'deploy', mode: 'incremental' });
    expect(readEvent({ ...request, ResponseURL: 'https://example.test/other' }).runId).toBe(one.runId);
    expect(readEvent({ ...request, RequestId: 'another' }).runId).not.toBe(one.runId);
  });

  it('of the schedule gives a run of its scheduled time', () => {
    expect(readEvent({ trigger: 'schedule', scheduledTime: '2018-11-05T02:00:00Z' })).toEqual({
      runId: 'schedule-2018-11-05t02-00-00z',
      trigger: 'schedule',
      mode: 'incremental',
    });
  });

  it('of an operator gives a run of that name, incremental unless asked otherwise', () => {
    expect(readEvent({ trigger: 'operator', run: 'backfill-1' })).toMatchObject({
      runId: 'operator-backfill-1',
      mode: 'incremental',
    });
    expect(readEvent({ trigger: 'operator', run: 'x', mode: 'refresh' })).toMatchObject({ mode: 'refresh' });
  });

  it('of an operator may be limited to days of the log, both included, or be a dry run', () => {
    const days = { from: '2018-11-01', to: '2018-11-15' };
    expect(readEvent({ trigger: 'operator', run: 'x', ...days })).toEqual({
      runId: 'operator-x',
      trigger: 'operator',
      mode: 'incremental',
      range: days,
    });
    expect(readEvent({ trigger: 'operator', run: 'x', from: '2018-11-03' }).range).toEqual({
      from: '2018-11-03',
      to: '9999-12-31',
    });
    expect(readEvent({ trigger: 'operator', run: 'x', dryRun: true })).toMatchObject({
      runId: 'dry-run-x',
      dryRun: true,
    });
    expect(readEvent({ trigger: 'operator', run: 'x', dryRun: false })).not.toHaveProperty('dryRun');
  });

  it.each([
    ['a day that is none', { from: '2018-02-30' }, /from is "2018-02-30", not a day of the calendar/],
    ['a day of another form', { to: '1.11.2018' }, /to is "1.11.2018"/],
    ['a day with SQL in it', { from: "2018-11-01' or 1=1" }, /from is/],
    ['a day with a path in it', { from: '../2018-11-01' }, /from is/],
    ['a day that is a number', { from: 20181101 }, /from is 20181101/],
    ['days in the wrong order', { from: '2018-11-15', to: '2018-11-01' }, /from is 2018-11-15, after to, 2018-11-01/],
    ['days of a refresh', { from: '2018-11-01', mode: 'refresh' }, /mode is refresh, but from and to/],
    ['a dry run that is neither so nor not', { dryRun: 'yes' }, /dryRun is "yes", not true or false/],
  ])('of an operator is refused with %s', (_name, fields, message) => {
    expect(() => readEvent({ trigger: 'operator', run: 'x', ...fields })).toThrow(message);
  });

  it.each([
    ['no object', 'load', /not an object/],
    ['an empty object', {}, /no known kind/],
    ['an unknown trigger', { trigger: 'cron' }, /no known kind/],
    ['an unknown field', { trigger: 'operator', run: 'x', force: true }, /unknown field in the event: "force"/],
    ['a run name with a quote', { trigger: 'operator', run: "x'; drop table users; --" }, /run is .*not a name/],
    ['a run name with a path', { trigger: 'operator', run: '../x' }, /run is/],
    [
      'a mode that is none',
      { trigger: 'operator', run: 'x', mode: 'full' },
      /mode is "full", not incremental or refresh/,
    ],
    [
      'a placeholder that Scheduler did not fill',
      { trigger: 'schedule', scheduledTime: '<aws.scheduler.scheduled-time>' },
      /scheduledTime/,
    ],
  ])('is refused before anything starts: %s', (_name, event, message) => {
    expect(() => readEvent(event)).toThrow(ConfigurationError);
    expect(() => readEvent(event)).toThrow(message);
  });

  it('never gives a run id that SQL, S3 keys or statement names could misread', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9-]{1,70}$/)), (name) => {
        try {
          expect(readEvent({ trigger: 'operator', run: name }).runId).toMatch(/^operator-[a-z0-9-]{1,60}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
        }
      }),
    );
  });

  it('is known as one that CloudFormation waits for only when it can be answered', () => {
    expect(isCloudFormationRequest(request)).toBe(true);
    expect(isCloudFormationRequest({ ...request, ResponseURL: '' })).toBe(false);
    expect(isCloudFormationRequest(null)).toBe(false);
  });
});
