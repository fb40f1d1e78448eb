import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hex (64 characters) of the parts; where one part ends and the next begins counts too. */
export function sha256(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}
