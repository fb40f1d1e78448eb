import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a function makes. */
export interface Passing {
  /** 1 for the first since `reset`. */
  readonly number: number;
  /** `PUT /path` or the target of a JSON protocol. */
  readonly what: string;
  readonly path: string;
  readonly method: string;
  readonly body: string;
}

/** Called before a request reaches the server and after its answer came; true cuts the caller off. */
export type Watcher = (passing: Passing, when: 'before' | 'after') => Promise<boolean>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Stands between functions and the local AWS, and counts. */
export class CountingProxy {
  readonly seen: Passing[] = [];
  watch: Watcher = async () => false;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: () => string) {}

  async start(): Promise<void> {
    const server = createServer((incoming, outgoing) => {
      this.pass(incoming, outgoing).catch(() => outgoing.destroy());
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  reset(): void {
    this.seen.length = 0;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => this.server?.close(() => resolve()));
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const passing: Passing = {
      number: this.seen.length + 1,
      what: named(incoming),
      path: incoming.url ?? '',
      method: incoming.method ?? '',
      body: body.toString('utf8'),
    };
    this.seen.push(passing);
    if (await this.watch(passing, 'before')) return void outgoing.destroy();
    const answer = await this.forward(incoming, body);
    if (await this.watch(passing, 'after')) return void outgoing.destroy();
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }

  private forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const { expect: _expect, 'transfer-encoding': _encoding, connection: _connection, ...headers } = incoming.headers;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        `${this.target()}${incoming.url}`,
        { method: incoming.method, headers: { ...headers, 'content-length': String(body.length) }, agent: false },
        (response) => {
          const { 'transfer-encoding': _chunked, connection: _alive, ...kept } = response.headers;
          read(response).then(
            (bytes) => resolve({ status: response.statusCode ?? 500, headers: kept, body: bytes }),
            reject,
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function named({ headers, method, url = '' }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  return `${method} ${url.split('?')[0]?.replace(/durable-executions\/[^/]+/, 'durable-executions/…')}`;
}
