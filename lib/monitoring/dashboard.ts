import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  type Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { WarehouseGraph } from '../warehouse/signals';
import { type LoadMetric, loadMetric } from './load-metrics';

/** Of the 24 columns of a dashboard. */
const WIDTH = 8;
const HEIGHT = 6;

/** One page for one environment: what alarms, what the load did, how the warehouse is. */
export class LoadDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly environmentName: string;
      readonly alarms: readonly Alarm[];
      readonly warehouse: readonly WarehouseGraph[];
      readonly runbookUrl: string;
    },
  ) {
    super(scope, id);
    const { environmentName, alarms, warehouse, runbookUrl } = props;
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `Sparkify-${environmentName}`,
      defaultInterval: Duration.days(14),
    });
    dashboard.addWidgets(
      new TextWidget({ markdown: `# Sparkify ${environmentName}\n[Runbook](${runbookUrl})`, width: WIDTH, height: 3 }),
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 2 * WIDTH, height: 3 }),
    );
    dashboard.addWidgets(...loadGraphs(environmentName));
    dashboard.addWidgets(...warehouse.map(({ title, metrics }) => graph(title, metrics)));
  }
}

function loadGraphs(environmentName: string): readonly IWidget[] {
  const metrics = (statistic: 'Sum' | 'Maximum', ...names: readonly LoadMetric[]) =>
    names.map((name) => loadMetric(environmentName, name, statistic, Duration.hours(1)));
  return [
    graph('Runs', metrics('Sum', 'RunsSucceeded', 'RunsFailed', 'Retries')),
    graph('Duration (ms)', metrics('Maximum', 'RunDuration')),
    graph('Freshness: hours behind the source', metrics('Maximum', 'HoursBehindSource')),
    graph('Rows staged', metrics('Sum', 'RowsStaged')),
    graph('Files and bytes loaded', metrics('Sum', 'FilesLoaded'), metrics('Sum', 'BytesLoaded')),
    graph('Rows rejected, checks that warn', metrics('Maximum', 'RowsRejected', 'ChecksWarned')),
  ];
}

function graph(title: string, left: readonly Metric[], right: readonly Metric[] = []): IWidget {
  return new GraphWidget({ title, left: [...left], right: [...right], width: WIDTH, height: HEIGHT });
}
