import { createHash } from 'node:crypto';
import { jsonService } from '../aws/protocols/json';
import { AwsError, type AwsService } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { DiskQueueStore } from './disk-queue-store';
import type { QueueMessage } from './queue-store';

type Input = Readonly<Record<string, unknown>>;
const DEFAULT_VISIBILITY_SECONDS = 30;

/**
 * SQS in its JSON protocol: GetQueueUrl, ListQueues, GetQueueAttributes, SendMessage, ReceiveMessage, DeleteMessage.
 * Receiving hides a message for its visibility timeout; that is forgotten at a restart. There is no long polling.
 */
export function createSqsService(options: {
  readonly queues: DiskQueueStore;
  readonly clock: Clock;
  readonly ids: Ids;
}): AwsService {
  const { queues, clock } = options;
  const hiddenUntil = new Map<string, number>();
  const receipts = new Map<string, string>();
  const isHidden = (message: QueueMessage) => (hiddenUntil.get(message.messageId) ?? 0) > clock.now();

  return jsonService({
    signingName: 'sqs',
    version: '1.0',
    operations: {
      GetQueueUrl(input) {
        const name = text(input, 'QueueName');
        queues.messages(queues.arnOf(name));
        return { QueueUrl: queues.urlOf(name) };
      },
      ListQueues(input) {
        const prefix = typeof input.QueueNamePrefix === 'string' ? input.QueueNamePrefix : '';
        return {
          QueueUrls: queues
            .names()
            .filter((name) => name.startsWith(prefix))
            .map(queues.urlOf),
        };
      },
      GetQueueAttributes(input) {
        const arn = queueArn(input, queues);
        const messages = queues.messages(arn);
        const hidden = messages.filter(isHidden).length;
        const all: Record<string, string> = {
          QueueArn: arn,
          ApproximateNumberOfMessages: String(messages.length - hidden),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
          VisibilityTimeout: String(DEFAULT_VISIBILITY_SECONDS),
        };
        const wanted = Array.isArray(input.AttributeNames) ? input.AttributeNames : [];
        return {
          Attributes: Object.fromEntries(
            Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name)),
          ),
        };
      },
      SendMessage(input) {
        const body = text(input, 'MessageBody');
        const message = queues.send(queueArn(input, queues), body, attributesOf(input));
        return { MessageId: message.messageId, MD5OfMessageBody: md5(body) };
      },
      ReceiveMessage(input) {
        const visibility = Number(input.VisibilityTimeout ?? DEFAULT_VISIBILITY_SECONDS);
        const visible = queues.messages(queueArn(input, queues)).filter((message) => !isHidden(message));
        return {
          Messages: visible.slice(0, Number(input.MaxNumberOfMessages ?? 1)).map((message) => {
            const receipt = options.ids.uuid();
            hiddenUntil.set(message.messageId, clock.now() + visibility * 1_000);
            receipts.set(receipt, message.messageId);
            return received(message, receipt);
          }),
        };
      },
      DeleteMessage(input) {
        const messageId = receipts.get(text(input, 'ReceiptHandle'));
        if (!messageId) {
          throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
        }
        queues.remove(queueArn(input, queues), messageId);
        hiddenUntil.delete(messageId);
        return {};
      },
    },
  });
}

function received(message: QueueMessage, receipt: string): object {
  const attributes = Object.entries(message.attributes).map(([name, value]) => [
    name,
    { StringValue: value, DataType: 'String' },
  ]);
  return {
    MessageId: message.messageId,
    ReceiptHandle: receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: { SentTimestamp: String(message.sentAt.getTime()) },
    MessageAttributes: Object.fromEntries(attributes),
  };
}

function attributesOf(input: Input): Record<string, string> {
  const attributes = (input.MessageAttributes ?? {}) as Record<string, { readonly StringValue?: string }>;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      if (attribute.StringValue === undefined) {
        throw new AwsError('InvalidParameterValue', `The local AWS keeps text attributes only; ${name} is not text.`);
      }
      return [name, attribute.StringValue];
    }),
  );
}

/** The queue meant by QueueUrl: its last segment counts, whatever host and port the URL was made under. */
function queueArn(input: Input, queues: DiskQueueStore): string {
  const url = text(input, 'QueueUrl');
  return queues.arnOf(url.slice(url.lastIndexOf('/') + 1));
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  return value;
}

function md5(value: string): string {
  return createHash('md5').update(value).digest('hex');
}
