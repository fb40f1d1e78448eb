import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Answer, answered, using } from '../aws-answers';
import type { ClientOptions } from '../warehouse';
import type { Caller } from './account';

/** Who somebody's credentials are, and how far AWS's clock is from ours. */
export async function callerIdentity(options: ClientOptions): Promise<Answer<Caller>> {
  const client = new STSClient({ ...options, maxAttempts: 2 });
  let clockAhead = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      const theirs = Date.parse(headers?.date ?? '');
      if (!Number.isNaN(theirs)) clockAhead = theirs - Date.now();
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return answered(() =>
    using(client, async () => {
      const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn, clockAhead };
    }),
  );
}

/** The region that the AWS tools take here; undefined where none is configured. */
export async function configuredRegion(options: ClientOptions): Promise<string | undefined> {
  const client = new STSClient(options);
  try {
    return await client.config.region();
  } catch {
    // The SDK says by an error that no region is configured.
    return undefined;
  } finally {
    client.destroy();
  }
}
