/** What a delivery is about: the values of the context attributes in a target's input. */
export interface DeliveryContext {
  readonly scheduleArn: string;
  /** Milliseconds since the epoch. */
  readonly scheduledTime: number;
  readonly executionId: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** A time as Scheduler writes it: `2018-12-01T03:00:00Z`. */
export function scheduledTimeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Fills in `<aws.scheduler.…>` (user guide, "Adding context attributes"). Unknown names stay as they are. */
export function fillContextAttributes(input: string, context: DeliveryContext): string {
  const values: Readonly<Record<string, string>> = {
    'schedule-arn': context.scheduleArn,
    'scheduled-time': scheduledTimeText(context.scheduledTime),
    'execution-id': context.executionId,
    'attempt-number': String(context.attempt),
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole);
}
