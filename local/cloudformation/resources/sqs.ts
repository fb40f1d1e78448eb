import type { QueueStore } from '../../sqs/queue-store';
import type { ResourceContext, ResourceProvider } from '../resource-provider';
import { text } from './names';
import { arn } from './record';

/** AWS::SQS::Queue on the local queues. */
export function queueProvider(queues: QueueStore): ResourceProvider {
  const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
  const exists = (queueArn: string) => {
    try {
      queues.messages(queueArn);
      return true;
    } catch {
      return false;
    }
  };
  const described = (context: ResourceContext, url: string) => ({
    physicalId: url,
    attributes: { Arn: arn(context, 'sqs', nameOf(url)), QueueName: nameOf(url), QueueUrl: url },
  });
  return {
    replaceOn: ['QueueName', 'FifoQueue'],
    create: async (context, properties) =>
      described(context, queues.create(text(properties, 'QueueName') ?? context.generateName(80)).url),
    update: async (context, url) => described(context, url),
    async delete(_context, url) {
      queues.delete(nameOf(url));
    },
    read: async (context, url, properties) => (exists(arn(context, 'sqs', nameOf(url))) ? properties : undefined),
  };
}
