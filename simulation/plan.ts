import fc from 'fast-check';
import { CHANGES } from './code';

/** What people, other systems and the stack do. */
export const DEEDS = [
  'add file',
  'overwrite file',
  'delete file',
  'spoil file',
  'mend files',
  'nightly run',
  'operator run',
  'operator refresh',
  'operator days',
  'dry run',
  'deploy',
  ...(Object.keys(CHANGES) as readonly (keyof typeof CHANGES)[]),
  'remove stack',
] as const;
export type Deed = (typeof DEEDS)[number];

/** What happens to one request of the function. */
export const REQUEST_FAULTS = ['crash before', 'crash after', 'lose answer', 'throttle', 'server error'] as const;
export type RequestFault = (typeof REQUEST_FAULTS)[number];

/** What happens to one statement in the warehouse. */
export const STATEMENT_FAULTS = ['conflict', 'lost before commit', 'lost after commit', 'slow', 'endless'] as const;
export type StatementFault = (typeof STATEMENT_FAULTS)[number];

/** Those that come more often: a statement that lasts for an hour makes a long schedule of little else. */
const QUICK_FAULTS = [
  'conflict',
  'lost before commit',
  'lost after commit',
] as const satisfies readonly StatementFault[];

export const SERVICES = ['s3', 'redshift-data', 'lambda', 'cloudformation'] as const;
export type Service = (typeof SERVICES)[number];

export interface Happening {
  /** Seconds after the first deploy was sent. */
  readonly at: number;
  readonly deed: Deed;
  /** Which file or which days, where it matters. */
  readonly pick: number;
  /** Seconds until the event is delivered a second time; undefined for once. */
  readonly again?: number;
}

/** One schedule: everything that happens follows from it. */
export interface Plan {
  /** Of latencies and durations. */
  readonly seed: number;
  readonly files: number;
  /** Listings are larger than what is held in memory. */
  readonly spooled: boolean;
  readonly happenings: readonly Happening[];
  /** By the number of the request. */
  readonly requestFaults: readonly { readonly nth: number; readonly fault: RequestFault }[];
  /** By the number of the statement. */
  readonly statementFaults: readonly { readonly nth: number; readonly fault: StatementFault }[];
  /** A service answers nothing but 503 for some minutes. */
  readonly brownouts: readonly { readonly service: Service; readonly from: number; readonly seconds: number }[];
  /** The cluster is paused: what runs is lost, what is sent is refused. */
  readonly pauses: readonly { readonly from: number; readonly seconds: number }[];
  /** The function cannot run at all for hours: client tokens expire meanwhile. */
  readonly outage?: { readonly from: number; readonly hours: number };
}

/** Most of what happens, happens within this time, in seconds, so that it meets. */
const BUSY = 2_400;

function often<T>(arbitrary: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { maxLength, size: 'max' });
}

/** Early moments are likelier: the first deploy takes minutes, the rest of the time is quiet. */
const moment = fc.oneof(
  fc.nat(90),
  fc.nat(400),
  fc.nat(BUSY),
  fc.integer({ min: BUSY, max: 12_000 }),
  // A rush hour, in which a deploy meets the nights and the operators.
  { weight: 2, arbitrary: fc.integer({ min: 900, max: 930 }) },
);

const happening: fc.Arbitrary<Happening> = fc.record({
  at: moment,
  deed: fc.constantFrom(...DEEDS, 'add file', 'nightly run', 'nightly run', 'deploy', 'overwrite file'),
  pick: fc.nat(7),
  again: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(120) },
    { weight: 1, arbitrary: fc.nat(7_200) },
  ),
});

/** All schedules; fast-check makes one from a seed and shrinks it. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.noShrink(fc.nat(2 ** 31 - 1)),
  files: fc.integer({ min: 1, max: 6 }),
  spooled: fc.boolean(),
  happenings: often(happening, 9),
  requestFaults: often(fc.record({ nth: fc.nat(260), fault: fc.constantFrom(...REQUEST_FAULTS) }), 14),
  statementFaults: often(
    fc.record({ nth: fc.nat(24), fault: fc.constantFrom(...QUICK_FAULTS, ...QUICK_FAULTS, ...STATEMENT_FAULTS) }),
    3,
  ),
  brownouts: often(
    fc.record({ service: fc.constantFrom(...SERVICES), from: moment, seconds: fc.integer({ min: 5, max: 170 }) }),
    2,
  ),
  pauses: often(fc.record({ from: moment, seconds: fc.integer({ min: 5, max: 1_500 }) }), 1),
  outage: fc.oneof(
    { weight: 11, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ from: fc.nat(600), hours: fc.integer({ min: 1, max: 11 }) }) },
  ),
});

/** The schedule of a seed. */
export function planOf(seed: number): Plan {
  return fc.sample(plans, { seed, numRuns: 1, unbiased: true })[0] as Plan;
}
