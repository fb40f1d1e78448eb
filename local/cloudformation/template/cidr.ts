import { TemplateError } from '../errors';

/**
 * Fn::Cidr: the first `count` blocks of `bits` host bits inside an IPv4 block.
 * @throws TemplateError for anything that is not an IPv4 block, or when they do not fit
 */
export function subnets(block: string, count: number, bits: number | undefined): string[] {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  if (match === null) throw new TemplateError(`Template error: Fn::Cidr: ${block} is not an IPv4 CIDR block`);
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32) {
    throw new TemplateError(`Template error: Fn::Cidr: ${block} is not an IPv4 CIDR block`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new TemplateError(`Template error: Fn::Cidr: count must be 1 to 256, got ${count}`);
  }
  const hostBits = bits ?? 8;
  if (
    !Number.isInteger(hostBits) ||
    hostBits < 1 ||
    hostBits > 32 - prefix ||
    count * 2 ** hostBits > 2 ** (32 - prefix)
  ) {
    throw new TemplateError(`Template error: Fn::Cidr: ${count} blocks of ${hostBits} bits do not fit into ${block}`);
  }
  const start =
    Math.floor(octets.reduce((sum, octet) => sum * 256 + octet, 0) / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return Array.from({ length: count }, (_, index) => `${dotted(start + index * 2 ** hostBits)}/${32 - hostBits}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
