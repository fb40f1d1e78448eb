import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Twelve capitals and digits that follow from the seed, as CloudFormation puts behind generated names. */
export function randomTail(seed: string): string {
  const bytes = createHash('sha256').update(seed).digest();
  return [...bytes.subarray(0, 12)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/**
 * `stack-logicalId-TAIL`, shortened to `maxLength` characters: the tail stays whole, the stack's name keeps what the
 * logical id leaves of the rest, at least half.
 */
export function generatedName(stackName: string, logicalId: string, seed: string, maxLength: number): string {
  const tail = randomTail(seed);
  const whole = `${stackName}-${logicalId}-${tail}`;
  if (whole.length <= maxLength) return whole;
  const room = Math.max(0, maxLength - tail.length - 2);
  const stackPart = stackName.slice(0, Math.max(Math.floor(room / 2), room - logicalId.length));
  const idPart = logicalId.slice(0, room - stackPart.length);
  return `${stackPart}-${idPart}-${tail}`.slice(-maxLength);
}
