import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import type { WarehouseSignals } from '../warehouse/signals';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { Budget } from './budget';
import { LoadDashboard } from './dashboard';
import { loadAlarms } from './load-alarms';

/** Who is told of what: topic, alarms, budget and the dashboard of one environment. */
export class Monitoring extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly config: EnvironmentConfig;
      readonly warehouse: WarehouseSignals;
      readonly deadLetters: IQueue;
      readonly key: IKey;
    },
  ) {
    super(scope, id);
    const { config, warehouse, deadLetters, key } = props;
    const { name: environmentName } = config;
    const { emails, runbookUrl, diskPercent } = config.alarms;
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { environmentName, emails, key });
    const { alarms } = new Alarms(this, 'Alarms', {
      environmentName,
      definitions: [...loadAlarms(config, deadLetters), ...warehouse.alarms(diskPercent)],
      topic,
      runbookUrl,
    });
    new Budget(this, 'Budget', { environmentName, usd: config.budgetUsd, topic });
    new LoadDashboard(this, 'Dashboard', { environmentName, alarms, warehouse: warehouse.graphs, runbookUrl });
  }
}
