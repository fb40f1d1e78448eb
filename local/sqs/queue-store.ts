export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: Date;
}

/** Queues on disk: what dead-letter queues need. */
export interface QueueStore {
  /** @returns the queue's ARN */
  create(name: string): { readonly arn: string; readonly url: string };
  delete(name: string): void;
  /** @throws AwsError AWS.SimpleQueueService.NonExistentQueue */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): QueueMessage;
  messages(queueArn: string): readonly QueueMessage[];
}
