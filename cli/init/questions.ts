import type { AnswerName, GivenAnswers } from './answers';
import { budgetFor, costText, environmentCost, NODE_PRICES, type PricedWarehouse, RPU_HOUR } from './costs';
import { type Path, valueAt } from './draft';
import { isPlaceholderAccount } from './environment-file';
import type { AwsEnvironment, Fields } from './rules';

/** What is known while questions are asked. */
export interface Context {
  readonly environment: AwsEnvironment;
  /** All fields, as the answers so far have made them. */
  readonly config: Fields;
  readonly given: GivenAnswers;
  readonly known: KnownOfAws;
  /** The region when we began. */
  readonly regionBefore: unknown;
  /** What the warehouse cost when we began; a budget that somebody chose for it stays. */
  readonly unchangedWarehouse: boolean;
}

/** What AWS has said to the credentials that are at hand; nothing of it without any. */
export interface KnownOfAws {
  readonly account?: string;
  /** Zones of the chosen region. */
  readonly zones?: readonly string[];
  readonly s3PrefixList?: string;
  readonly bucketRegion?: string;
  /** What S3 says of the source bucket. */
  readonly bucketSaid?: string;
}

export interface Choice {
  readonly value: string;
  readonly hint?: string;
}

/** One question: what it sets, and what is proposed. */
export interface Question {
  readonly name: AnswerName;
  readonly path: Path;
  readonly message: string;
  readonly kind: 'text' | 'number' | 'list' | 'flag' | 'choice';
  /** Only an option answers it, for few want another value than is there. */
  readonly quiet?: boolean;
  readonly choices?: (context: Context) => readonly Choice[];
  /** Said before it is asked. */
  readonly why?: (context: Context) => string | undefined;
  readonly applies?: (context: Context) => boolean;
  /** The value proposed; without it what stands in the file, or is the same for all. */
  readonly proposal?: (context: Context) => unknown;
  /** The value to be written for an answer, where it is another. */
  readonly written?: (answer: unknown, context: Context) => unknown;
  /** Stands above the field where the file did not have it. */
  readonly comment?: string;
}

const warehouse = ({ config }: Context): PricedWarehouse => (config.warehouse ?? {}) as PricedWarehouse;
const isCluster = (context: Context) => warehouse(context).kind === 'provisioned';
const isServerless = (context: Context) => warehouse(context).kind === 'serverless';
const networkIs = (kind: string) => (context: Context) => valueAt(context.config, ['network', 'kind']) === kind;
const isProd = ({ environment }: Context) => environment === 'prod';
const isPaused = (context: Context) => warehouse(context).pause !== null && warehouse(context).pause !== undefined;
const regionOf = ({ config }: Context) => String(config.region);
const isMade = ({ config }: Context) => valueAt(config, ['sources', 'origin']) === 'made';
const sourceElsewhere = ({ config }: Context) => valueAt(config, ['sources', 'region']) !== config.region;

/** A warehouse of a kind to begin with: the smallest, and production's not alone. */
function begun(kind: unknown, { environment }: Context): Fields {
  return kind === 'serverless'
    ? { kind, baseRpus: 8, maxRpus: 16, usageLimits: [{ period: 'daily', rpuHours: 24, breach: 'deactivate' }] }
    : {
        kind,
        nodeType: 'ra3.large',
        numberOfNodes: environment === 'dev' ? 1 : 2,
        multiAz: false,
        snapshotRetentionDays: environment === 'prod' ? 35 : 7,
        pause: null,
      };
}

const CIDRS = { dev: '10.40.0.0/16', staging: '10.41.0.0/16', prod: '10.42.0.0/16' } as const;
const ASLEEP = { pauseAt: 'cron(0 20 * * ? *)', resumeAt: 'cron(0 2 * * ? *)' } as const;

const cost = (priced: PricedWarehouse) => costText(environmentCost(priced, false));
const asWarehouse = (fields: Fields) => fields as unknown as PricedWarehouse;

/** `none` is null; the rules say where that is allowed. */
const orNull = (answer: unknown) => (answer === 'none' ? null : answer);

