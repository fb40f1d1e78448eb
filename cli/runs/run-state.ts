/** A run on its way, as the function has last written it down. */
export interface RunState {
  readonly runId: string;
  readonly trigger: string;
  readonly dryRun: boolean;
  /** What the run does now, such as `compare` or `load`. */
  readonly phase: string;
  /** Known once the run has compared the sources with the ledger. */
  readonly mode?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What is to be loaded, once that is known. */
  readonly files?: number;
  readonly bytes?: number;
  /** What is done, in its order. */
  readonly steps: readonly { readonly step: string; readonly milliseconds: number }[];
  /** What keeps the run from going on, until something goes well again. */
  readonly trouble?: string;
}

/** As far as we look into an event of GetDurableExecutionHistory. */
export interface HistoryEntry {
  readonly EventTimestamp?: Date;
  readonly ExecutionStartedDetails?: { readonly Input?: { readonly Payload?: string } };
  readonly StepSucceededDetails?: { readonly Result?: { readonly Payload?: string } };
}

/**
 * The newest state in the history of a durable execution.
 * @param newestFirst the history, its newest event first, with execution data
 * @returns what its event says where the function has not paused yet, for only then it writes its state down; undefined
 * where that does not name the run, as CloudFormation's does not
 */
export function newestState(newestFirst: readonly HistoryEntry[]): RunState | undefined {
  for (const { StepSucceededDetails } of newestFirst) {
    const state = readState(StepSucceededDetails?.Result?.Payload);
    if (state !== undefined) return state;
  }
  const begun = newestFirst.find(({ ExecutionStartedDetails }) => ExecutionStartedDetails !== undefined);
  return begun === undefined ? undefined : begunState(begun);
}

function begunState({ EventTimestamp, ExecutionStartedDetails }: HistoryEntry): RunState | undefined {
  const { trigger, run, dryRun, scheduledTime } = parsed(ExecutionStartedDetails?.Input?.Payload);
  const runId =
    trigger === 'operator' && typeof run === 'string'
      ? `operator-${run}`
      : trigger === 'schedule' && typeof scheduledTime === 'string'
        ? scheduledRunId(scheduledTime)
        : undefined;
  if (runId === undefined) return undefined;
  const startedAt = EventTimestamp?.getTime() ?? 0;
  return { runId, trigger: String(trigger), dryRun: dryRun === true, phase: 'begun', startedAt, steps: [] };
}

/** The id that the function gives to the run of a scheduled time. @param time ISO 8601 */
export function scheduledRunId(time: string): string {
  return `schedule-${time
    .toLowerCase()
    .replace(/[^0-9a-z]+/g, '-')
    .replace(/-$/, '')}`;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function parsed(payload: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(payload ?? ''));
  } catch {
    return {};
  }
}

/** Other steps have results of other kinds: they are no states. */
function readState(payload: string | undefined): RunState | undefined {
  const { runId, trigger, phase, startedAt, mode, dryRun, collected, comparison, steps, trouble } = parsed(payload);
  if (typeof runId !== 'string' || typeof phase !== 'string' || typeof startedAt !== 'number') return undefined;
  const { files, bytes } = fieldsOf(collected);
  const { newFiles, newBytes } = fieldsOf(comparison);
  const { message } = fieldsOf(trouble);
  const number = (...values: readonly unknown[]) => values.find((value): value is number => typeof value === 'number');
  const [toLoad, toRead] = [number(files, newFiles), number(bytes, newBytes)];
  return {
    runId,
    trigger: String(trigger),
    dryRun: dryRun === true,
    phase,
    startedAt,
    ...(typeof mode === 'string' && { mode }),
    ...(toLoad !== undefined && { files: toLoad }),
    ...(toRead !== undefined && { bytes: toRead }),
    steps: (Array.isArray(steps) ? steps : []).map(fieldsOf).map(({ step, milliseconds }) => ({
      step: String(step),
      milliseconds: Number(milliseconds),
    })),
    ...(typeof message === 'string' && { trouble: message }),
  };
}
