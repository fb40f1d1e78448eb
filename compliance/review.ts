import type {
  PluginReportJson,
  PolicyValidationReportJson,
  PolicyViolationJson,
} from 'aws-cdk-lib/cloud-assembly-schema';

/** Something that a pack objects to, the same in all the variants named. */
export interface Finding {
  /** As an acknowledgement must name it: `PACK::FINDING`. */
  readonly id: string;
  readonly variants: readonly string[];
  /** From the stack downwards, which is called after its environment. */
  readonly path: string;
  readonly what: string;
}

/** What was written beside a construct. */
export interface Acknowledgement {
  readonly id: string;
  readonly reason: string;
  /** Path of the construct, the variant in front. */
  readonly at: string;
}

/** A finding that is accepted. */
export interface Accepted extends Finding {
  readonly reason: string;
}

export interface Review {
  readonly open: readonly Finding[];
  readonly accepted: readonly Accepted[];
  /** Acknowledgements that answer no finding, the same in all the variants named. */
  readonly unmatched: readonly (Omit<Finding, 'what'> & { readonly reason: string })[];
  /** The different rules behind the accepted findings, see {@link kindOf}. */
  readonly kinds: readonly string[];
}

/** A pack could not do its work: what it would have found is not known. */
export class PackFailedError extends Error {
  override readonly name = 'PackFailedError';
  constructor(pack: string, why: string) {
    super(`The pack ${pack} failed: ${why}. Nothing is known of what it would have found; mend that first.`);
  }
}

/**
 * Sorts what the packs said into open and accepted findings, and finds acknowledgements that answer none.
 * @throws PackFailedError when a pack reported its own failure
 */
export function review(report: PolicyValidationReportJson, acknowledgements: readonly Acknowledgement[]): Review {
  for (const pack of report.pluginReports) refuseFailed(pack);
  const accepted = report.pluginReports.flatMap((pack) =>
    (pack.suppressedViolations ?? []).flatMap((violation) =>
      each(pack, violation, (finding) => ({ ...finding, reason: violation.reason ?? '' })),
    ),
  );
  const answering = new Set(
    report.pluginReports.flatMap(({ suppressedViolations = [] }) =>
      suppressedViolations.map(({ acknowledgedId, acknowledgedAt }) => keyOf(acknowledgedId, acknowledgedAt ?? '')),
    ),
  );
  return {
    open: merged(report.pluginReports.flatMap((pack) => pack.violations.flatMap((one) => each(pack, one, same)))),
    accepted: merged(accepted),
    unmatched: merged(
      acknowledgements
        .filter(({ id, at }) => !answering.has(keyOf(id, at)))
        .map(({ id, reason, at }) => ({ id, reason, ...placeOf(at) })),
    ),
    kinds: [...new Set(accepted.map(({ id }) => kindOf(id)))].sort(),
  };
}

/**
 * The rule behind a finding, counted strictly: without the pack where packs share cdk-nag's rule (its name stands
 * behind theirs), and without the detail in brackets. Two packs that ask the same with rules of their own are two kinds.
 */
export function kindOf(id: string): string {
  return id
    .replace(/^[^:]+::/, '')
    .replace(/\[.*\]$/s, '')
    .replace(/^(HIPAA\.Security|NIST\.800\.53\.R5|PCI\.DSS\.321|Serverless)-/, '');
}

function refuseFailed({ pluginName, conclusion, violations, metadata }: PluginReportJson): void {
  if (conclusion === 'failure' && violations.length === 0) {
    throw new PackFailedError(pluginName, metadata?.error ?? 'it gave no reason');
  }
}

const same = (finding: Finding): Finding => finding;
const keyOf = (id: string, at: string) => `${id}\0${at}`;

function each<T extends Finding>(
  { pluginName }: PluginReportJson,
  violation: PolicyViolationJson,
  make: (finding: Finding) => T,
): readonly T[] {
  const rule = violation.ruleName.includes('::') && !violation.ruleName.includes('[') ? violation.ruleName : undefined;
  const id = rule ?? `${pluginName.replaceAll(' ', '-')}::${violation.ruleName.replaceAll(' ', '-')}`;
  return violation.violatingConstructs.map(({ constructPath, cloudFormationResource: resource }) =>
    make({
      id,
      what: violation.description,
      ...placeOf(
        constructPath === '' ? `${resource?.templatePath ?? '?'}/${resource?.logicalId ?? '?'}` : constructPath,
      ),
    }),
  );
}

/** `staging/Sparkify-staging/Network/Vpc` is `Network/Vpc` in the variant `staging`. */
function placeOf(path: string): Pick<Finding, 'variants' | 'path'> {
  const [variant = '', stack = '', ...rest] = path.split('/');
  return { variants: [variant], path: rest.length === 0 ? `the stack ${stack}` : rest.join('/') };
}

/** One entry for what is said of the same place in several variants. */
function merged<T extends { readonly id: string; readonly path: string; readonly variants: readonly string[] }>(
  all: readonly T[],
): readonly T[] {
  const byPlace = new Map<string, T>();
  for (const one of all) {
    const key = JSON.stringify({ ...one, variants: [] });
    const known = byPlace.get(key);
    const variants = [...new Set([...(known?.variants ?? []), ...one.variants])].sort();
    byPlace.set(key, { ...one, variants });
  }
  return [...byPlace.values()].sort((a, b) => a.id.localeCompare(b.id) || a.path.localeCompare(b.path));
}
