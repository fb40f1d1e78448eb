import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogsService } from '../../../local/logs/logs-service';
import { signedRequest } from '../aws/signed-request';
import { startTestEndpoint, type TestEndpoint } from '../aws/test-endpoint';

let endpoint: TestEndpoint;
const logGroupName = '/aws/lambda/Etl';

beforeAll(async () => {
  endpoint = await startTestEndpoint((folder) => [createLogsService({ folder: join(folder, 'logs') })]);
  const group = join(endpoint.folder, 'logs', logGroupName, '2026/01/01');
  mkdirSync(group, { recursive: true });
  writeFileSync(
    join(group, '[1]a.log'),
    'START\n2026-01-01T00:00:01.000Z one\n2026-01-01T00:00:03.000Z three\n\tat deeper\n',
  );
  writeFileSync(join(group, '[1]b.log'), '2026-01-01T00:00:02.000Z two\n');
});

afterAll(() => endpoint.stop());

async function call(operation: string, input: object): Promise<{ events?: { message: string }[]; __type?: string }> {
  const { url, init } = await signedRequest(endpoint.url, {
    service: 'logs',
    credentials: endpoint.client.credentials,
    method: 'POST',
    headers: { 'x-amz-target': `Logs_20140328.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(input),
  });
  const response = await fetch(url, init);
  return (await response.json()) as { events?: { message: string }[]; __type?: string };
}

const messages = async (input: object) =>
  (await call('FilterLogEvents', { logGroupName, ...input })).events!.map(({ message }) => message.trim());

describe('the logs of functions', () => {
  it('come in the order of time over all streams', async () => {
    expect(await messages({})).toEqual([
      'START',
      '2026-01-01T00:00:01.000Z one',
      '2026-01-01T00:00:02.000Z two',
      '2026-01-01T00:00:03.000Z three',
      'at deeper',
    ]);
  });

  it('are limited to a stream, a time and a word', async () => {
    const from = Date.parse('2026-01-01T00:00:02.500Z');
    expect(await messages({ startTime: from })).toEqual(['2026-01-01T00:00:03.000Z three', 'at deeper']);
    expect(await messages({ logStreamNames: ['2026/01/01/[1]b'] })).toEqual(['2026-01-01T00:00:02.000Z two']);
    expect(await messages({ filterPattern: 'three' })).toEqual(['2026-01-01T00:00:03.000Z three']);
  });

  it('have the time that a line of JSON says, and are found by one of its members', async () => {
    const group = join(endpoint.folder, 'logs', '/aws/lambda/Json');
    mkdirSync(group, { recursive: true });
    const line = (second: number, run: string) =>
      JSON.stringify({ time: `2026-01-01T00:00:0${second}.000Z`, run, message: 'other words' });
    writeFileSync(
      join(group, 's.log'),
      `START\n${line(1, 'a')}\n${line(2, 'b')}\n{ not JSON "run":"b"\n${line(4, 'b')}\n`,
    );
    const json = { logGroupName: '/aws/lambda/Json' };
    expect(await messages({ ...json, filterPattern: '{ $.run = "b" }' })).toEqual([line(2, 'b'), line(4, 'b')]);
    expect(await messages({ ...json, startTime: Date.parse('2026-01-01T00:00:03.000Z') })).toEqual([line(4, 'b')]);
    expect(await call('FilterLogEvents', { ...json, filterPattern: '{ $.run = "b" && $.x = 1 }' })).toMatchObject({
      __type: 'InvalidParameterException',
    });
  });

  it('are refused for groups that do not exist or lead elsewhere', async () => {
    expect(await call('FilterLogEvents', { logGroupName: '/none' })).toMatchObject({
      __type: 'ResourceNotFoundException',
    });
    expect(await call('FilterLogEvents', { logGroupName: '/../../iam' })).toMatchObject({
      __type: 'InvalidParameterException',
    });
  });
});
