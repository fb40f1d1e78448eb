import fc from 'fast-check';
import { responseBody } from '../../lambda/cloudformation';

const request = {
  RequestType: 'Create' as const,
  ResponseURL: 'https://example.test/put',
  StackId: 'arn:aws:cloudformation:us-west-2:000000000000:stack/Sparkify-dev/1',
  RequestId: '7c9f2f0a-0b7e-4a6e-9a1b-0d8f9d1c2b3a',
  LogicalResourceId: 'WarehouseLoad',
};

describe('the answer to CloudFormation', () => {
  it('names the request, the outcome and one physical id for ever', () => {
    const body = JSON.parse(responseBody(request, { succeeded: true, reason: 'done', data: { RunId: 'r' } }));
    expect(body).toEqual({
      Status: 'SUCCESS',
      Reason: 'done',
      PhysicalResourceId: 'sparkify-warehouse-load',
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: 'WarehouseLoad',
      Data: { RunId: 'r' },
    });
  });

  it('keeps the head and the end of a long reason', () => {
    const reason = `COPY staging_events failed: ${'x'.repeat(9000)} run deploy-0123456789ab`;
    const body = responseBody(request, { succeeded: false, reason });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(body)).toBeGreaterThan(4000);
    const told = JSON.parse(body).Reason as string;
    expect(told).toMatch(/^COPY staging_events failed: x+ … x+ run deploy-0123456789ab$/);
  });

  it('is never above 4096 bytes nor half a character, whatever the reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 0, maxLength: 3000 }), fc.nat(6), (text, times) => {
        const reason = text.repeat(times + 1);
        const body = responseBody(request, { succeeded: false, reason });
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
        const told = JSON.parse(body).Reason as string;
        expect(told).not.toBe('');
        expect(Buffer.from(told).toString()).toBe(told);
      }),
      { numRuns: 200 },
    );
  });
});
