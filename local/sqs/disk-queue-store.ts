import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../aws/service';
import type { Clock, Ids } from '../clock';
import { readJsonFile, writeJsonFile } from '../json-file';
import type { QueueMessage, QueueStore } from './queue-store';

interface StoredMessage extends Omit<QueueMessage, 'sentAt'> {
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** What the SQS service needs besides what other services need. */
export interface DiskQueueStore extends QueueStore {
  names(): readonly string[];
  arnOf(name: string): string;
  urlOf(name: string): string;
  /** Removes one message; nothing happens when it is gone. */
  remove(queueArn: string, messageId: string): void;
}

/**
 * Queues in one JSON file each under `folder`. Made for dead-letter queues: few messages, kept until deleted.
 * `url` is the endpoint's, read at each use because the port may change between starts.
 */
export function createQueueStore(options: {
  readonly folder: string;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  endpointUrl(): string;
}): DiskQueueStore {
  mkdirSync(options.folder, { recursive: true });
  const fileOf = (name: string) => join(options.folder, `${name}.json`);
  const arnOf = (name: string) => `arn:aws:sqs:${options.region}:${options.account}:${name}`;
  const urlOf = (name: string) => `${options.endpointUrl()}/${options.account}/${name}`;
  const load = (name: string): StoredMessage[] => {
    const messages = /^[\w.-]{1,80}$/.test(name) ? readJsonFile<StoredMessage[]>(fileOf(name)) : undefined;
    if (!messages) {
      throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
    }
    return messages;
  };
  const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
  const names = () =>
    readdirSync(options.folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort();

  return {
    create(name) {
      if (!/^[A-Za-z0-9_-]{1,80}(\.fifo)?$/.test(name)) {
        throw new AwsError(
          'InvalidParameterValue',
          'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
        );
      }
      if (!names().includes(name)) {
        writeJsonFile(fileOf(name), []);
      }
      return { arn: arnOf(name), url: urlOf(name) };
    },
    delete(name) {
      rmSync(fileOf(name), { force: true });
    },
    send(queueArn, body, attributes = {}) {
      const name = nameOf(queueArn);
      const message = { messageId: options.ids.uuid(), body, attributes, sentAt: options.clock.now() };
      writeJsonFile(fileOf(name), [...load(name), message]);
      return { ...message, sentAt: new Date(message.sentAt) };
    },
    messages: (queueArn) => load(nameOf(queueArn)).map((message) => ({ ...message, sentAt: new Date(message.sentAt) })),
    names,
    arnOf,
    urlOf,
    remove(queueArn, messageId) {
      const name = nameOf(queueArn);
      writeJsonFile(
        fileOf(name),
        load(name).filter((message) => message.messageId !== messageId),
      );
    },
  };
}
