import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** Where the ETL function puts its metrics (lambda/metrics.ts; a test compares the two on the local AWS). */
const NAMESPACE = 'Sparkify/Warehouse';

/** What the function says at the end of each run. */
export type LoadMetric =
  | 'RunsSucceeded'
  | 'RunsFailed'
  | 'RunDuration'
  | 'FilesLoaded'
  | 'BytesLoaded'
  | 'RowsStaged'
  | 'RowsRejected'
  | 'ChecksWarned'
  | 'Retries'
  | 'HoursBehindSource';

/** A metric of an environment's load. */
export function loadMetric(
  environmentName: string,
  metricName: LoadMetric,
  statistic: 'Sum' | 'Maximum' = 'Sum',
  period = Duration.minutes(5),
): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { Environment: environmentName },
    statistic,
    period,
  });
}
