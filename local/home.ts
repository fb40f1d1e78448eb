import { join } from 'node:path';

/** Where the local AWS keeps its state. One folder a service; everything survives a restart. */
export interface LocalHome {
  readonly root: string;
  readonly s3: string;
  readonly redshift: string;
  readonly snapshots: string;
  readonly lambda: string;
  readonly cloudformation: string;
  readonly scheduler: string;
  readonly sqs: string;
  readonly iam: string;
  readonly logs: string;
}

/** The account and region of the local AWS: one of each. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-west-2';

export function localHome(root: string): LocalHome {
  return {
    root,
    s3: join(root, 's3'),
    redshift: join(root, 'redshift'),
    snapshots: join(root, 'redshift-snapshots'),
    lambda: join(root, 'lambda'),
    cloudformation: join(root, 'cloudformation'),
    scheduler: join(root, 'scheduler'),
    sqs: join(root, 'sqs'),
    iam: join(root, 'iam'),
    logs: join(root, 'logs'),
  };
}
