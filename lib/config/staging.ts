import { COMMON } from './common';
import type { EnvironmentConfig } from './environment';

/** The rehearsal of prod: the same shape, less of it. */
export const staging: EnvironmentConfig = {
  ...COMMON,
  name: 'staging',
  account: '222222222222',
  network: { kind: 'own', cidr: '10.41.0.0/16' },
  warehouse: {
    kind: 'provisioned',
    nodeType: 'ra3.large',
    numberOfNodes: 2,
    multiAz: false,
    snapshotRetentionDays: 7,
    pause: null,
  },
  budgetUsd: 900,
  onRemoval: 'retain',
  terminationProtection: false,
};
