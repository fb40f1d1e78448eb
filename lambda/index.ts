import { join } from 'node:path';
import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { respond } from './cloudformation';
import { handle } from './handler';

/**
 * Entry of the ETL function (`index.handler`): a durable function, called through its alias `live` by CloudFormation,
 * the schedule and operators. The SQL tree lies beside the bundle.
 */
export const handler = withDurableExecution((event: unknown, context: DurableContext) =>
  handle(event, context, {
    environment: process.env,
    sqlRoot: join(__dirname, 'sql'),
    now: Date.now,
    // Not console.log: Lambda's puts time and request before the line, and CloudWatch finds metrics in whole JSON lines.
    write: (line) => process.stdout.write(`${line}\n`),
    respond,
    lambda: () => new LambdaClient({}),
    redshiftData: () => new RedshiftDataClient({ maxAttempts: 5 }),
    s3: (region) => new S3Client({ maxAttempts: 5, ...(region === undefined ? {} : { region }) }),
  }),
);
