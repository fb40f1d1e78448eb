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
