import type { LocalAwsHandle } from '../local/client';
import { localPlace, openTarget, type Target, withLocalAws } from './target';

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
export function withLocalStack<T>(work: (stack: LocalStack) => Promise<T>): Promise<T> {
  return withLocalAws(async (aws) => {
    const stack = await openStack(aws);
    try {
      return await work(stack);
    } finally {
      stack.close();
    }
  });
}
