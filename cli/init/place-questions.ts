import { valueAt } from './draft';
import { isPlaceholderAccount } from './environment-file';
import { type Context, isServerless, type Question, regionOf } from './question';

const networkIs = (kind: string) => (context: Context) => valueAt(context.config, ['network', 'kind']) === kind;

/** One region's id has stood here from the beginning; of the others it has to come from AWS, for a wrong one shuts S3 out. */
const KNOWN_PREFIX_LIST = { region: 'us-west-2', id: 'pl-68a54001' } as const;

function prefixListProposal({ config, known, regionBefore }: Context): unknown {
  if (known.s3PrefixList !== undefined) return known.s3PrefixList;
  const { region, s3PrefixListId: stands } = config;
  if (region === regionBefore && (region === KNOWN_PREFIX_LIST.region || stands !== KNOWN_PREFIX_LIST.id))
    return stands;
  return region === KNOWN_PREFIX_LIST.region ? KNOWN_PREFIX_LIST.id : '';
}

/** Where the environment is. */
export const PLACE_QUESTIONS: readonly Question[] = [
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
];

/** Its zones and its way to S3. */
export const ZONE_QUESTIONS: readonly Question[] = [
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
];

export const NETWORK_QUESTIONS: readonly Question[] = [
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
];
