import { existsSync } from 'node:fs';
import { ensureLocalAws, type LocalAwsHandle } from '../local/client';
import { NotDeployedError } from './errors';
import { Executions } from './executions';
import { sparkifyHome } from './home';
import { type ClientOptions, type StackOutputs, stackOutputs, WarehouseClient } from './warehouse';

export const LOCAL_STACK = 'Sparkify-local';

/** How this CLI signs and where to. */
export function clientOptions(handle: LocalAwsHandle): ClientOptions {
  return {
    endpoint: handle.url,
    region: handle.environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: handle.environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: handle.environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
}

/** The deployed local stack with the clients that speak to it. */
export interface LocalStack {
  readonly aws: LocalAwsHandle;
  readonly outputs: StackOutputs;
  readonly warehouse: WarehouseClient;
  readonly executions: Executions;
}

/** Opens the clients of the stack on a running local AWS. @throws NotDeployedError */
export async function openStack(aws: LocalAwsHandle): Promise<LocalStack & { close(): void }> {
  const options = clientOptions(aws);
  const outputs = await stackOutputs(LOCAL_STACK, options);
  const warehouse = new WarehouseClient(outputs, options);
  const executions = new Executions(options);
  return {
    aws,
    outputs,
    warehouse,
    executions,
    close: () => {
      warehouse.close();
      executions.close();
    },
  };
}

/**
 * Runs some work against what the last start left: starts the local AWS when it is not up, and stops it again.
 * @throws NotDeployedError when nothing was ever deployed here
 */
export async function withLocalStack<T>(work: (stack: LocalStack) => Promise<T>): Promise<T> {
  const home = sparkifyHome();
  if (!existsSync(home))
    throw new NotDeployedError(`There is no ${home}: nothing was started here. Begin with: npm start`);
  const aws = await ensureLocalAws({ home });
  try {
    const stack = await openStack(aws);
    try {
      return await work(stack);
    } finally {
      stack.close();
    }
  } finally {
    await aws.stop();
  }
}
