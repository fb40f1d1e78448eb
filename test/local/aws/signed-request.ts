import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Signing {
  readonly service: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly method?: string;
  /** Encoded, with a query string or without one. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly date?: Date;
  /** Makes it a presigned URL for so many seconds. */
  readonly expiresIn?: number;
}

/** What `fetch` takes. */
export interface SignedRequest {
  readonly url: string;
  readonly init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string | Buffer };
}

/** Signs as the AWS SDK does, with its own signer. */
export async function signedRequest(endpoint: string, signing: Signing): Promise<SignedRequest> {
  const { service, credentials, method = 'GET', path = '/', headers = {}, body, date } = signing;
  const { host, hostname, port } = new URL(endpoint);
  const signer = new SignatureV4({
    service,
    credentials,
    region: 'us-west-2',
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: true,
  });
  const [pathname = '/', search = ''] = path.split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  const request = {
    method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: pathname,
    query,
    headers: { host, ...headers },
    body,
  };
  const options = date === undefined ? {} : { signingDate: date };
  const signed =
    signing.expiresIn === undefined
      ? await signer.sign(request, options)
      : await signer.presign(request, { ...options, expiresIn: signing.expiresIn });
  const { host: _host, ...sent } = signed.headers;
  const signedQuery = new URLSearchParams((signed.query ?? {}) as Record<string, string>)
    .toString()
    .replaceAll('+', '%20');
  const url = `${endpoint}${signed.path}${signedQuery === '' ? '' : `?${signedQuery}`}`;
  return { url, init: { method, headers: sent, ...(body === undefined ? {} : { body }) } };
}
