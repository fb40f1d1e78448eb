import { z } from 'zod';
import type {
  ProvisionedWarehouseConfig,
  RestoreConfig,
  ServerlessWarehouseConfig,
  WarehouseConfig,
} from './environment';
import { accountId, cronExpression, flag, integerBetween, matching, oneOf } from './schema-parts';

const NODE_TYPES = [
  'ra3.large',
  'ra3.xlplus',
  'ra3.4xlarge',
  'ra3.16xlarge',
  'rg.large',
  'rg.xlarge',
  'rg.4xlarge',
  'rg.12xlarge',
] as const;

const RPUS = '4, or 8 to 512 in steps of 8';
const rpus = z
  .number({ error: RPUS })
  .refine((units) => units === 4 || (Number.isInteger(units / 8) && units >= 8 && units <= 512), { error: RPUS });

/** Automated snapshots are called `rs:...`. */
const CLUSTER_SNAPSHOT = matching(/^(rs:)?[a-zA-Z][a-zA-Z0-9-]{0,254}$/, "a snapshot's identifier");
const SNAPSHOT = matching(
  /^(arn:aws[a-z-]*:redshift(-serverless)?:[a-z0-9-]+:\d{12}:snapshot[:/][\w:/-]+|[a-z0-9][a-z0-9-]{0,254})$/,
  "a snapshot's name or ARN",
);
const restore = (snapshot: z.ZodType<string>) =>
  z.strictObject({ snapshot, account: accountId.optional() }) satisfies z.ZodType<RestoreConfig>;

const provisioned = z
  .strictObject({
    kind: z.literal('provisioned'),
    nodeType: oneOf(NODE_TYPES),
    numberOfNodes: integerBetween(1, 100),
    multiAz: flag,
    snapshotRetentionDays: integerBetween(1, 35),
    pause: z.strictObject({ pauseAt: cronExpression, resumeAt: cronExpression }).nullable(),
    restoreFrom: restore(CLUSTER_SNAPSHOT).optional(),
  })
  .refine(({ multiAz, nodeType }) => !multiAz || nodeType.startsWith('ra3.'), {
    path: ['multiAz'],
    error: 'false, or an RA3 node type',
  })
  .refine(({ multiAz, numberOfNodes }) => !multiAz || numberOfNodes >= 2, {
    path: ['multiAz'],
    error: 'false, or two nodes or more (in each zone)',
  })
  .refine(({ multiAz, pause }) => !multiAz || pause === null, {
    path: ['pause'],
    error: 'null: a Multi-AZ cluster cannot be paused',
  }) satisfies z.ZodType<ProvisionedWarehouseConfig>;

const limit = z.strictObject({
  period: oneOf(['daily', 'weekly', 'monthly']),
  rpuHours: integerBetween(1, 1_000_000),
  breach: oneOf(['log', 'emit-metric', 'deactivate']),
});

const LIMITS = 'at most four limits, no two of one period and breach';
const serverless = z
  .strictObject({
    kind: z.literal('serverless'),
    baseRpus: rpus,
    maxRpus: rpus,
    usageLimits: z
      .array(limit, { error: LIMITS })
      .max(4, { error: LIMITS })
      .refine((all) => new Set(all.map(({ period, breach }) => `${period} ${breach}`)).size === all.length, {
        error: LIMITS,
      }),
    restoreFrom: restore(SNAPSHOT).optional(),
  })
  .refine(({ baseRpus, maxRpus }) => maxRpus >= baseRpus, {
    path: ['maxRpus'],
    error: 'baseRpus or more',
  }) satisfies z.ZodType<ServerlessWarehouseConfig>;

/** Both kinds of warehouse, with what Redshift allows of each. */
export const warehouseSchema: z.ZodType<WarehouseConfig> = z.discriminatedUnion('kind', [provisioned, serverless], {
  error: 'provisioned, serverless',
});
