import { AwsError } from '../service';

/** One chunk of a body, with its signature where chunks are signed. */
export interface Chunk {
  readonly data: Buffer;
  readonly signature?: string;
}

/** A body after its `aws-chunked` framing is taken off. */
export interface Dechunked {
  readonly body: Buffer;
  /** As they came, the empty last one too. */
  readonly chunks: readonly Chunk[];
  /** Trailing headers, names in lower case, for example `x-amz-checksum-crc32`. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** True when the headers announce a body in chunks (streaming signature or unsigned payload with trailer). */
export function isAwsChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') ||
    /(^|,)\s*aws-chunked\s*(,|$)/.test(headers['content-encoding'] ?? '')
  );
}

/**
 * Takes off the framing `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n ... 0\r\n<trailers>\r\n`.
 * Source: S3 API Reference, "Signature calculations: transferring payload in multiple chunks".
 * @throws AwsError IncompleteBody when the framing is broken or the length differs from x-amz-decoded-content-length
 */
export function decodeAwsChunked(encoded: Buffer, decodedLength: string | undefined): Dechunked {
  const chunks: Chunk[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = encoded.indexOf('\r\n', offset);
    const header = lineEnd < 0 ? '' : encoded.toString('latin1', offset, lineEnd);
    const size = chunkSize(header);
    const start = lineEnd + 2;
    if (Number.isNaN(size) || start + size > encoded.length) {
      throw incomplete(`chunk header at byte ${offset} of ${encoded.length}`);
    }
    chunks.push({ data: encoded.subarray(start, start + size), signature: chunkSignature(header) });
    if (size === 0) {
      const body = Buffer.concat(chunks.map(({ data }) => data));
      if (decodedLength !== undefined && Number(decodedLength) !== body.length) {
        throw incomplete(`${body.length} bytes came, x-amz-decoded-content-length announced ${decodedLength}`);
      }
      return { body, chunks, trailers: parseTrailers(encoded.toString('latin1', start)) };
    }
    offset = start + size + 2;
  }
}

function chunkSize(header: string): number {
  const digits = header.split(';', 1)[0]!.trim();
  return /^[0-9a-fA-F]{1,8}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
}

function chunkSignature(header: string): string | undefined {
  return /;chunk-signature=([0-9a-f]{64})$/.exec(header)?.[1];
}

function parseTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
  return trailers;
}

function incomplete(where: string): AwsError {
  return new AwsError(
    'IncompleteBody',
    `You did not provide the number of bytes specified by the Content-Length HTTP header (${where}).`,
  );
}
