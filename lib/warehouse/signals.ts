import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../monitoring/alarm';

/** One thing about a warehouse that somebody is to be told of. */
export interface WarehouseAlarm extends AlarmDefinition {
  readonly id: 'ClusterUnhealthy' | 'DiskFull' | 'ComputeHigh';
}

/** Lines that belong on one graph of a dashboard. */
export interface WarehouseGraph {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** What alarms and dashboards need, so that they never ask for the kind. */
export interface WarehouseSignals {
  /** @param diskPercent from where on a disk counts as full, where the kind has a disk */
  alarms(diskPercent: number): readonly WarehouseAlarm[];
  readonly graphs: readonly WarehouseGraph[];
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * Metrics of a cluster. A paused one sends none, which is no alarm.
 * Source: Management Guide, "Performance data in Amazon Redshift".
 */
export function clusterSignals(clusterIdentifier: string): WarehouseSignals {
  const metric = (metricName: string, statistic = 'Average') =>
    new Metric({
      namespace: 'AWS/Redshift',
      metricName,
      dimensionsMap: { ClusterIdentifier: clusterIdentifier },
      statistic,
      period: FIVE_MINUTES,
    });
  return {
    alarms: (diskPercent) => [
      {
        id: 'ClusterUnhealthy',
        metric: metric('HealthStatus', 'Minimum'),
        threshold: 1,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        missing: TreatMissingData.NOT_BREACHING,
        text: 'The cluster has not answered for a quarter of an hour.',
      },
      {
        id: 'DiskFull',
        metric: metric('PercentageDiskSpaceUsed', 'Maximum'),
        threshold: diskPercent,
        comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 3,
        missing: TreatMissingData.NOT_BREACHING,
        text: `The cluster's disk is ${diskPercent} % full.`,
      },
    ],
    graphs: [
      { title: 'CPU and disk (%)', metrics: [metric('CPUUtilization'), metric('PercentageDiskSpaceUsed', 'Maximum')] },
      { title: 'Connections', metrics: [metric('DatabaseConnections', 'Maximum')] },
      { title: 'Health (1 is healthy)', metrics: [metric('HealthStatus', 'Minimum')] },
    ],
  };
}

/**
 * Metrics of a workgroup and its namespace. There is no health and no disk to fill: storage grows, at a price.
 * Source: Management Guide, "Monitoring Amazon Redshift Serverless with CloudWatch" (names as recalled, not tried).
 * @param dailyRpuHours what a day may take before somebody is told
 */
export function workgroupSignals(workgroup: string, namespace: string, dailyRpuHours: number): WarehouseSignals {
  const metric = (
    metricName: string,
    statistic: string,
    dimensionsMap: Record<string, string>,
    period = FIVE_MINUTES,
  ) => new Metric({ namespace: 'AWS/Redshift-Serverless', metricName, dimensionsMap, statistic, period });
  const ofWorkgroup = { Workgroup: workgroup };
  return {
    alarms: () => [
      {
        id: 'ComputeHigh',
        // RPU-seconds.
        metric: metric('ComputeSeconds', 'Sum', ofWorkgroup, Duration.days(1)),
        threshold: dailyRpuHours * 3600,
        comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        missing: TreatMissingData.NOT_BREACHING,
        text: `The workgroup has taken more than ${dailyRpuHours} RPU-hours in a day.`,
      },
    ],
    graphs: [
      { title: 'Compute (RPU-seconds)', metrics: [metric('ComputeSeconds', 'Sum', ofWorkgroup)] },
      { title: 'Capacity (RPU)', metrics: [metric('ComputeCapacity', 'Maximum', ofWorkgroup)] },
      { title: 'Storage (MB)', metrics: [metric('DataStorage', 'Maximum', { Namespace: namespace })] },
    ],
  };
}
