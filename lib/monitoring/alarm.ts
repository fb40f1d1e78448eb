import type { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** One thing that somebody is to be told of. */
export interface AlarmDefinition {
  /** Construct id; in words it is the heading of the alarm's section in docs/runbook.md. */
  readonly id: string;
  readonly metric: Metric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** In a row, of the metric's own period. */
  readonly evaluationPeriods: number;
  readonly missing: TreatMissingData;
  /** What it means, one sentence. */
  readonly text: string;
}

/** `LoadFailed` is `load-failed`, as the runbook's headings are linked to. */
export function runbookAnchor(id: string): string {
  return id.replace(/([a-z])(?=[A-Z])/g, '$1-').toLowerCase();
}
