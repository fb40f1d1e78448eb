import type { Accounts } from '../accounts';
import type { DiskObjectStore } from '../s3/disk-object-store';

/**
 * The policies on resources of all accounts. A bucket's stand in its owner's account; a folder that is mounted as a
 * bucket is somebody else's, who lets the whole world read it.
 */
export function allPolicies(
  accounts: () => Accounts,
  objects: Pick<DiskObjectStore, 'bucketExists' | 'bucket' | 'ownerOf'>,
): { of(resourceArn: string): readonly unknown[] } {
  const publicPolicies = new Map<string, readonly unknown[]>();
  const publicPolicy = (bucketArn: string) => {
    const known = publicPolicies.get(bucketArn);
    if (known !== undefined) return known;
    // One object for good: it is read once.
    const made = [readableByAll(bucketArn)];
    publicPolicies.set(bucketArn, made);
    return made;
  };
  const ofAccount = (account: string, arn: string) => accounts().find(account)?.policies.of(arn) ?? [];
  return {
    of(resourceArn) {
      const bucket = /^arn:[^:]+:s3:::(.+)$/.exec(resourceArn)?.[1];
      if (bucket === undefined) return ofAccount(resourceArn.split(':')[4] ?? '', resourceArn);
      if (!objects.bucketExists(bucket)) return [];
      return objects.bucket(bucket).mounted === undefined
        ? ofAccount(objects.ownerOf(bucket), resourceArn)
        : publicPolicy(resourceArn);
    },
  };
}

function readableByAll(bucketArn: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'PublicRead',
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation'],
        Resource: [bucketArn, `${bucketArn}/*`],
      },
    ],
  };
}
