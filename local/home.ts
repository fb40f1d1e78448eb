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

/** The home's own account: the operator of `npm start` works there. Others come to be when they are addressed. */
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

/**
 * The folders of one account. The home's own account has those of the home itself; every other one has a folder
 * under `accounts`. Buckets lie in one place, for their names are one space over all accounts.
 */
export function accountHome(home: LocalHome, account: string): LocalHome {
  return account === LOCAL_ACCOUNT ? home : { ...localHome(join(accountsFolder(home), account)), s3: home.s3 };
}

/** Where the accounts besides the home's own are kept. */
export function accountsFolder(home: LocalHome): string {
  return join(home.root, 'accounts');
}

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}
