/** A schedule as AWS::Scheduler::Schedule describes it. */
export interface ScheduleSpec {
  readonly name: string;
  readonly groupName: string;
  /** `cron(...)`, `rate(...)` or `at(...)`. */
  readonly scheduleExpression: string;
  /** IANA zone, `UTC` by default. */
  readonly timezone: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly target: {
    readonly arn: string;
    readonly roleArn: string;
    /** JSON text; `<aws.scheduler.scheduled-time>` and the other context attributes are filled in at delivery. */
    readonly input?: string;
    readonly deadLetterArn?: string;
    readonly maximumRetryAttempts: number;
    readonly maximumEventAgeInSeconds: number;
  };
}

/** The local EventBridge Scheduler. Nothing fires by itself: time passes when somebody ticks. */
export interface SchedulerControl {
  /** @returns the schedule's ARN */
  put(spec: ScheduleSpec): string;
  delete(groupName: string, name: string): void;
  list(): readonly ScheduleSpec[];
  /**
   * Fires the next occurrence of one schedule (or of every enabled one): the first tick the first occurrence after
   * now, each later tick the one after the last that was fired, so that no two ticks share a scheduled time.
   */
  tick(name?: string): Promise<readonly TickResult[]>;
}

export interface TickResult {
  readonly schedule: string;
  readonly scheduledTime: Date;
  readonly targetArn: string;
  /** What the target service said; for a durable function its execution's ARN. */
  readonly durableExecutionArn?: string;
  /** Set when the delivery failed for good and went to the dead-letter queue. */
  readonly error?: string;
}
