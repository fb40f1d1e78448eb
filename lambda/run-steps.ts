import { tagged } from '../statements/render';

/** How long one step of a run took. */
export interface StepTiming {
  readonly step: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** Records the steps of a run. */
export function stepsStatement(runId: string, steps: readonly StepTiming[]): string {
  const rows = steps.map(({ step, startedAt, milliseconds }, index) => {
    const name = step.replace(/[^\w ./+-]/g, '_').slice(0, 200);
    return `    ('${runId}', ${index + 1}, '${name}', '${sqlTimestamp(startedAt)}', ${Math.max(0, Math.round(milliseconds))})`;
  });
  const insert = 'insert into etl.run_steps (run_id, position, step, started_at, duration_ms)\nvalues\n';
  return tagged('run_steps', runId, insert + rows.join(',\n'));
}

/** Milliseconds since the epoch as `2018-11-05 02:00:00.000`, in UTC. */
export function sqlTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
