import { Duration, TimeZone } from 'aws-cdk-lib';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { ScheduleConfig } from './config/environment';
import type { EtlFunction } from './etl-function';

/** The nightly load. The scheduled time is the run's identity: a delivery made twice starts nothing twice. */
export class NightlySchedule extends Construct {
  readonly schedule: scheduler.Schedule;

  constructor(scope: Construct, id: string, props: { readonly config: ScheduleConfig; readonly etl: EtlFunction }) {
    super(scope, id);
    this.schedule = new scheduler.Schedule(this, 'Schedule', {
      description: 'Loads what is new in the source bucket',
      schedule: scheduler.ScheduleExpression.expression(props.config.expression, TimeZone.of(props.config.timezone)),
      timeWindow: scheduler.TimeWindow.off(),
      target: new targets.LambdaInvoke(props.etl.alias, {
        deadLetterQueue: props.etl.deadLetterQueue,
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
        input: scheduler.ScheduleTargetInput.fromObject({
          trigger: 'schedule',
          scheduledTime: scheduler.ContextAttribute.scheduledTime,
        }),
      }),
    });
  }
}
