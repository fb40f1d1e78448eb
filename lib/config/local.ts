import { COMMON } from './common';
import type { EnvironmentConfig, WarehouseConfig } from './environment';

/** The sizes of both kinds on one machine, where they mean nothing: `-c warehouse=...` chooses. */
export const LOCAL_WAREHOUSES = {
  provisioned: {
    kind: 'provisioned',
    nodeType: 'ra3.large',
    numberOfNodes: 1,
    multiAz: false,
    snapshotRetentionDays: 7,
    pause: null,
  },
  serverless: {
    kind: 'serverless',
    baseRpus: 8,
    maxRpus: 16,
    usageLimits: [{ period: 'daily', rpuHours: 24, breach: 'deactivate' }],
  },
} as const satisfies Readonly<Record<WarehouseConfig['kind'], WarehouseConfig>>;

/** The local AWS on one machine. Its source bucket is named on the command line: `-c sourceBucket=...`. */
export const local: EnvironmentConfig = {
  ...COMMON,
  name: 'local',
  account: '000000000000',
  network: { kind: 'own', cidr: '10.43.0.0/16' },
  warehouse: LOCAL_WAREHOUSES.provisioned,
  sources: { ...COMMON.sources, bucket: 'sparkify-generated' },
  // On this machine nobody has MFA: whoever has the keys of the local account may take on the roles.
  access: { analysts: ['arn:aws:iam::000000000000:root'], operators: ['arn:aws:iam::000000000000:root'] },
  budgetUsd: 1,
  onRemoval: 'destroy',
  terminationProtection: false,
};
