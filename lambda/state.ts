import type { BucketList } from './buckets';
import type { DryRun } from './dry-run';
import type { Failure } from './errors';
import type { Mode, Trigger } from './events';
import type { DateRange } from './log-dates';
import type { StepTiming } from './run-steps';

/** The batches that a run sends to the warehouse. */
export type Step =
  | 'prepare'
  | 'migrate'
  | 'access'
  | 'views'
  | 'survey'
  | 'compare'
  | 'load'
  | 'maintain'
  | 'record failure';

/**
 * Where a run stands. By name and not by number, so that a run survives a deploy of other code.
 * prepare, migrate (until none is pending), access (where a database user lacks its role), views (in a deploy), survey,
 * list, compare, collect, load, maintain, succeeded;
 * a dry run: survey, list, compare, plan, succeeded;
 * on failure: explain (load errors), cancel (what may still run of it), record failure, failed.
 */
export type Phase = Step | 'list' | 'collect' | 'plan' | 'explain' | 'cancel' | 'succeeded' | 'failed';

/** Some files: how many, how large, how many of each source (those without a file are not named). */
export interface Extent {
  readonly files: number;
  readonly bytes: number;
  readonly bySource: Readonly<Record<string, number>>;
}

/** A listing in the work bucket: the files of the buckets that differ from the ledger. */
export interface Listing {
  readonly digest: string;
  /** Key prefix in the work bucket; nothing lies there where no file is listed. */
  readonly prefix: string;
  readonly files: number;
  readonly buckets: BucketList;
  /** All files of the sources. */
  readonly total: Extent;
  /** Those of the days that were asked for. */
  readonly wanted: Extent;
}

/** How the listing differs from the ledger, and what the warehouse knows of earlier runs. */
export interface Comparison {
  readonly generation: number;
  /** Of the days that were asked for. */
  readonly newFiles: number;
  readonly newBytes: number;
  /** How many of each source; those without one are not named. */
  readonly newBySource: Readonly<Record<string, number>>;
  /** New too, but of other days, or of none where days were asked for: left for another run. */
  readonly newFilesOutside: number;
  readonly newFilesUndated: number;
  readonly changedFiles: number;
  readonly vanishedFiles: number;
  /** The first of them. */
  readonly vanished: readonly string[];
  /** No run has succeeded yet. */
  readonly firstLoad: boolean;
  /** No run has loaded, there is nothing to load, and that is no mistake: the source has just been made. */
  readonly awaitsData?: boolean;
  /** `load/` or the sources' addresses are others than those of the last run. */
  readonly loadChanged: boolean;
  readonly sourcesChanged: boolean;
  /** The run of another version that has loaded since this one began. */
  readonly otherVersion?: { readonly runId: string; readonly trigger: string };
  /** This very run has succeeded before: an event that came again. */
  readonly alreadyDone: boolean;
  /** The statement that lists the new files. */
  readonly newFilesStatementId: string;
}

/** Manifests in the work bucket. */
export interface Collected {
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
  /** Keys by source, of those of which there are files. */
  readonly manifests: Readonly<Record<string, string>>;
  /** Keys by source, of those whose JSONPaths file lies beside the SQL. */
  readonly jsonPaths: Readonly<Record<string, string>>;
  readonly ledgerPrefix: string;
}

/** Rows of each table after the run. */
export type Counts = Readonly<Record<string, number>>;

/** A batch in flight. */
export interface InFlight {
  readonly id: string;
  readonly ended: boolean;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
  /** The version of the migration that it is, where that stands alone. */
  readonly migration?: number;
}

