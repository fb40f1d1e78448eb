import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Chunk, decodeAwsChunked, isAwsChunked } from './protocols/aws-chunked';
import { AwsError, type AwsResponse } from './service';

/** Bodies are held in memory; S3's own limit for one PutObject or part is 5 GiB. */
export const MAX_BODY_BYTES = 1024 ** 3;

/** What a signature is made over, as it came over the wire. */
export interface WireForm {
  /** The query string without its question mark. */
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of an aws-chunked body, with its trailers. */
  readonly chunked?: { readonly chunks: readonly Chunk[]; readonly trailers: Readonly<Record<string, string>> };
}

/** One HTTP request before anybody asked who makes it. */
export interface RawRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  /** Names in lower case; trailers of an aws-chunked body are among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without transfer framing. */
  readonly body: Buffer;
  readonly wire: WireForm;
  /** Aborted when the caller hangs up before the answer is written. */
  readonly signal: AbortSignal;
}

/** The request can't be served whatever the service. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Reads the whole request. @throws InvalidRequestError, AwsError EntityTooLarge, IncompleteBody */
export async function readRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<RawRequest> {
  const headers = flattenHeaders(incoming);
  refuseForeignHost(headers.host);
  const abort = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) {
      abort.abort();
    }
  });
  const body = await readBody(incoming);
  const { rawPath, rawQuery } = splitTarget(incoming.url ?? '/');
  const query = new URLSearchParams(rawQuery);
  const raw = { method: incoming.method ?? 'GET', rawPath, query, signal: abort.signal };
  const wire = { rawQuery, headers };
  if (!isAwsChunked(headers)) {
    return { ...raw, headers, body, wire };
  }
  const decoded = decodeAwsChunked(body, headers['x-amz-decoded-content-length']);
  const { chunks, trailers } = decoded;
  return {
    ...raw,
    headers: { ...withoutChunkedEncoding(headers), ...trailers },
    body: decoded.body,
    wire: { ...wire, chunked: { chunks, trailers } },
  };
}

/** A web page in a browser can reach 127.0.0.1 under a name of its own (DNS rebinding); such names are not ours. */
function refuseForeignHost(host: string | undefined): void {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (name !== '127.0.0.1' && name !== 'localhost' && !name.endsWith('.localhost')) {
    throw new InvalidRequestError(`The local AWS answers to 127.0.0.1 and localhost only, not to Host ${host}.`, 403);
  }
}

function flattenHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) {
      headers[name] = Array.isArray(value) ? value.join(',') : value;
    }
  }
  return headers;
}

function withoutChunkedEncoding(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'content-encoding': encoding, ...others } = headers;
  const rest = (encoding ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked');
  return rest.length === 0 ? others : { ...others, 'content-encoding': rest.join(',') };
}

function splitTarget(target: string): { rawPath: string; rawQuery: string } {
  const mark = target.indexOf('?');
  return mark < 0
    ? { rawPath: target, rawQuery: '' }
    : { rawPath: target.slice(0, mark), rawQuery: target.slice(mark + 1) };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new AwsError(
        'EntityTooLarge',
        `Your proposed upload exceeds the maximum allowed size: the local AWS takes at most ${MAX_BODY_BYTES} bytes in one request. Use a multipart upload.`,
      );
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

/** Writes status, headers and body; a stream is sent as it comes. Rejects when the caller hangs up on a stream. */
export async function writeResponse(
  outgoing: ServerResponse,
  response: AwsResponse,
  requestId: string,
  headOnly: boolean,
): Promise<void> {
  outgoing.statusCode = response.status;
  outgoing.setHeader('x-amzn-requestid', requestId);
  outgoing.setHeader('x-amz-request-id', requestId);
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    outgoing.setHeader(name, value);
  }
  const body = response.body ?? '';
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const bytes = Buffer.from(body as string);
    if (!outgoing.hasHeader('content-length') && response.status !== 204 && response.status !== 304) {
      outgoing.setHeader('content-length', bytes.length);
    }
    outgoing.end(headOnly ? undefined : bytes);
    return;
  }
  if (headOnly) {
    (body as Readable).destroy();
    outgoing.end();
    return;
  }
  await pipeline(body as Readable, outgoing);
}
