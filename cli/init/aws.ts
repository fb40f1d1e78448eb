import { DescribeAvailabilityZonesCommand, DescribeManagedPrefixListsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { callerIdentity } from '../doctor/caller';
import { valueAt } from './draft';
import type { KnownOfAws, Question } from './question';
import type { Fields } from './rules';

/**
 * What AWS says to whatever credentials are at hand. Without any, or where it refuses, nothing is known and the person is
 * asked: `init` needs no account to talk to.
 */
export class AwsKnowledge {
  private account: Promise<string | undefined> | undefined;

  /** What helps with one question, in the region and with the bucket that the answers so far name. */
  async for(config: Fields, question: Pick<Question, 'name'>): Promise<KnownOfAws> {
    const account = await this.caller();
    const none: KnownOfAws = account === undefined ? {} : { account };
    if (account === undefined) return none;
    const region = String(config.region);
    switch (question.name) {
      case 'zones':
        return { ...none, ...(await known('zones', () => zonesOf(region))) };
      case 's3PrefixList':
        return { ...none, ...(await known('s3PrefixList', () => prefixListOf(region))) };
      case 'sourceRegion':
        return { ...none, ...(await bucket(String(valueAt(config, ['sources', 'bucket'])), region)) };
      default:
        return none;
    }
  }

  /** Asked once: without credentials each look for them takes a second. */
  private caller(): Promise<string | undefined> {
    this.account ??= callerIdentity({ region: 'us-west-2' }).then((answer) =>
      'is' in answer ? answer.is.account : undefined,
    );
    return this.account;
  }
}

async function known<K extends keyof KnownOfAws>(
  field: K,
  ask: () => Promise<KnownOfAws[K]>,
): Promise<Pick<KnownOfAws, K> | Record<string, never>> {
  try {
    return { [field]: await ask() } as Pick<KnownOfAws, K>;
  } catch {
    // These credentials may not ask: the person knows.
    return {};
  }
}

async function zonesOf(region: string): Promise<readonly string[]> {
  const client = new EC2Client({ region, maxAttempts: 1 });
  try {
    const { AvailabilityZones = [] } = await client.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [
          { Name: 'zone-type', Values: ['availability-zone'] },
          { Name: 'state', Values: ['available'] },
        ],
      }),
    );
    return AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).sort();
  } finally {
    client.destroy();
  }
}

async function prefixListOf(region: string): Promise<string | undefined> {
  const client = new EC2Client({ region, maxAttempts: 1 });
  try {
    const { PrefixLists = [] } = await client.send(
      new DescribeManagedPrefixListsCommand({
        Filters: [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${region}.s3`] }],
      }),
    );
    return PrefixLists[0]?.PrefixListId;
  } finally {
    client.destroy();
  }
}

/** Where a bucket is, and whether these credentials may read it. */
async function bucket(name: string, region: string): Promise<KnownOfAws> {
  const forcePathStyle = process.env.AWS_ENDPOINT_URL !== undefined;
  const client = new S3Client({ region, maxAttempts: 1, followRegionRedirects: true, forcePathStyle });
  try {
    const { BucketRegion = region } = await client.send(new HeadBucketCommand({ Bucket: name }));
    return { bucketRegion: BucketRegion, bucketSaid: `S3: ${name} is there, in ${BucketRegion}` };
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === 'NotFound' || code === 'NoSuchBucket') return { bucketSaid: `S3: there is no bucket ${name} yet` };
    return { bucketSaid: `S3 does not let you look into ${name}: ${code}${message === code ? '' : `, ${message}`}` };
  } finally {
    client.destroy();
  }
}
