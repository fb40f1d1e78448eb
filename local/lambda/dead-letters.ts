import type { QueueStore } from '../sqs/queue-store';
import type { LambdaAccess } from './access';
import type { FunctionConfiguration } from './lambda-control';

export interface DeadLetter {
  readonly requestId: string;
  /** The event as it was given, JSON text. */
  readonly payload: string;
  readonly errorMessage: string;
}

export interface DeadLetterOptions {
  readonly queues: QueueStore;
  readonly log: (line: string) => void;
  readonly access?: LambdaAccess;
}

/** Characters of the error message that Lambda puts on a dead letter: 1 KB. */
const MESSAGE_LIMIT = 1024;

/**
 * Sends an event that failed for good to the function's dead-letter queue, if it has one, with the three message
 * attributes of the developer guide ("Dead-letter queues"). A failure to do so loses the event, as in AWS, and is logged.
 */
export function sendDeadLetter(
  options: DeadLetterOptions,
  configuration: FunctionConfiguration,
  letter: DeadLetter,
): void {
  const { functionName, deadLetterQueueArn, roleArn } = configuration;
  if (!deadLetterQueueArn) return;
  try {
    options.access?.authorizeRole(roleArn, 'sqs:SendMessage', deadLetterQueueArn);
    options.queues.send(deadLetterQueueArn, letter.payload, {
      RequestID: letter.requestId,
      ErrorCode: '200',
      ErrorMessage: Buffer.from(letter.errorMessage).subarray(0, MESSAGE_LIMIT).toString(),
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    options.log(
      `lambda: ${functionName}: the event ${letter.requestId} could not be sent to ${deadLetterQueueArn}: ${text}`,
    );
  }
}
