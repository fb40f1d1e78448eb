import { AwsError } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { LambdaControl } from '../lambda/lambda-control';
import type { QueueStore } from '../sqs/queue-store';
import { fillContextAttributes, scheduledTimeText } from './context-attributes';
import type { ScheduleSpec } from './scheduler-control';

export interface DeliveryOptions {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly lambda: Pick<LambdaControl, 'invokeAsync'>;
  readonly queues: QueueStore;
  readonly log: (line: string) => void;
  /** What Scheduler does as a schedule's role; without it all is allowed. */
  readonly access?: SchedulerAccess;
}

/** What Scheduler asks IAM. The group of the schedule is for whose sake it acts. */
export interface SchedulerAccess {
  /** @throws AwsError when the role does not trust Scheduler or may not do the action on the resource */
  authorizeRole(roleArn: string, groupArn: string, action: string, resource: string): void;
  trusts(roleArn: string, groupArn: string): boolean;
}

/** `arn:aws:scheduler:<region>:<account>:schedule-group/<name>` */
export function groupArn(
  { account, region }: Pick<DeliveryOptions, 'account' | 'region'>,
  { groupName }: ScheduleSpec,
): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${groupName}`;
}

export interface Occurrence {
  readonly spec: ScheduleSpec;
  readonly scheduleArn: string;
  /** Milliseconds since the epoch. */
  readonly scheduledTime: number;
}

export interface DeliveryResult {
  readonly durableExecutionArn?: string;
  /** Set when the delivery failed for good. */
  readonly error?: string;
}

/** Waits before the retries, milliseconds: the last one is repeated. AWS backs off exponentially, but says not how. */
const BACK_OFF_MS = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000];

/** Invokes the schedule's target, again while that may help, and sends the event to the dead-letter queue in the end. */
export async function deliver(options: DeliveryOptions, occurrence: Occurrence): Promise<DeliveryResult> {
  const { clock } = options;
  const { target } = occurrence.spec;
  const executionId = options.ids.uuid();
  const expires = clock.now() + target.maximumEventAgeInSeconds * 1000;
  for (let attempt = 1; ; attempt++) {
    const payload = payloadOf(options, occurrence, executionId, attempt);
    try {
      const group = groupArn(options, occurrence.spec);
      options.access?.authorizeRole(target.roleArn, group, 'lambda:InvokeFunction', target.arn);
      return await options.lambda.invokeAsync(target.arn, payload);
    } catch (error) {
      const wait = BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length) - 1]!;
      const exhausted = exhaustedCondition(error, attempt > target.maximumRetryAttempts, clock.now() + wait > expires);
      if (exhausted === undefined) {
        await new Promise<void>((resolve) => clock.after(wait, resolve));
        continue;
      }
      return giveUp(options, occurrence, { payload, executionId, retries: attempt - 1, exhausted, error });
    }
  }
}

/** Why there is no further attempt. What the caller did wrong stays wrong: only throttling and 5xx are retried. */
function exhaustedCondition(error: unknown, noRetryLeft: boolean, tooOld: boolean): string | undefined {
  const permanent = error instanceof AwsError && error.status < 500 && error.status !== 429;
  if (permanent || noRetryLeft) return 'MaximumRetryAttempts';
  return tooOld ? 'MaximumEventAgeInSeconds' : undefined;
}

interface Failure {
  readonly payload: string;
  readonly executionId: string;
  readonly retries: number;
  readonly exhausted: string;
  readonly error: unknown;
}

function giveUp(options: DeliveryOptions, occurrence: Occurrence, failure: Failure): DeliveryResult {
  const { spec, scheduleArn, scheduledTime } = occurrence;
  const { deadLetterArn, arn, roleArn } = spec.target;
  const message = failure.error instanceof Error ? failure.error.message : String(failure.error);
  const code = failure.error instanceof AwsError ? failure.error.code : 'InternalServerException';
  options.log(`scheduler: ${spec.name}: delivery to ${arn} failed for good: ${code}: ${message}`);
  if (!deadLetterArn) return { error: `${code}: ${message}` };
  try {
    options.access?.authorizeRole(roleArn, groupArn(options, spec), 'sqs:SendMessage', deadLetterArn);
    options.queues.send(deadLetterArn, failure.payload, {
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
      EXECUTION_ID: failure.executionId,
      EXHAUSTED_RETRY_CONDITION: failure.exhausted,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(failure.retries),
      SCHEDULED_TIME: scheduledTimeText(scheduledTime),
      SCHEDULE_ARN: scheduleArn,
      TARGET_ARN: arn,
    });
  } catch (error) {
    options.log(`scheduler: ${spec.name}: the event could not be sent to ${deadLetterArn}: ${String(error)}`);
  }
  return { error: `${code}: ${message}` };
}

function payloadOf(options: DeliveryOptions, occurrence: Occurrence, executionId: string, attempt: number): string {
  const { spec, scheduleArn, scheduledTime } = occurrence;
  const input = spec.target.input ?? defaultInput(options, occurrence, executionId);
  return fillContextAttributes(input, { scheduleArn, scheduledTime, executionId, attempt });
}

/** The event of a Lambda target without input. */
function defaultInput({ account, region }: DeliveryOptions, occurrence: Occurrence, executionId: string): string {
  return JSON.stringify({
    version: '0',
    id: executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: scheduledTimeText(occurrence.scheduledTime),
    region,
    resources: [occurrence.scheduleArn],
    detail: '{}',
  });
}
