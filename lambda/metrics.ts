import { hoursBehindSource } from './freshness';
import type { Counts, RunState } from './state';

/** Where the metrics stand in CloudWatch. */
export const NAMESPACE = 'Sparkify/Warehouse';

type Unit = 'Count' | 'Bytes' | 'Milliseconds' | 'None';

/**
 * What a run that has ended tells CloudWatch: one log line in the Embedded Metric Format, which CloudWatch Logs turns
 * into metrics by itself. Every run gives every metric, so that an alarm finds no gaps; only how far the star reaches is
 * not known to a run that failed or that found no dated log.
 * Source: CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function runMetrics(state: RunState, environment: string, now: number): Readonly<Record<string, unknown>> {
  const succeeded = state.phase === 'succeeded';
  const { counts = {}, collected } = state;
  const loaded = succeeded && !state.idle;
  const behind = succeeded ? hoursBehindSource(counts) : undefined;
  const metrics: readonly (readonly [name: string, unit: Unit, value: number])[] = [
    ['RunsSucceeded', 'Count', succeeded ? 1 : 0],
    ['RunsFailed', 'Count', succeeded ? 0 : 1],
    ['RunDuration', 'Milliseconds', Math.max(0, now - state.startedAt)],
    ['FilesLoaded', 'Count', loaded ? (collected?.files ?? 0) : 0],
    ['BytesLoaded', 'Bytes', loaded ? (collected?.bytes ?? 0) : 0],
    // The stage keeps what the last load brought, so that a run without files has staged nothing.
    ['RowsStaged', 'Count', loaded ? stagedRows(counts) : 0],
    ['RowsRejected', 'Count', counts.rejected_rows ?? 0],
    ['ChecksWarned', 'Count', counts.warned_checks ?? 0],
    ['Retries', 'Count', state.retries],
    // CloudWatch has no unit of hours.
    ...(behind === undefined ? [] : [['HoursBehindSource', 'None', behind] as const]),
  ];
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['Environment']],
          Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    Environment: environment,
    ...Object.fromEntries(metrics.map(([name, , value]) => [name, value])),
  };
}

/** Rows of all staging tables. */
function stagedRows(counts: Counts): number {
  return Object.entries(counts).reduce((sum, [table, rows]) => sum + (table.startsWith('staging_') ? rows : 0), 0);
}
