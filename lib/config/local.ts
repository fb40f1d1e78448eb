import { COMMON } from './common';
import type { EnvironmentConfig } from './environment';

/** The local AWS on one machine. Its source bucket is named on the command line: `-c sourceBucket=...`. */
export const local: EnvironmentConfig = {
  ...COMMON,
  name: 'local',
  account: '000000000000',
  vpcCidr: '10.43.0.0/16',
  warehouse: { kind: 'provisioned', nodeType: 'ra3.large', numberOfNodes: 1, snapshotRetentionDays: 1 },
  sources: { ...COMMON.sources, bucket: 'sparkify-generated' },
  onRemoval: 'destroy',
  terminationProtection: false,
};
