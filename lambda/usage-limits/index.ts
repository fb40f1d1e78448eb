import { RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless';
import { respond } from '../cloudformation';
import type { CloudFormationRequest } from '../events';
import { handleUsageLimits } from './handler';

const client = new RedshiftServerlessClient({});

/** Entry point of the function that sets a workgroup's usage limits. */
export const handler = (event: CloudFormationRequest): Promise<void> =>
  handleUsageLimits(event, { client, respond, log: (line) => console.log(line) });
