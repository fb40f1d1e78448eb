import { costText, environmentCost, NODE_PRICES, type PricedWarehouse, RPU_HOUR } from './costs';
import { valueAt } from './draft';
import { type Context, isCluster, isServerless, type Question, warehouse } from './question';
import type { Fields } from './rules';

const isPaused = (context: Context) => warehouse(context).pause !== null && warehouse(context).pause !== undefined;
const cost = (priced: PricedWarehouse) => costText(environmentCost(priced, false));
const asWarehouse = (fields: Fields) => fields as unknown as PricedWarehouse;
const ASLEEP = { pauseAt: 'cron(0 20 * * ? *)', resumeAt: 'cron(0 2 * * ? *)' } as const;

/** A warehouse of a kind to begin with: the smallest, and production's not alone. */
export function begunWarehouse(kind: unknown, { environment }: Context): Fields {
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

const dailyLimit = (context: Context) =>
  (warehouse(context).usageLimits ?? []).find(({ period, breach }) => period === 'daily' && breach === 'deactivate');

/** Kind and size of the warehouse, with what each costs. */
export const KIND_QUESTION: Question = {
  name: 'warehouse',
  path: ['warehouse', 'kind'],
  message: 'Kind of warehouse',
  kind: 'choice',
  choices: (context) =>
    (['provisioned', 'serverless'] as const).map((kind) => {
      const fields = kind === warehouse(context).kind ? warehouse(context) : asWarehouse(begunWarehouse(kind, context));
      const size =
        kind === 'provisioned' ? `${fields.numberOfNodes} ${fields.nodeType}` : `${fields.baseRpus} RPU, paid by use`;
      return { value: kind, hint: `${size}: ${cost(fields)}` };
    }),
};

export const SIZE_QUESTIONS: readonly Question[] = [
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
];
