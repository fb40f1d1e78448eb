import { COMMON } from './common';
import type { EnvironmentConfig } from './environment';

/** What the analysts query. */
export const prod: EnvironmentConfig = {
  ...COMMON,
  name: 'prod',
  account: '333333333333',
  network: { kind: 'own', cidr: '10.42.0.0/16' },
  warehouse: {
    kind: 'provisioned',
    nodeType: 'ra3.xlplus',
    numberOfNodes: 2,
    multiAz: false,
    snapshotRetentionDays: 35,
    pause: null,
  },
  budgetUsd: 2000,
  onRemoval: 'retain',
  terminationProtection: true,
};
