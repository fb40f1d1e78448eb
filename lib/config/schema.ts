import { z } from 'zod';
import { KEY, MOST_REJECTS, PREFIX } from '../../statements/sources';
import { ENVIRONMENT_NAMES, type EnvironmentConfig, type NetworkConfig, type SourceConfig } from './environment';
import {
  accountId,
  emailAddress,
  flag,
  integerBetween,
  matching,
  oneOf,
  principalArn,
  regionName,
} from './schema-parts';
import { warehouseSchema } from './warehouse-schema';

/** What CloudWatch Logs takes (API Reference, PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const network: z.ZodType<NetworkConfig> = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('own'),
      cidr: matching(/^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-4])$/, 'an IPv4 block from /16 to /24'),
    }),
    z.strictObject({
      kind: z.literal('existing'),
      vpcId: matching(/^vpc-[0-9a-f]{8,17}$/, 'vpc- and 8 to 17 hex digits'),
      subnetIds: z.array(matching(/^subnet-[0-9a-f]{8,17}$/, 'subnet- and 8 to 17 hex digits')).min(2, {
        error: 'two or more subnets, one in each of availabilityZones',
      }),
    }),
  ],
  { error: 'own, existing' },
);

const keyPrefix = matching(PREFIX, 'a key prefix that ends in /');
const objectKey = matching(KEY, 'the key of an object');
const sources: z.ZodType<SourceConfig> = z
  .strictObject({
    origin: oneOf(['given', 'made']),
    bucket: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name'),
    region: regionName,
    account: accountId.nullable(),
    kmsKeyArn: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key').nullable(),
    prefixes: z.record(z.string(), keyPrefix).optional(),
    jsonPathsKeys: z.record(z.string(), objectKey).optional(),
  })
  .refine((s) => s.origin === 'given' || s.account === null, {
    path: ['account'],
    error: 'null where the stack makes the bucket',
  });

const environment = z.strictObject({
  name: oneOf(ENVIRONMENT_NAMES),
  account: accountId,
  region: regionName,
  availabilityZones: z.array(z.string()),
  network,
  s3PrefixListId: matching(/^pl-[0-9a-f]{8,17}$/, 'pl- and 8 to 17 hex digits'),
  warehouse: warehouseSchema,
  sources,
  schedule: z.strictObject({
    expression: matching(/^(cron|rate|at)\(.+\)$/, 'cron(...), rate(...) or at(...)'),
    timezone: z.string().refine(isTimeZone, { error: 'an IANA time zone such as Europe/Berlin' }),
  }),
  access: z.strictObject({ analysts: z.array(principalArn), operators: z.array(principalArn) }),
  alarms: z.strictObject({
    emails: z.array(emailAddress),
    rejectsAbove: integerBetween(0, MOST_REJECTS),
    lateAfterHours: integerBetween(1, 24 * 7),
    diskPercent: integerBetween(1, 100),
    runbookUrl: matching(/^https:\/\/\S+$/, 'an https address'),
  }),
  budgetUsd: integerBetween(1, 10_000_000),
  logRetentionDays: z.number().refine((days) => LOG_RETENTION_DAYS.includes(days), {
    error: `one of ${LOG_RETENTION_DAYS.join(', ')}`,
  }),
  onRemoval: oneOf(['retain', 'destroy']),
  reservedConcurrency: integerBetween(1, 1000).nullable(),
  terminationProtection: flag,
  loadDeadlineSeconds: integerBetween(60, 3300),
  rejects: z.record(z.string(), integerBetween(0, MOST_REJECTS)),
});

/** One environment, with the rules that span several of its fields. */
export const environmentSchema: z.ZodType<EnvironmentConfig> = environment
  .refine(({ availabilityZones: zones, region }) => areZonesOf(zones, region), {
    path: ['availabilityZones'],
    error: 'two or more different zones of the region',
  })
  .refine(({ warehouse, availabilityZones }) => warehouse.kind === 'provisioned' || availabilityZones.length >= 3, {
    path: ['availabilityZones'],
    error: 'three zones or more for a serverless warehouse',
  })
  .refine(({ network: net, availabilityZones: zones }) => net.kind === 'own' || net.subnetIds.length === zones.length, {
    path: ['network', 'subnetIds'],
    error: 'one subnet in each of availabilityZones, in their order',
  })
  .refine(({ sources: source, region }) => source.origin === 'given' || source.region === region, {
    path: ['sources', 'region'],
    error: "the environment's region where the stack makes the bucket",
  });

function areZonesOf(zones: readonly string[], region: string): boolean {
  return zones.length >= 2 && new Set(zones).size === zones.length && zones.every((zone) => zone.startsWith(region));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
