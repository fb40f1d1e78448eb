import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { matchesArnPattern } from './arn';
import { compilePattern, matchesPattern } from './pattern';
import type { ResolvedTemplate } from './template';

/** How one value of the request is compared with one value of the policy. Source: IAM User Guide, "Condition operators". */
export interface ConditionOperator {
  /** True where none of the policy's values may match, and an absent key satisfies it. */
  readonly negated: boolean;
  /** Policy variables are known in string and ARN operators only. */
  readonly variables: boolean;
  /** Whether the policy may hold this value; operators without it take any. */
  accepts?(wanted: string): boolean;
  matches(actual: string, wanted: ResolvedTemplate): boolean;
}

type Comparison = Omit<ConditionOperator, 'negated'>;

const equalStrings: Comparison = { variables: true, matches: (actual, wanted) => actual === wanted.text };
const equalIgnoringCase: Comparison = {
  variables: true,
  matches: (actual, wanted) => actual.toLowerCase() === wanted.text.toLowerCase(),
};
const likeStrings: Comparison = {
  variables: true,
  matches: (actual, wanted) => matchesPattern(compilePattern(wanted.pieces), actual),
};
/** ArnEquals and ArnLike are the same: both take wildcards, part by part. */
const likeArns: Comparison = {
  variables: true,
  matches: (actual, wanted) => matchesArnPattern(actual, wanted.pieces),
};

/** Orders two values of a kind; NaN where one of them is none of that kind, which compares false with everything. */
function ordered(read: (text: string) => number, test: (difference: number) => boolean): Comparison {
  return {
    variables: false,
    accepts: (wanted) => !Number.isNaN(read(wanted)),
    matches: (actual, wanted) => test(read(actual) - read(wanted.text)),
  };
}

const ORDERS = {
  Equals: (difference: number) => difference === 0,
  LessThan: (difference: number) => difference < 0,
  LessThanEquals: (difference: number) => difference <= 0,
  GreaterThan: (difference: number) => difference > 0,
  GreaterThanEquals: (difference: number) => difference >= 0,
} as const;

function readNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

const ISO_DATE = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?))?)?)?$/;

/** Milliseconds since the epoch, from ISO 8601 as W3C profiles it, or from seconds since the epoch. */
function readDate(text: string): number {
  if (/^-?\d{5,19}$/.test(text)) {
    return BigInt(text) > 0x7fff_ffff_ffff_ffffn ? Number.NaN : Number(text) * 1_000;
  }
  if (!ISO_DATE.test(text)) {
    return Number.NaN;
  }
  const offset = /([+-]\d{2}):?(\d{2})?$/;
  return Date.parse(
    text.includes('T') ? text.replace(offset, (_all, hours, minutes) => `${hours}:${minutes ?? '00'}`) : text,
  );
}

const bool: Comparison = {
  variables: false,
  accepts: (wanted) => /^(true|false)$/i.test(wanted),
  matches: (actual, wanted) => actual.toLowerCase() === wanted.text.toLowerCase(),
};

const binary: Comparison = {
  variables: false,
  accepts: (wanted) => /^[A-Za-z0-9+/]*={0,2}$/.test(wanted),
  matches: (actual, wanted) => Buffer.from(actual, 'base64').equals(Buffer.from(wanted.text, 'base64')),
};

const ipAddress: Comparison = {
  variables: false,
  accepts: (wanted) => readNetwork(wanted) !== undefined,
  matches(actual, wanted) {
    const network = readNetwork(wanted.text);
    const family = isIPv4(actual) ? 'ipv4' : isIPv6(actual) ? 'ipv6' : undefined;
    if (!network || family !== network.family) {
      return false;
    }
    const list = new BlockList();
    list.addSubnet(network.address, network.prefix, network.family);
    return list.check(actual, family);
  },
};

/** An address or a CIDR range; an address alone is a range of one. */
function readNetwork(
  text: string,
): { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, ...more] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) {
    return undefined;
  }
  const prefix = length === undefined ? bits : Number(length);
  return prefix > bits ? undefined : { address, prefix, family: bits === 32 ? 'ipv4' : 'ipv6' };
}

function pair(name: string, negatedName: string, comparison: Comparison): [string, ConditionOperator][] {
  return [
    [name, { ...comparison, negated: false }],
    [negatedName, { ...comparison, negated: true }],
  ];
}

function family(kind: string, read: (text: string) => number): [string, ConditionOperator][] {
  const { Equals, ...orders } = ORDERS;
  const others = Object.entries(orders).map(([order, test]): [string, ConditionOperator] => [
    `${kind}${order}`,
    { ...ordered(read, test), negated: false },
  ]);
  return [...pair(`${kind}Equals`, `${kind}NotEquals`, ordered(read, Equals)), ...others];
}

/** All operators by name, but Null, which looks at the key only. */
export const CONDITION_OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', equalStrings),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalIgnoringCase),
  ...pair('StringLike', 'StringNotLike', likeStrings),
  ...family('Numeric', readNumber),
  ...family('Date', readDate),
  ['Bool', { ...bool, negated: false }] as const,
  ['BinaryEquals', { ...binary, negated: false }] as const,
  ...pair('IpAddress', 'NotIpAddress', ipAddress),
  ...pair('ArnEquals', 'ArnNotEquals', likeArns),
  ...pair('ArnLike', 'ArnNotLike', likeArns),
]);