/** One region's id has stood here from the beginning; of the others it has to come from AWS, for a wrong one shuts S3 out. */
const KNOWN_PREFIX_LIST = { region: 'us-west-2', id: 'pl-68a54001' } as const;

function prefixListProposal({ config, known, regionBefore }: Context): unknown {
  if (known.s3PrefixList !== undefined) return known.s3PrefixList;
  if (config.region === KNOWN_PREFIX_LIST.region) return KNOWN_PREFIX_LIST.id;
  const stands = config.region === regionBefore && config.s3PrefixListId !== KNOWN_PREFIX_LIST.id;
  return stands ? config.s3PrefixListId : '';
}

/** Every question, in their order. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'account',
    path: ['account'],
    message: 'AWS account (twelve digits)',
    kind: 'text',
    why: ({ known }) => (known.account === undefined ? undefined : `your credentials are of ${known.account}`),
    proposal: ({ config, known }) =>
      isPlaceholderAccount(config.account) ? (known.account ?? '') : (config.account ?? known.account),
    comment: 'Twelve digits, in quotes.',
  },
  { name: 'region', path: ['region'], message: 'Region', kind: 'text' },
  {
    name: 'warehouse',
    path: ['warehouse', 'kind'],
    message: 'Kind of warehouse',
    kind: 'choice',
    choices: (context) =>
      (['provisioned', 'serverless'] as const).map((kind) => {
        const fields = kind === warehouse(context).kind ? warehouse(context) : asWarehouse(begun(kind, context));
        const size =
          kind === 'provisioned' ? `${fields.numberOfNodes} ${fields.nodeType}` : `${fields.baseRpus} RPU, paid by use`;
        return { value: kind, hint: `${size}: ${cost(fields)}` };
      }),
  },
  {
    name: 'zones',
    path: ['availabilityZones'],
    message: 'Availability zones, with commas between',
    kind: 'list',
    why: (context) => (isServerless(context) ? 'a serverless warehouse needs three' : undefined),
    proposal: (context) => {
      const stands = context.config.availabilityZones as readonly string[];
      const fits = stands.every((zone) => zone.startsWith(regionOf(context)));
      return fits
        ? stands
        : (context.known.zones ?? ['a', 'b', 'c'].map((letter) => `${regionOf(context)}${letter}`)).slice(0, 3);
    },
    comment: 'Named here, for synth looks nothing up; a cluster stays in them.',
  },
  {
    name: 's3PrefixList',
    path: ['s3PrefixListId'],
    message: "The region's managed prefix list of S3",
    kind: 'text',
    why: (context) =>
      `aws ec2 describe-managed-prefix-lists --region ${regionOf(context)} --filters Name=prefix-list-name,Values=com.amazonaws.${regionOf(context)}.s3`,
    proposal: prefixListProposal,
    comment: "The region's managed prefix list of S3, to which alone the cluster may connect.",
  },
  {
    name: 'nodeType',
    path: ['warehouse', 'nodeType'],
    message: 'Type of the nodes',
    kind: 'choice',
    applies: isCluster,
    choices: (context) =>
      Object.keys(NODE_PRICES).map((nodeType) => ({
        value: nodeType,
        hint: `${warehouse(context).numberOfNodes} of them: ${cost({ ...warehouse(context), nodeType })}`,
      })),
  },
  {
    name: 'nodes',
    path: ['warehouse', 'numberOfNodes'],
    message: 'How many nodes',
    kind: 'number',
    applies: isCluster,
    why: (context) => {
      const one = NODE_PRICES[warehouse(context).nodeType ?? ''];
      return one === undefined || one === null
        ? undefined
        : `${cost({ ...warehouse(context), numberOfNodes: 1 })} with one, each more ${Math.round(one * 730)} where it is always on`;
    },
  },
  {
    name: 'multiAz',
    path: ['warehouse', 'multiAz'],
    message: 'A second set of nodes in another zone?',
    kind: 'flag',
    quiet: true,
    applies: isCluster,
  },
  {
    name: 'snapshotDays',
    path: ['warehouse', 'snapshotRetentionDays'],
    message: 'Days of snapshots',
    kind: 'number',
    quiet: true,
    applies: isCluster,
  },
  {
    name: 'pause',
    path: ['warehouse', 'pause'],
    message: 'Let it sleep at night?',
    kind: 'flag',
    applies: isCluster,
    why: (context) =>
      `always on ${cost({ ...warehouse(context), pause: null })}, asleep from 20:00 to 02:00 UTC ${cost({ ...warehouse(context), pause: ASLEEP })}`,
    proposal: (context) =>
      warehouse(context).multiAz !== true &&
      (context.given.pauseAt !== undefined || context.given.resumeAt !== undefined || isPaused(context)),
    written: (answer, context) => (answer === true ? (warehouse(context).pause ?? ASLEEP) : null),
  },
  {
    name: 'pauseAt',
    path: ['warehouse', 'pause', 'pauseAt'],
    message: 'Asleep from (cron, UTC)',
    kind: 'text',
    applies: (context) => isCluster(context) && isPaused(context),
  },
  {
    name: 'resumeAt',
    path: ['warehouse', 'pause', 'resumeAt'],
    message: 'Awake from (cron, UTC; half an hour before the load)',
    kind: 'text',
    applies: (context) => isCluster(context) && isPaused(context),
  },
  {
    name: 'baseRpus',
    path: ['warehouse', 'baseRpus'],
    message: 'RPUs when the first query comes (4, or 8 to 512)',
    kind: 'number',
    applies: isServerless,
    why: () => `each RPU-hour is ${RPU_HOUR} USD, by the second, at least 60 s a wake-up`,
  },
  {
    name: 'maxRpus',
    path: ['warehouse', 'maxRpus'],
    message: 'RPUs that it scales to',
    kind: 'number',
    applies: isServerless,
    proposal: (context) =>
      Math.max(Number(valueAt(context.config, ['warehouse', 'maxRpus'])), Number(warehouse(context).baseRpus)),
  },
  {
    name: 'dailyRpuHours',
    path: ['warehouse', 'usageLimits'],
    message: 'RPU-hours a day after which queries are refused (0: no limit)',
    kind: 'number',
    applies: isServerless,
    why: (context) => `as it is: ${cost(warehouse(context))}`,
    proposal: (context) => dailyLimit(context)?.rpuHours ?? 0,
    written: (answer, context) => {
      const others = (warehouse(context).usageLimits ?? []).filter((limit) => limit !== dailyLimit(context));
      return answer === 0 ? others : [...others, { period: 'daily', rpuHours: answer, breach: 'deactivate' }];
    },
  },
  {
    name: 'network',
    path: ['network', 'kind'],
    message: 'Network',
    kind: 'choice',
    choices: () => [
      { value: 'own', hint: 'a VPC of its own, without a way to the internet' },
      { value: 'existing', hint: 'a VPC of yours, whose private subnets have a gateway endpoint to S3' },
    ],
  },
  {
    name: 'cidr',
    path: ['network', 'cidr'],
    message: 'IPv4 block of the VPC',
    kind: 'text',
    applies: networkIs('own'),
  },
  {
    name: 'vpc',
    path: ['network', 'vpcId'],
    message: 'The VPC (vpc-...)',
    kind: 'text',
    applies: networkIs('existing'),
  },
  {
    name: 'subnets',
    path: ['network', 'subnetIds'],
    message: 'Private subnets, one a zone and in their order, with commas between',
    kind: 'list',
    applies: networkIs('existing'),
  },
  {
    name: 'source',
    path: ['sources', 'origin'],
    message: 'Where do the files lie?',
    kind: 'choice',
    choices: () => [
      { value: 'given', hint: "in a bucket that is there: public, or somebody's" },
      { value: 'made', hint: 'in a bucket that the stack makes, and keeps' },
    ],
    comment: 'Where the data comes from.',
  },
  {
    name: 'sourceBucket',
    path: ['sources', 'bucket'],
    message: 'Name of the bucket',
    kind: 'text',
    // A bucket that is to be made cannot have the name of the public one.
    proposal: (context) =>
      isMade(context) && valueAt(context.config, ['sources', 'bucket']) === 'udacity-dend'
        ? `sparkify-${context.environment}-source-${String(context.config.account)}`
        : valueAt(context.config, ['sources', 'bucket']),
  },
  {
    name: 'sourceRegion',
    path: ['sources', 'region'],
    message: "The bucket's region",
    kind: 'text',
    why: ({ known }) =>
      known.bucketSaid ?? "another region than the warehouse's needs a NAT gateway: 33 USD a month and its traffic",
    proposal: (context) =>
      isMade(context)
        ? context.config.region
        : (context.known.bucketRegion ?? valueAt(context.config, ['sources', 'region'])),
  },
  {
    name: 'sourceAccount',
    path: ['sources', 'account'],
    message: 'Its account',
    kind: 'text',
    quiet: true,
    written: orNull,
    proposal: (context) => (isMade(context) ? 'none' : (valueAt(context.config, ['sources', 'account']) ?? 'none')),
  },
  {
    name: 'schedule',
    path: ['schedule', 'expression'],
    message: 'When the nightly load begins',
    kind: 'text',
    comment: 'When the nightly load begins.',
  },
  { name: 'timeZone', path: ['schedule', 'timezone'], message: 'Time zone of the schedule', kind: 'text' },
  {
    name: 'analysts',
    path: ['access', 'analysts'],
    message: 'Who may query: ARNs with commas between; none is your account, with MFA',
    kind: 'list',
    comment: 'Who may take on the roles of people: ARNs of IAM principals (docs/access.md).',
  },
  { name: 'operators', path: ['access', 'operators'], message: 'Who may also load, watch and cancel', kind: 'list' },
  {
    name: 'emails',
    path: ['alarms', 'emails'],
    message: 'Who gets the alarms: mail addresses with commas between',
    kind: 'list',
    comment: 'Each gets a mail to confirm once.',
  },
  {
    name: 'budget',
    path: ['budgetUsd'],
    message: 'Budget in US dollars a month; at 80 % of it mails go out',
    kind: 'number',
    why: (context) =>
      `all of it: ${costText(environmentCost(warehouse(context), sourceElsewhere(context)))}, by the list prices of us-west-2`,
    proposal: (context) =>
      context.unchangedWarehouse
        ? context.config.budgetUsd
        : (budgetFor(warehouse(context), sourceElsewhere(context)) ?? context.config.budgetUsd),
    comment: 'US dollars a month; docs/cost.md has the arithmetic.',
  },
  {
    name: 'reservedConcurrency',
    path: ['reservedConcurrency'],
    message: 'Reserved Lambda executions',
    kind: 'number',
    quiet: true,
    written: orNull,
    comment: 'Null reserves none: for a young account, whose whole quota may be 10.',
  },
  {
    name: 'onRemoval',
    path: ['onRemoval'],
    message: 'What becomes of the warehouse and the logs when the stack goes?',
    kind: 'choice',
    why: (context) =>
      isProd(context)
        ? 'production keeps them: a stack that goes by mistake must not take what analysts rely on'
        : undefined,
    choices: () => [
      { value: 'retain', hint: 'a final snapshot and the logs stay' },
      { value: 'destroy', hint: 'they go, where the deploy says so too (-c allowDataLoss=NAME)' },
    ],
  },
  {
    name: 'terminationProtection',
    path: ['terminationProtection'],
    message: 'Protect the stack against deletion?',
    kind: 'flag',
    why: (context) => (isProd(context) ? 'production is: nobody deletes it without lifting that first' : undefined),
  },
];

const dailyLimit = (context: Context) =>
  (warehouse(context).usageLimits ?? []).find(({ period, breach }) => period === 'daily' && breach === 'deactivate');

/** Records whose `kind` an answer has changed: they begin anew, for their fields have nothing in common. */
export function begunAnew(
  question: Question,
  answer: unknown,
  context: Context,
): { path: Path; value: Fields } | undefined {
  if (question.name === 'warehouse' && answer !== warehouse(context).kind) {
    return { path: ['warehouse'], value: begun(answer, context) };
  }
  if (question.name === 'network' && answer !== valueAt(context.config, ['network', 'kind'])) {
    const fields = answer === 'own' ? { cidr: CIDRS[context.environment] } : { vpcId: '', subnetIds: [] };
    return { path: ['network'], value: { kind: answer, ...fields } };
  }
  return undefined;
}
