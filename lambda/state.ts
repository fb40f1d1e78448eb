import type { Failure } from './errors';
import type { Mode, Trigger } from './events';
import type { StepTiming } from './plan';

/** The batches that a run sends to the warehouse. */
export type Step = 'prepare' | 'migrate' | 'compare' | 'load' | 'maintain' | 'record failure';

/**
 * Where a run stands. By name and not by number, so that a run survives a deploy of other code.
 * prepare, migrate (until none is pending), list, compare, collect, load, maintain, succeeded;
 * on failure: explain (load errors), cancel (deadline), record failure, failed.
 */
export type Phase = Step | 'list' | 'collect' | 'explain' | 'cancel' | 'succeeded' | 'failed';

/** A listing in the work bucket. */
export interface Listing {
  readonly digest: string;
  /** Key prefix in the work bucket. */
  readonly prefix: string;
  readonly files: number;
}

/** How the listing differs from the ledger, and what the warehouse knows of earlier runs. */
export interface Comparison {
  readonly generation: number;
  readonly newFiles: number;
  readonly changedFiles: number;
  readonly vanishedFiles: number;
  /** No run has succeeded yet. */
  readonly firstLoad: boolean;
  /** `load/` or the sources' addresses are others than those of the last run. */
  readonly loadChanged: boolean;
  readonly sourcesChanged: boolean;
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
  readonly songsManifest?: string;
  readonly eventsManifest?: string;
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
}

/** All that a run must remember: small, for it is written down at each pause. */
export interface RunState {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly requested: Mode;
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
  readonly listing?: Listing;
  readonly comparison?: Comparison;
  readonly mode?: Mode;
  readonly idle: boolean;
  readonly collected?: Collected;
  readonly counts?: Counts;
  readonly steps: readonly StepTiming[];
  readonly failure?: Failure;
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
  | { readonly do: 'explain'; readonly id: string }
  | { readonly do: 'cancel'; readonly id: string }
  | { readonly do: 'pause'; readonly seconds: number }
  | { readonly do: 'end' };

/** What came of the last action. */
export type Happened =
  | { readonly got: 'resumed' }
  | { readonly got: 'submitted'; readonly id: string; readonly ended: boolean }
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
  | { readonly got: 'migrations'; readonly pending: number }
  | { readonly got: 'listing'; readonly listing: Listing; readonly milliseconds: number }
  | { readonly got: 'comparison'; readonly comparison: Comparison }
  | { readonly got: 'collected'; readonly collected: Collected; readonly milliseconds: number }
  | { readonly got: 'counts'; readonly counts: Counts }
  | { readonly got: 'explanation'; readonly failure: Failure }
  | { readonly got: 'cancelled' }
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
  run: { readonly runId: string; readonly trigger: Trigger; readonly mode: Mode },
  startedAt: number,
  deadlineSeconds: number,
): RunState {
  return {
    runId: run.runId,
    trigger: run.trigger,
    requested: run.mode,
    startedAt,
    deadlineAt: startedAt + deadlineSeconds * 1000,
    phase: 'prepare',
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
