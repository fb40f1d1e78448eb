import { COMMON } from './common';
import type { EnvironmentConfig } from './environment';

/** For developers: the smallest cluster, gone without a trace when the stack is deleted. */
export const dev: EnvironmentConfig = {
  ...COMMON,
  name: 'dev',
  account: '111111111111',
  vpcCidr: '10.40.0.0/16',
  warehouse: { kind: 'provisioned', nodeType: 'ra3.large', numberOfNodes: 1, snapshotRetentionDays: 1 },
  onRemoval: 'destroy',
  terminationProtection: false,
};
