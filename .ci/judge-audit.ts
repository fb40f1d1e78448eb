import type { Explanation } from './advisories';

/** What came of an audit: lines to print, and whether it passes. */
export interface Verdict {
  readonly passes: boolean;
  readonly lines: readonly string[];
}

/** The answers of a registry that has no endpoint for audits. */
const NO_ENDPOINT = [404, 405, 501];
const SERIOUS = ['high', 'critical'];

interface Advisory {
  readonly id: string;
  readonly severity: string;
  readonly title: string;
  readonly package: string;
}

/**
 * Judges what `npm audit --json` has printed.
 * @param today `YYYY-MM-DD`
 * @throws TypeError for output that is neither a report nor npm's account of an error
 */
export function judgeAudit(output: string, explanations: readonly Explanation[], today: string): Verdict {
  const report = JSON.parse(output) as Partial<Report & Failure>;
  if (report.vulnerabilities === undefined) return unanswered(report);
  const serious = advisoriesOf(report.vulnerabilities).filter(({ severity }) => SERIOUS.includes(severity));
  const lines = [
    ...serious.flatMap((advisory) => objection(advisory, explanations, today)),
    ...explanations
      .filter(({ id }) => !serious.some((advisory) => advisory.id === id))
      .map(({ id }) => `${id} is explained in .ci/advisories.ts, but no longer reported: remove it.`),
  ];
  return lines.length > 0
    ? { passes: false, lines }
    : { passes: true, lines: [`No unexplained advisory of high or critical severity (${serious.length} explained).`] };
}

function unanswered({ statusCode, message }: Partial<Failure>): Verdict {
  if (message === undefined) throw new TypeError('npm audit printed neither a report nor an error.');
  return statusCode !== undefined && NO_ENDPOINT.includes(statusCode)
    ? {
        passes: true,
        lines: [`NOT AUDITED: this registry has no endpoint for audits (${message}). Nothing is known of advisories.`],
      }
    : { passes: false, lines: [`npm audit failed: ${message}`] };
}

function objection(
  { id, severity, title, package: name }: Advisory,
  explanations: readonly Explanation[],
  today: string,
): readonly string[] {
  const known = explanations.find((explanation) => explanation.id === id);
  if (known !== undefined && known.until >= today) return [];
  const what = `${id} (${severity}) in ${name}: ${title}`;
  return known === undefined
    ? [`${what}. Update the package, or explain it in .ci/advisories.ts.`]
    : [`${what}. Its explanation was good until ${known.until}: look again.`];
}

function advisoriesOf(vulnerabilities: Report['vulnerabilities']): readonly Advisory[] {
  const found = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((via) => typeof via !== 'string')
    .map(({ url, severity, title, name }) => ({
      id: url.slice(url.lastIndexOf('/') + 1),
      severity,
      title,
      package: name,
    }));
  return [...new Map(found.map((advisory) => [advisory.id, advisory])).values()];
}

/** npm's report, version 2, as far as it is read. */
interface Report {
  readonly vulnerabilities: Readonly<
    Record<
      string,
      {
        readonly via: readonly (
          | string
          | { readonly url: string; readonly severity: string; readonly title: string; readonly name: string }
        )[];
      }
    >
  >;
}

interface Failure {
  readonly message: string;
  readonly statusCode: number;
}
