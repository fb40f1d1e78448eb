import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { embeddedMetrics } from './embedded-metrics';
import type { Datum } from './metric';

/** All data of an account: what its functions wrote into their logs, what was put by request, what services say. */
export interface MetricStore {
  put(data: readonly Datum[]): void;
  all(): readonly Datum[];
}

/**
 * Metrics over the log files of an account. Logs are read on request, each line once: what was read is kept in memory
 * with the place where reading ended.
 */
export function openMetricStore(options: {
  readonly folder: string;
  readonly logs: string;
  /** What AWS services say of themselves. */
  readonly services?: () => readonly Datum[];
}): MetricStore {
  mkdirSync(options.folder, { recursive: true });
  const file = join(options.folder, 'metric-data.jsonl');
  const put: Datum[] = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Datum)
    : [];
  const logs = new Map<string, LogReader>();
  return {
    put(data) {
      put.push(...data);
      appendFileSync(file, data.map((datum) => `${JSON.stringify(datum)}\n`).join(''));
    },
    all() {
      for (const path of logFiles(options.logs)) {
        const reader = logs.get(path) ?? new LogReader(path);
        logs.set(path, reader);
        reader.readOn();
      }
      const embedded = [...logs.values()].flatMap((reader) => reader.data);
      return [...put, ...embedded, ...(options.services?.() ?? [])];
    },
  };
}

function logFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.log'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Reads a file that only grows. */
class LogReader {
  readonly data: Datum[] = [];
  private position = 0;

  constructor(private readonly path: string) {}

  /** Reads the whole lines that came since the last time. */
  readOn(): void {
    const size = statSync(this.path).size;
    if (size <= this.position) return;
    const bytes = Buffer.alloc(size - this.position);
    const descriptor = openSync(this.path, 'r');
    try {
      readSync(descriptor, bytes, 0, bytes.length, this.position);
    } finally {
      closeSync(descriptor);
    }
    const end = bytes.lastIndexOf('\n') + 1;
    this.position += end;
    for (const line of bytes.toString('utf8', 0, end).split('\n')) this.data.push(...embeddedMetrics(line));
  }
}
