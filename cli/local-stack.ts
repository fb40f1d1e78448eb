import { existsSync } from 'node:fs';
import { ensureLocalAws, type LocalAwsHandle } from '../local/client';
import { NotDeployedError } from './errors';
import { sparkifyHome } from './home';
import { localPlace, openTarget, type Target } from './target';

export const LOCAL_STACK = 'Sparkify-local';

/** The deployed local stack with the clients that speak to it. */
export interface LocalStack extends Target {
  readonly aws: LocalAwsHandle;
}

/** Opens the clients of the stack on a running local AWS. @throws NotDeployedError */
export async function openStack(aws: LocalAwsHandle): Promise<LocalStack & { close(): void }> {
  return { aws, ...(await openTarget(await localPlace(aws, 'local'))) };
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
