import { COMMON } from './common';
import type { EnvironmentConfig } from './environment';

/** For developers: the smallest cluster, asleep at night, gone without a trace when both opt-ins are given. */
export const dev: EnvironmentConfig = {
  ...COMMON,
  name: 'dev',
  account: '111111111111',
  network: { kind: 'own', cidr: '10.40.0.0/16' },
  warehouse: {
    kind: 'provisioned',
    nodeType: 'ra3.large',
    numberOfNodes: 1,
    multiAz: false,
    snapshotRetentionDays: 7,
    pause: { pauseAt: 'cron(0 20 * * ? *)', resumeAt: 'cron(0 2 * * ? *)' },
  },
  budgetUsd: 350,
  onRemoval: 'destroy',
  terminationProtection: false,
};
