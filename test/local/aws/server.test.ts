import { request as httpRequest } from 'node:http';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../../local/aws/protocols/aws-chunked';
import { jsonService, toAwsJson } from '../../../local/aws/protocols/json';
import { parseQuery, queryService } from '../../../local/aws/protocols/query';
import { readXml, writeXml } from '../../../local/aws/protocols/xml';
import { AwsError, type AwsService } from '../../../local/aws/service';
import { type SignedRequest, signedRequest } from './signed-request';
import { startTestEndpoint, type TestEndpoint } from './test-endpoint';

const restJson: AwsService = {
  signingName: 'lambda',
  async handle(request) {
    if (request.rawPath === '/slow') {
      await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()));
      aborted();
    }
    throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
  },
};
let aborted: () => void = () => {};

let endpoint: TestEndpoint;

beforeAll(async () => {
  endpoint = await startTestEndpoint(
    () => [
      restJson,
      jsonService({
        signingName: 'ssm',
        operations: {
          GetParameter: ({ Name }) => {
            if (Name === 'broken') throw new Error('a bug');
            throw new AwsError('ParameterNotFound', 'none such', 400);
          },
        },
      }),
      queryService({
        signingName: 'sts',
        xmlns: 'https://sts.amazonaws.com/doc/2011-06-15/',
        operations: { GetCallerIdentity: (_input, { principal }) => ({ Arn: principal.arn, UserId: 'a < b & "c"' }) },
      }),
    ],
    [
      {
        method: 'PUT',
        path: '/_open/',
        handle: async ({ rawPath, body }) => ({ status: 200, body: `${rawPath} ${body}` }),
      },
    ],
  );
});

afterAll(() => endpoint.stop());

/** A request to the endpoint, signed by the SDK's own signer. */
function signed(
  service: string,
  request: { method?: string; path?: string; headers?: Record<string, string>; body?: string } = {},
  credentials = endpoint.client.credentials,
): Promise<SignedRequest> {
  return signedRequest(endpoint.url, { service, credentials, ...request });
}

describe('the endpoint', () => {
  it('tells the caller by the key and answers in the query protocol', async () => {
    const sts = new STSClient(endpoint.client);
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Arn: 'arn:aws:iam::000000000000:user/operator', UserId: 'a < b & "c"' });
  });

  it('gives errors of a JSON service as the SDK expects them', async () => {
    const ssm = new SSMClient(endpoint.client);
    await expect(ssm.send(new GetParameterCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
      message: 'none such',
    });
  });

  it('answers a failure of its own with 500 and says what failed', async () => {
    const ssm = new SSMClient(endpoint.client);
    await expect(ssm.send(new GetParameterCommand({ Name: 'broken' }))).rejects.toMatchObject({
      name: 'InternalFailure',
      message: 'The local AWS failed inside: a bug',
    });
  });

  it.each([
    ['sts', 403, 'InvalidClientTokenId', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['ssm', 400, 'UnrecognizedClientException', { 'content-type': 'application/x-amz-json-1.1' }],
    ['lambda', 403, 'UnrecognizedClientException', {}],
    ['s3', 403, 'InvalidAccessKeyId', {}],
  ])('refuses an unknown key as %s does', async (service, status, code, headers) => {
    const unknown = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' };
    const { url, init } = await signed(service, { headers }, unknown);
    const response = await fetch(url, init);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(code)]);
  });

  it('refuses an unsigned request', async () => {
    const response = await fetch(`${endpoint.url}/bucket/key`);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('AccessDenied')]);
  });

  it('names a service and an operation that it does not have', async () => {
    const s3 = new S3Client(endpoint.client);
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toThrow(/does not have the service s3/);
    const { url, init } = await signed('ssm', {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.StartSession', 'content-type': 'application/x-amz-json-1.1' },
      body: '{}',
    });
    const response = await fetch(url, init);
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: 'The local AWS does not have ssm StartSession.',
    });
  });

  it('serves its own routes without a signature', async () => {
    const response = await fetch(`${endpoint.url}/_open/token`, { method: 'PUT', body: 'answer' });
    expect(await response.text()).toBe('/_open/token answer');
  });

  it('does not answer to a foreign host name', async () => {
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(endpoint.url);
      const options = { host: '127.0.0.1', port, method: 'PUT', path: '/_open/x', headers: { host: 'evil.example' } };
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('tells the service when the caller hangs up', async () => {
    const hungUp = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const abort = new AbortController();
    const { url, init } = await signed('lambda', { path: '/slow' });
    const answer = fetch(url, { ...init, signal: abort.signal });
    setImmediate(() => setImmediate(() => abort.abort()));
    await expect(answer).rejects.toThrow();
    // The request may be cut off before it was routed; then there is nobody to tell.
    const after = await signed('lambda', { path: '/f' });
    await Promise.race([hungUp, fetch(after.url, after.init)]);
  });
});

describe('the query protocol', () => {
  it('nests structures and lists', () => {
    const body = 'Action=A&Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.10.Key=c&Deep.One.Two=3&Empty=&Flat.1=x';
    expect(JSON.parse(JSON.stringify(parseQuery(body)))).toEqual({
      Action: 'A',
      Tags: [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }],
      Deep: { One: { Two: '3' } },
      Empty: '',
      Flat: ['x'],
    });
  });

  it('keeps names that are properties of every object apart', () => {
    expect(parseQuery('__proto__.x=1&constructor=2')).toMatchObject({ constructor: '2' });
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

describe('the formats', () => {
  it('write dates of JSON as seconds and leave undefined members out', () => {
    expect(toAwsJson({ at: new Date(1500), none: undefined, big: 3n })).toBe('{"at":1.5,"big":3}');
  });

  it('bring any text through XML that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const expected = text.replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (c) =>
          /[\t\n\r\u007f-\u009f]/.test(c) ? c : '\uFFFD',
        );
        const read = readXml(writeXml('R', { v: `|${text}|` })).R as { v: string };
        expect(read.v.replaceAll('&#13;', '\r')).toBe(`|${expected}|`);
      }),
    );
  });

  it('take the aws-chunked framing off whatever the chunks', () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.array(chunk), fc.boolean(), (chunks, trailing) => {
        const framed = chunks.flatMap((bytes) => [
          Buffer.from(`${bytes.length.toString(16)};chunk-signature=abc\r\n`),
          Buffer.from(bytes),
          Buffer.from('\r\n'),
        ]);
        const end = Buffer.from(`0\r\n${trailing ? 'x-amz-checksum-crc32:AAAAAA==\r\n' : ''}\r\n`);
        const body = Buffer.concat(chunks);
        const decoded = decodeAwsChunked(Buffer.concat([...framed, end]), String(body.length));
        expect(decoded.body).toEqual(body);
        expect(decoded.trailers).toEqual(trailing ? { 'x-amz-checksum-crc32': 'AAAAAA==' } : {});
      }),
    );
  });

  it('refuse a body that was cut off', () => {
    expect(() => decodeAwsChunked(Buffer.from('5\r\nabc'), '5')).toThrow(/IncompleteBody|number of bytes/);
    expect(() => decodeAwsChunked(Buffer.from('3\r\nabc\r\n0\r\n\r\n'), '5')).toThrow(/announced 5/);
  });
});
