import { createHash } from 'node:crypto';
import { AwsError } from '../aws/service';

/** A checksum algorithm as it stands in `x-amz-checksum-<algorithm>`. */
const ALGORITHMS: ReadonlyMap<string, (body: Buffer) => string> = new Map(
  Object.entries({
    crc32: (body: Buffer) => crc(body, CRC32_TABLE),
    crc32c: (body: Buffer) => crc(body, CRC32C_TABLE),
    sha1: (body: Buffer) => createHash('sha1').update(body).digest('base64'),
    sha256: (body: Buffer) => createHash('sha256').update(body).digest('base64'),
  }),
);

/**
 * Verifies what the headers say about the body: Content-MD5, X-Amz-Content-Sha256 and X-Amz-Checksum-*.
 * @returns the checksum given, to be kept with the object
 * @throws AwsError InvalidDigest, BadDigest, XAmzContentSHA256Mismatch, NotImplemented for another algorithm
 */
export function verifyChecksums(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): readonly [algorithm: string, base64: string] | undefined {
  verifyMd5(body, headers['content-md5']);
  verifyPayloadHash(body, headers['x-amz-content-sha256']);
  const header = Object.keys(headers).find(
    (name) => name.startsWith('x-amz-checksum-') && name !== 'x-amz-checksum-mode' && name !== 'x-amz-checksum-type',
  );
  if (header === undefined || header === 'x-amz-checksum-algorithm') {
    return undefined;
  }
  const algorithm = header.slice('x-amz-checksum-'.length);
  const compute = ALGORITHMS.get(algorithm);
  if (!compute) {
    throw new AwsError(
      'NotImplemented',
      `The local S3 can't verify ${algorithm} checksums; it knows ${[...ALGORITHMS.keys()].join(', ')}.`,
      501,
    );
  }
  const given = headers[header]!;
  if (compute(body) !== given) {
    throw new AwsError(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
  return [algorithm, given];
}

function verifyMd5(body: Buffer, given: string | undefined): void {
  if (given === undefined) {
    return;
  }
  if (Buffer.from(given, 'base64').length !== 16) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  }
  if (createHash('md5').update(body).digest('base64') !== given) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

function verifyPayloadHash(body: Buffer, given: string | undefined): void {
  if (given === undefined || !/^[0-9a-f]{64}$/.test(given)) {
    return;
  }
  const computed = createHash('sha256').update(body).digest('hex');
  if (computed !== given) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { ClientComputedContentSHA256: given, S3ComputedContentSHA256: computed },
    );
  }
}

/** Reflected polynomials of CRC-32 (ISO-HDLC) and CRC-32C (Castagnoli). */
const CRC32_TABLE = crcTable(0xedb88320);
const CRC32C_TABLE = crcTable(0x82f63b78);

function crcTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    }
    return value;
  });
}

/** Big-endian base64, as the headers have it. */
function crc(body: Buffer, table: Uint32Array): string {
  let value = 0xffffffff;
  for (let index = 0; index < body.length; index++) {
    value = table[(value ^ body[index]!) & 0xff]! ^ (value >>> 8);
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((value ^ 0xffffffff) >>> 0);
  return bytes.toString('base64');
}
