import { ResourceFailedError } from '../cloudformation/errors';
import type { Properties, ResourceContext, ResourceProvider } from '../cloudformation/resource-provider';
import { keyArn } from '../cloudformation/resources/record';

/** What CloudWatch Logs does with a group's key as itself. */
const KEY_ACTIONS = ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * Log groups with a key that CloudWatch Logs may use, by the key's own policy. Source: CloudWatch Logs User Guide,
 * "Encrypt log data in CloudWatch Logs using AWS KMS".
 * @param mayUse whether CloudWatch Logs may do the action with the key for the group of that ARN
 */
export function keyedLogGroups(
  provider: ResourceProvider,
  mayUse: (action: string, keyArn: string, groupArn: string) => boolean,
): ResourceProvider {
  const check = (context: ResourceContext, name: string, properties: Properties) => {
    const { KmsKeyId: key } = properties;
    if (typeof key !== 'string') return;
    const groupArn = `arn:aws:logs:${context.region}:${context.account}:log-group:${name}`;
    if (KEY_ACTIONS.every((action) => mayUse(action, keyArn(context, key), groupArn))) return;
    throw new ResourceFailedError(
      `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}'`,
      name,
    );
  };
  return {
    ...provider,
    async create(context, properties) {
      const made = await provider.create(context, properties);
      check(context, made.physicalId, properties);
      return made;
    },
    async update(context, name, properties, old) {
      check(context, name, properties);
      return provider.update(context, name, properties, old);
    },
  };
}
