import { type Datum, sortedDimensions } from './metric';

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The metrics in a line of a log, in CloudWatch's embedded metric format: the whole line must be one JSON object with
 * `_aws.CloudWatchMetrics`. A line with anything before or behind the JSON, as `console.log` writes it in a function,
 * has none. Source: CloudWatch user guide, "Embedded metric format specification".
 */
export function embeddedMetrics(line: string): Datum[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  let root: unknown;
  try {
    root = JSON.parse(line);
  } catch {
    return [];
  }
  if (!isObject(root) || !isObject(root._aws)) return [];
  const { Timestamp: time, CloudWatchMetrics: directives } = root._aws;
  if (typeof time !== 'number' || !Array.isArray(directives)) return [];
  return directives.filter(isObject).flatMap((directive) => directiveMetrics(root as JsonObject, directive, time));
}

function directiveMetrics(root: JsonObject, directive: JsonObject, time: number): Datum[] {
  const { Namespace: namespace, Dimensions: sets, Metrics: metrics } = directive;
  if (typeof namespace !== 'string' || !Array.isArray(sets) || !Array.isArray(metrics)) return [];
  const dimensionSets = sets.filter(Array.isArray).map((names: unknown[]) => dimensionSet(root, names.map(String)));
  return metrics.filter(isObject).flatMap((metric) => {
    const name = String(metric.Name);
    const values = [root[name]].flat().filter((value): value is number => typeof value === 'number');
    if (values.length === 0) return [];
    const unit = typeof metric.Unit === 'string' ? metric.Unit : 'None';
    return dimensionSets
      .filter((dimensions) => dimensions !== undefined)
      .map((dimensions) => ({ namespace, name, dimensions: sortedDimensions(dimensions), time, values, unit }));
  });
}

/** Undefined when a dimension has no value: CloudWatch then makes no metric of the set. */
function dimensionSet(root: JsonObject, names: readonly string[]): Record<string, string> | undefined {
  if (!names.every((name) => typeof root[name] === 'string')) return undefined;
  return Object.fromEntries(names.map((name) => [name, root[name] as string]));
}
