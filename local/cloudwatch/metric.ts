/** A metric's identity: no two lists of dimensions are the same metric. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** In the order of their names. */
  readonly dimensions: readonly Dimension[];
}

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** Values of a metric at one time. */
export interface Datum extends Metric {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly values: readonly number[];
  readonly unit: string;
}

export function sortedDimensions(dimensions: Readonly<Record<string, string>>): Dimension[] {
  return Object.keys(dimensions)
    .sort()
    .map((name) => ({ name, value: dimensions[name]! }));
}

/** The same text for the same metric. */
export function metricKey({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, dimensions.map((dimension) => [dimension.name, dimension.value])]);
}
