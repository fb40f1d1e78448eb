import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type ClientOptions, type StackOutputs, WarehouseClient } from './warehouse';

/** As whom a statement can be run: as the admin, or as the people for whom the stack has a role. */
export const IDENTITIES = ['admin', 'analyst', 'operator'] as const;
export type IdentityName = (typeof IDENTITIES)[number];

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
