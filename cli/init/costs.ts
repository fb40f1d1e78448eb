/**
 * What a warehouse costs a month, by the prices and the arithmetic of docs/cost.md (a test compares them): list prices of
 * us-west-2 in US dollars, not a bill.
 */

/** An hour of one node; null where docs/cost.md names no price. */
export const NODE_PRICES: Readonly<Record<string, number | null>> = {
  'ra3.large': 0.543,
  'ra3.xlplus': 1.086,
  'ra3.4xlarge': null,
  'ra3.16xlarge': null,
  'rg.large': 0.3801,
  'rg.xlarge': 0.7602,
  'rg.4xlarge': null,
  'rg.12xlarge': null,
};
export const RPU_HOUR = 0.375;
/** Key, secret, metrics, alarms, dashboard, logs: what every environment has beside the warehouse. */
export const THE_REST = 9.74;
/** The NAT gateway that a source in another region needs, without its traffic. */
export const NAT_GATEWAY = 32.85;
const HOURS = 730;
const DAYS = 30.4;
/** What the nightly load keeps a workgroup awake. */
const NIGHTLY_HOURS = 1 / 6;

/** The warehouse of an environment, as far as it costs. */
export interface PricedWarehouse {
  readonly kind: 'provisioned' | 'serverless';
  readonly nodeType?: string;
  readonly numberOfNodes?: number;
  readonly multiAz?: boolean;
  readonly pause?: { readonly pauseAt: string; readonly resumeAt: string } | null;
  readonly baseRpus?: number;
  readonly usageLimits?: readonly { readonly period: string; readonly rpuHours: number; readonly breach: string }[];
}

/** US dollars a month: from, and at most. */
export interface Cost {
  readonly least: number;
  /** Null where nothing limits it. */
  readonly most: number | null;
}

/** What a warehouse alone costs; undefined where docs/cost.md has no price of its nodes. */
export function warehouseCost(warehouse: PricedWarehouse): Cost | undefined {
  return warehouse.kind === 'serverless' ? serverlessCost(warehouse) : clusterCost(warehouse);
}

function clusterCost({ nodeType = '', numberOfNodes = 1, multiAz, pause }: PricedWarehouse): Cost | undefined {
  const price = NODE_PRICES[nodeType];
  if (price === undefined || price === null) return undefined;
  const hours = pause === null || pause === undefined ? HOURS : hoursAwake(pause) * DAYS;
  const cost = price * numberOfNodes * (multiAz === true ? 2 : 1) * hours;
  return { least: cost, most: cost };
}

/** From the nightly load alone to the daily limit that refuses queries. */
function serverlessCost({ baseRpus = 8, usageLimits = [] }: PricedWarehouse): Cost {
  const daily = usageLimits.find(({ period, breach }) => period === 'daily' && breach === 'deactivate');
  const nightly = baseRpus * RPU_HOUR * NIGHTLY_HOURS * DAYS;
  return { least: nightly, most: daily === undefined ? null : daily.rpuHours * RPU_HOUR * DAYS };
}

/** Hours a day between waking and sleeping; a whole day where the times are no daily ones. */
function hoursAwake({ pauseAt, resumeAt }: { readonly pauseAt: string; readonly resumeAt: string }): number {
  const from = hourOf(resumeAt);
  const until = hourOf(pauseAt);
  if (from === undefined || until === undefined || from === until) return 24;
  return (until - from + 24) % 24;
}

/** Hour of the day of `cron(30 2 * * ? *)`: 2.5; undefined for what does not come once a day. */
function hourOf(cron: string): number | undefined {
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(cron) ?? [];
  return minute === undefined || hour === undefined ? undefined : Number(hour) + Number(minute) / 60;
}

/** What a whole environment costs a month; undefined where a price is missing. */
export function environmentCost(warehouse: PricedWarehouse, sourceElsewhere: boolean): Cost | undefined {
  const cost = warehouseCost(warehouse);
  const rest = THE_REST + (sourceElsewhere ? NAT_GATEWAY : 0);
  return cost && { least: cost.least + rest, most: cost.most === null ? null : cost.most + rest };
}

/** A budget that leaves room for an eighth, in steps of 50; for unlimited compute, what it costs awake all day. */
export function budgetFor(warehouse: PricedWarehouse, sourceElsewhere: boolean): number | undefined {
  const cost = environmentCost(warehouse, sourceElsewhere);
  if (cost === undefined) return undefined;
  const most = cost.most ?? (warehouse.baseRpus ?? 8) * RPU_HOUR * HOURS + THE_REST;
  return Math.ceil((most * 1.125) / 50) * 50;
}

/** `297 USD a month`, `15 to 274 USD a month`, `from 15 USD a month`. */
export function costText(cost: Cost | undefined): string {
  if (cost === undefined) return 'docs/cost.md has no price of it';
  const usd = (value: number) => Math.round(value).toLocaleString('en-US');
  if (cost.most === null) return `from ${usd(cost.least)} USD a month, without an end`;
  return usd(cost.least) === usd(cost.most)
    ? `${usd(cost.least)} USD a month`
    : `${usd(cost.least)} to ${usd(cost.most)} USD a month`;
}
