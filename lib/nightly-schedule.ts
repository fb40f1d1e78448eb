import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { ScheduleConfig } from './config/environment';
import type { EtlFunction } from './etl-function';
import { ManagedRole } from './managed-role';

/** The nightly load. The scheduled time is the run's identity: a delivery made twice starts nothing twice. */
export class NightlySchedule extends Construct {
  readonly schedule: scheduler.Schedule;

  constructor(scope: Construct, id: string, props: { readonly config: ScheduleConfig; readonly etl: EtlFunction }) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new ManagedRole(this, 'Role', {
      description: 'EventBridge Scheduler: invokes the ETL function, and puts away what could not be delivered',
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            'aws:SourceArn': stack.formatArn({
              service: 'scheduler',
              resource: 'schedule-group',
              resourceName: 'default',
            }),
          },
        },
      }),
    });
    this.schedule = new scheduler.Schedule(this, 'Schedule', {
      description: 'Loads what is new in the source bucket',
      schedule: scheduler.ScheduleExpression.expression(props.config.expression, TimeZone.of(props.config.timezone)),
      timeWindow: scheduler.TimeWindow.off(),
      target: new targets.LambdaInvoke(props.etl.alias, {
        role,
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
