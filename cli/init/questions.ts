import { budgetFor, costText, environmentCost } from './costs';
import { type Path, valueAt } from './draft';
import { NETWORK_QUESTIONS, PLACE_QUESTIONS, ZONE_QUESTIONS } from './place-questions';
import { type Context, isProd, type Question, warehouse } from './question';
import type { Fields } from './rules';
import { begunWarehouse, KIND_QUESTION, SIZE_QUESTIONS } from './warehouse-questions';

const isMade = ({ config }: Context) => valueAt(config, ['sources', 'origin']) === 'made';
const sourceElsewhere = ({ config }: Context) => valueAt(config, ['sources', 'region']) !== config.region;
const CIDRS = { dev: '10.40.0.0/16', staging: '10.41.0.0/16', prod: '10.42.0.0/16' } as const;

/** `none` is null; the rules say where that is allowed. */
const orNull = (answer: unknown) => (answer === 'none' ? null : answer);

const SOURCE_QUESTIONS: readonly Question[] = [
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
];

const RUNNING_QUESTIONS: readonly Question[] = [
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

/** Every question, in their order: the kind of warehouse comes before the zones that it needs. */
export const QUESTIONS: readonly Question[] = [
  ...PLACE_QUESTIONS,
  KIND_QUESTION,
  ...ZONE_QUESTIONS,
  ...SIZE_QUESTIONS,
  ...NETWORK_QUESTIONS,
  ...SOURCE_QUESTIONS,
  ...RUNNING_QUESTIONS,
];

/** Records whose `kind` an answer has changed: they begin anew, for their fields have nothing in common. */
export function begunAnew(
  question: Question,
  answer: unknown,
  context: Context,
): { path: Path; value: Fields } | undefined {
  if (question.name === 'warehouse' && answer !== warehouse(context).kind) {
    return { path: ['warehouse'], value: begunWarehouse(answer, context) };
  }
  if (question.name === 'network' && answer !== valueAt(context.config, ['network', 'kind'])) {
    const fields = answer === 'own' ? { cidr: CIDRS[context.environment] } : { vpcId: '', subnetIds: [] };
    return { path: ['network'], value: { kind: answer, ...fields } };
  }
  return undefined;
}
