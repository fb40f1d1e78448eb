import { DescribeAvailabilityZonesCommand, DescribeManagedPrefixListsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { bucketRegion, using } from '../aws-answers';
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
    if (account === undefined) return {};
    const region = String(config.region);
    switch (question.name) {
      case 'zones':
        return { account, ...(await known('zones', () => zonesOf(region))) };
      case 's3PrefixList':
        return { account, ...(await known('s3PrefixList', () => prefixListOf(region))) };
      case 'sourceRegion':
        return { account, ...(await bucket(String(valueAt(config, ['sources', 'bucket'])), region)) };
      default:
        return { account };
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

function zonesOf(region: string): Promise<readonly string[]> {
  return using(ec2(region), async (client) => {
    const { AvailabilityZones = [] } = await client.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [
          { Name: 'zone-type', Values: ['availability-zone'] },
          { Name: 'state', Values: ['available'] },
        ],
      }),
    );
    return AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).sort();
  });
}

function prefixListOf(region: string): Promise<string | undefined> {
  return using(ec2(region), async (client) => {
    const { PrefixLists = [] } = await client.send(
      new DescribeManagedPrefixListsCommand({
        Filters: [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${region}.s3`] }],
      }),
    );
    return PrefixLists[0]?.PrefixListId;
  });
}

const ec2 = (region: string) => new EC2Client({ region, maxAttempts: 1 });

/** Where a bucket is, and whether these credentials may read it. */
async function bucket(name: string, region: string): Promise<KnownOfAws> {
  const answer = await bucketRegion({ region }, name);
  if ('refused' in answer) {
    const { code, message } = answer.refused;
    return { bucketSaid: `S3 does not let you look into ${name}: ${[code, message].filter(Boolean).join(', ')}` };
  }
  if (answer.is === null) return { bucketSaid: `S3: there is no bucket ${name} yet` };
  return { bucketRegion: answer.is, bucketSaid: `S3: ${name} is there, in ${answer.is}` };
}