/** All that a run must remember: small, for it is written down at each pause. */
export interface RunState {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly requested: Mode;
  /** The days of the log that the run is limited to. */
  readonly range?: DateRange;
  /** Says what a run would do, does nothing. */
  readonly dryRun?: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly deadlineAt: number;
  readonly phase: Phase;
  /** Counts the batches sent: part of each client token, so that a batch sent again on purpose is another one. */
  readonly sequence: number;
  readonly statement?: InFlight;
  /** Calls that failed one after another without an answer. */
  readonly troubles: number;
  /** Polls of the statement in flight. */
  readonly polls: number;
  /** Transactions repeated after a conflict. */
  readonly retries: number;
  /** Times that this run has listed the sources. */
  readonly rounds: number;
  /** Times that another run has loaded between this run's comparison and its load. */
  readonly overtaken?: number;
  /** The version of a migration that stands alone and has been done, but has no row in etl.migrations yet. */
  readonly unrecorded?: number;
  /** What keeps the run from going on, until something goes well again. */
  readonly trouble?: Failure;
  /** The statement that digests the ledger. */
  readonly survey?: string;
  readonly listing?: Listing;
  readonly comparison?: Comparison;
  readonly mode?: Mode;
  readonly idle: boolean;
  readonly collected?: Collected;
  readonly counts?: Counts;
  /** What a dry run found. */
  readonly plan?: DryRun;
  readonly steps: readonly StepTiming[];
  readonly failure?: Failure;
  /** A failed run's load that had committed all the same: the run has succeeded. */
  readonly rescued?: string;
  /** What went wrong without failing the run. */
  readonly warnings: readonly string[];
  /** How long to wait before the next look, in seconds. */
  readonly pauseSeconds: number;
}

/** What the core wants done next. */
export type Action =
  | { readonly do: 'submit'; readonly step: Step }
  | { readonly do: 'poll'; readonly step: Step; readonly id: string }
  | { readonly do: 'read'; readonly step: 'prepare' | 'compare' | 'load'; readonly id: string }
  | { readonly do: 'list sources' }
  | { readonly do: 'collect files' }
  | { readonly do: 'plan' }
  | { readonly do: 'explain'; readonly id: string }
  | { readonly do: 'cancel'; readonly id?: string }
  | { readonly do: 'pause'; readonly seconds: number }
  | { readonly do: 'end' };

/** What came of the last action. */
export type Happened =
  | { readonly got: 'resumed' }
  | { readonly got: 'submitted'; readonly id: string; readonly ended: boolean; readonly migration?: number }
  | { readonly got: 'running' }
  | { readonly got: 'finished'; readonly steps: readonly StepTiming[] }
  | {
      readonly got: 'refused';
      readonly failure: Failure;
      readonly superseded: boolean;
      /** A COPY failed on its data: the load error views know more. */
      readonly explainable: boolean;
      /** An object exists already: another run has migrated at the same time. */
      readonly raced: boolean;
    }
  | {
      readonly got: 'migrations';
      readonly pending: number;
      /** Every database user holds its role. */
      readonly admitted: boolean;
    }
  | { readonly got: 'listing'; readonly listing: Listing; readonly milliseconds: number }
  | { readonly got: 'comparison'; readonly comparison: Comparison }
  | { readonly got: 'collected'; readonly collected: Collected; readonly milliseconds: number }
  | { readonly got: 'planned'; readonly plan: DryRun }
  | { readonly got: 'counts'; readonly counts: Counts }
  | { readonly got: 'explanation'; readonly failure: Failure }
  | {
      readonly got: 'cancelled';
      /** A load of this run that has committed all the same. */
      readonly committed?: { readonly id: string; readonly steps: readonly StepTiming[] };
      /** What was cancelled and has not ended yet, by name and id. */
      readonly running: readonly string[];
    }
  | { readonly got: 'trouble'; readonly failure: Failure };

export type Answer = Happened & {
  /** Milliseconds since the epoch. */
  readonly at: number;
};

export interface Decision {
  readonly state: RunState;
  readonly action: Action;
}

/** A run that has done nothing yet. */
export function newRun(
  run: {
    readonly runId: string;
    readonly trigger: Trigger;
    readonly mode: Mode;
    readonly range?: DateRange;
    readonly dryRun?: boolean;
  },
  startedAt: number,
  deadlineSeconds: number,
): RunState {
  return {
    runId: run.runId,
    trigger: run.trigger,
    requested: run.mode,
    range: run.range,
    dryRun: run.dryRun,
    startedAt,
    deadlineAt: startedAt + deadlineSeconds * 1000,
    phase: run.dryRun === true ? 'survey' : 'prepare',
    sequence: 1,
    troubles: 0,
    polls: 0,
    retries: 0,
    rounds: 0,
    idle: false,
    steps: [],
    warnings: [],
    pauseSeconds: 1,
  };
}
