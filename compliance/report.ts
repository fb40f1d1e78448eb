import { render } from '../cli/output';
import type { Finding, Review } from './review';

/** The most kinds of findings that may be accepted: from here on, it is the constructs that must be mended. */
export const MOST_KINDS = 14;

/** Whether nothing is left to do. */
export function passes({ open, unmatched, kinds }: Review): boolean {
  return open.length === 0 && unmatched.length === 0 && kinds.length <= MOST_KINDS;
}

function table(rows: readonly (Omit<Finding, 'what'> & { readonly text: string })[]): string {
  const columns = ['rule', 'environments', 'construct', 'what'].map((name) => ({ name, numeric: false }));
  return render(
    { columns, rows: rows.map(({ id, variants, path, text }) => [id, variants.join(', '), path, text]) },
    'table',
  );
}

/** What is wrong, and a last line that counts. */
export function asText(review: Review): string {
  const { open, unmatched, accepted, kinds } = review;
  return [
    ...(open.length > 0
      ? ['Findings that nobody acknowledged:', table(open.map((one) => ({ ...one, text: one.what })))]
      : []),
    ...(unmatched.length > 0
      ? ['Acknowledgements that answer no finding:', table(unmatched.map((one) => ({ ...one, text: one.reason })))]
      : []),
    ...(kinds.length > MOST_KINDS
      ? [`${kinds.length} kinds of findings are acknowledged, at most ${MOST_KINDS} may be: ${kinds.join(', ')}`]
      : []),
    `${open.length} open, ${accepted.length} acknowledged of ${kinds.length} kinds, ${unmatched.length} acknowledgements without a finding`,
  ].join('\n');
}

/** The same for programs. */
export function asJson(review: Review): string {
  return JSON.stringify({ passes: passes(review), mostKinds: MOST_KINDS, ...review }, null, 2);
}
