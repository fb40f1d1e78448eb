import { ENVIRONMENT_NAMES, type EnvironmentConfig } from './environment';

/** An environment's configuration is not usable; says which field, which value, and what would be allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(environment: string, field: string, value: unknown, allowed: string) {
    super(`Environment "${environment}": ${field} is ${JSON.stringify(value)}; allowed: ${allowed}.`);
  }
}

interface Rule {
  readonly field: string;
  readonly value: unknown;
  readonly valid: boolean;
  readonly allowed: string;
}

const NODE_TYPES = [
  'ra3.large',
  'ra3.xlplus',
  'ra3.4xlarge',
  'ra3.16xlarge',
  'rg.large',
  'rg.xlarge',
  'rg.4xlarge',
  'rg.12xlarge',
];

/** COPY takes a MAXERROR of at most 100,000, and fails when its errors reach it. */
const MOST_REJECTS = 99_999;

function integerBetween(field: string, value: number, low: number, high: number): Rule {
  return {
    field,
    value,
    valid: Number.isInteger(value) && value >= low && value <= high,
    allowed: `a whole number from ${low} to ${high}`,
  };
}

function matching(field: string, value: string, pattern: RegExp, allowed: string): Rule {
  return { field, value, valid: pattern.test(value), allowed };
}

function rules(config: EnvironmentConfig): readonly Rule[] {
  const { warehouse, sources, schedule } = config;
  const zones = config.availabilityZones;
  const paths = sources.logJsonPathsKey;
  return [
    matching('account', config.account, /^\d{12}$/, 'twelve digits'),
    matching('region', config.region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region name such as us-west-2'),
    {
      field: 'availabilityZones',
      value: zones,
      valid:
        zones.length >= 2 && new Set(zones).size === zones.length && zones.every((z) => z.startsWith(config.region)),
      allowed: `two or more different zones of ${config.region}`,
    },
    matching('vpcCidr', config.vpcCidr, /^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-4])$/, 'an IPv4 block from /16 to /24'),
    matching('s3PrefixListId', config.s3PrefixListId, /^pl-[0-9a-f]{8,17}$/, 'pl- and 8 to 17 hex digits'),
    {
      field: 'warehouse.nodeType',
      value: warehouse.nodeType,
      valid: NODE_TYPES.includes(warehouse.nodeType),
      allowed: NODE_TYPES.join(', '),
    },
    integerBetween('warehouse.numberOfNodes', warehouse.numberOfNodes, 1, 100),
    integerBetween('warehouse.snapshotRetentionDays', warehouse.snapshotRetentionDays, 1, 35),
    matching('sources.bucket', sources.bucket, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name'),
    matching('sources.songPrefix', sources.songPrefix, /^[\w!.*'()/-]+\/$/, 'a key prefix that ends in /'),
    matching('sources.logPrefix', sources.logPrefix, /^[\w!.*'()/-]+\/$/, 'a key prefix that ends in /'),
    {
      field: 'sources.logJsonPathsKey',
      value: paths,
      valid: paths !== '' && !paths.startsWith(sources.logPrefix) && !paths.startsWith(sources.songPrefix),
      allowed: 'a key outside of songPrefix and logPrefix (inside, COPY would load it as data)',
    },
    matching('schedule.expression', schedule.expression, /^(cron|rate|at)\(.+\)$/, 'cron(...), rate(...) or at(...)'),
    integerBetween('loadDeadlineSeconds', config.loadDeadlineSeconds, 60, 3300),
    integerBetween('rejects.songs', config.rejects.songs, 0, MOST_REJECTS),
    integerBetween('rejects.events', config.rejects.events, 0, MOST_REJECTS),
  ];
}

/**
 * Checks one environment's configuration.
 * @returns the same configuration
 * @throws ConfigurationError for the first field that is not usable
 */
export function validateEnvironment(config: EnvironmentConfig): EnvironmentConfig {
  if (!ENVIRONMENT_NAMES.includes(config.name)) {
    throw new ConfigurationError(String(config.name), 'name', config.name, ENVIRONMENT_NAMES.join(', '));
  }
  const broken = rules(config).find((rule) => !rule.valid);
  if (broken) throw new ConfigurationError(config.name, broken.field, broken.value, broken.allowed);
  return config;
}
