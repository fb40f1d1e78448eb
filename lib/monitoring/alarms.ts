import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmDefinition, runbookAnchor } from './alarm';

/** Tells the topic when something goes bad and when it is well again, each time with the way to its runbook section. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly environmentName: string;
      readonly definitions: readonly AlarmDefinition[];
      readonly topic: ITopic;
      /** Where docs/runbook.md can be read. */
      readonly runbookUrl: string;
    },
  ) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    this.alarms = props.definitions.map((definition) => {
      const alarm = new Alarm(this, definition.id, {
        metric: definition.metric,
        threshold: definition.threshold,
        comparisonOperator: definition.comparison,
        evaluationPeriods: definition.evaluationPeriods,
        treatMissingData: definition.missing,
        alarmDescription: `Sparkify ${props.environmentName}: ${definition.text} What to do: ${props.runbookUrl}#${runbookAnchor(definition.id)}`,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}
