import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { EnvironmentConfig } from '../config';
import type { AlarmDefinition } from './alarm';
import { loadMetric } from './load-metrics';

/**
 * The alarms of the load. A run says something once, at its end: where nothing is said since, an alarm stays as the last
 * run has left it (missing data is ignored), so that a failed load is alarming until one succeeds.
 */
export function loadAlarms(config: EnvironmentConfig, deadLetters: IQueue): readonly AlarmDefinition[] {
  const { alarms, name } = config;
  const untilTheNextRun = { evaluationPeriods: 1, missing: TreatMissingData.IGNORE } as const;
  const above = (threshold: number) => ({ threshold, comparison: ComparisonOperator.GREATER_THAN_THRESHOLD });
  return [
    {
      id: 'LoadFailed',
      metric: loadMetric(name, 'RunsFailed'),
      ...above(0),
      ...untilTheNextRun,
      text: 'The last load has failed and changed nothing; the star is as the load before left it.',
    },
    {
      id: 'LoadLate',
      // An hour is the shortest period of which CloudWatch looks back for more than a day, up to seven.
      metric: loadMetric(name, 'RunsSucceeded', 'Sum', Duration.hours(1)),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: alarms.lateAfterHours,
      missing: TreatMissingData.BREACHING,
      text: `No load has succeeded for ${alarms.lateAfterHours} hours.`,
    },
    {
      id: 'DeadLetters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      ...above(0),
      // SQS says nothing of a queue that nobody has touched for six hours; what lies in it lies there still.
      ...untilTheNextRun,
      text: 'An event was given up, as a run that failed or as one that could not be delivered: it lies in the dead-letter queue.',
    },
    {
      id: 'RowsRejected',
      metric: loadMetric(name, 'RowsRejected', 'Maximum'),
      ...above(alarms.rejectsAbove),
      ...untilTheNextRun,
      text: `The last load has left out more than ${alarms.rejectsAbove} rows; they stand in etl.rejects.`,
    },
    {
      id: 'CheckWarned',
      metric: loadMetric(name, 'ChecksWarned', 'Maximum'),
      ...above(0),
      ...untilTheNextRun,
      text: 'The last load has committed, but a check of its data warns.',
    },
  ];
}
