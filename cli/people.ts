import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { IdentityName } from './identities';
import { type ClientOptions, type StackOutputs, WarehouseClient } from './warehouse';

/** A client that does what a person does: takes on the role, and is that role's database user. To be closed. */
export async function warehouseAs(
  person: Exclude<IdentityName, 'admin'>,
  outputs: StackOutputs,
  options: ClientOptions,
): Promise<WarehouseClient> {
  const [RoleArn, user] =
    person === 'analyst'
      ? [outputs.AnalystRoleArn, outputs.AnalystUser]
      : [outputs.OperatorRoleArn, outputs.OperatorUser];
  const client = new STSClient(options);
  try {
    const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'sparkify-query' }));
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    };
    return new WarehouseClient(outputs, { ...options, credentials }, user);
  } finally {
    client.destroy();
  }
}
