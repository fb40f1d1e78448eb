import { AwsError } from '../../aws/service';
import type { ResourceProvider } from '../resource-provider';

/** The provider, with a delete that succeeds when the service says that there is no such thing any more. */
export function forgivingDelete(provider: ResourceProvider): ResourceProvider {
  return {
    ...provider,
    async delete(context, physicalId, properties, options) {
      try {
        await provider.delete(context, physicalId, properties, options);
      } catch (error) {
        if (!isAbsence(error)) throw error;
      }
    },
  };
}

function isAbsence(error: unknown): boolean {
  return error instanceof AwsError && /NotFound|NoSuch|NonExistent/.test(error.code);
}
