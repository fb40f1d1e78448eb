import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { jsonService } from '../aws/protocols/json';
import { AwsError, type AwsService } from '../aws/service';

interface LogEvent {
  readonly logStreamName: string;
  /** Milliseconds since the epoch, as the API has it. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly eventId: string;
}

type Input = Readonly<Record<string, unknown>>;

/** At the beginning of a line, as Lambda's runtime writes it, or in a line of JSON, as a logger does. */
const TIMESTAMP = /^(?:\{"(?:time|timestamp)":")?(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\b/;
const DEFAULT_LIMIT = 10_000;

/**
 * CloudWatch Logs over the files `<folder>/<group>/<stream>.log` that the Lambda service writes: FilterLogEvents,
 * GetLogEvents and DescribeLogStreams, so that `cdk deploy` can show the log of a function that failed. A line
 * without a time of its own has that of the line before. Of the filter patterns there are one plain word and one text of a
 * JSON line, `{ $.run = "x" }`; others are refused.
 */
export function createLogsService(options: { readonly folder: string }): AwsService {
  const { folder } = options;
  return jsonService({
    signingName: 'logs',
    operations: {
      FilterLogEvents(input) {
        const matches = matcher(input.filterPattern);
        const events = streamsOf(folder, input)
          .filter((stream) => isWanted(stream, input))
          .flatMap((stream) => readStream(folder, group(input), stream))
          .filter((event) => isInTime(event, input) && matches(event.message))
          .sort((left, right) => left.timestamp - right.timestamp);
        return page(events, input);
      },
      GetLogEvents(input) {
        const stream = String(input.logStreamName ?? '');
        if (!streamsOf(folder, input).includes(stream)) {
          throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
        }
        const events = readStream(folder, group(input), stream).filter((event) => isInTime(event, input));
        return { events: events.slice(-limitOf(input)) };
      },
      DescribeLogStreams(input) {
        const prefix = String(input.logStreamNamePrefix ?? '');
        const streams = streamsOf(folder, input).filter((stream) => stream.startsWith(prefix));
        return { logStreams: streams.map((logStreamName) => ({ logStreamName })) };
      },
    },
  });
}

function group(input: Input): string {
  const name = input.logGroupName;
  if (typeof name !== 'string' || !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name) || name.split('/').includes('..')) {
    throw new AwsError('InvalidParameterException', `${String(name)} is not the name of a log group.`);
  }
  return name;
}

/** @throws AwsError ResourceNotFoundException */
function streamsOf(folder: string, input: Input): string[] {
  const root = join(folder, group(input));
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.log'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/').slice(0, -'.log'.length))
    .sort();
}

function readStream(folder: string, groupName: string, logStreamName: string): LogEvent[] {
  const file = join(folder, groupName, `${logStreamName}.log`);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const first = lines.map((line) => TIMESTAMP.exec(line)?.[1]).find((text) => text !== undefined);
  let timestamp = first === undefined ? Math.trunc(statSync(file).mtimeMs) : Date.parse(first);
  return lines.map((message, index) => {
    const own = TIMESTAMP.exec(message)?.[1];
    timestamp = own === undefined ? timestamp : Date.parse(own);
    return { logStreamName, timestamp, ingestionTime: timestamp, message, eventId: `${logStreamName}#${index}` };
  });
}

function isWanted(stream: string, input: Input): boolean {
  const names = input.logStreamNames;
  return Array.isArray(names) ? names.includes(stream) : stream.startsWith(String(input.logStreamNamePrefix ?? ''));
}

function isInTime({ timestamp }: LogEvent, input: Input): boolean {
  const { startTime, endTime } = input;
  return (
    !(typeof startTime === 'number' && timestamp < startTime) && !(typeof endTime === 'number' && timestamp > endTime)
  );
}

function matcher(pattern: unknown): (message: string) => boolean {
  if (pattern === undefined || pattern === '') {
    return () => true;
  }
  const [, field, value] = /^\{\s*\$\.(\w+)\s*=\s*"([^"*\\]*)"\s*\}$/.exec(String(pattern)) ?? [];
  if (field !== undefined) {
    return (message) => fieldOf(message, field) === value;
  }
  const word = typeof pattern === 'string' ? /^"?([\w .:@/-]+)"?$/.exec(pattern)?.[1] : undefined;
  if (word === undefined) {
    throw new AwsError(
      'InvalidParameterException',
      `The local CloudWatch Logs has no filter pattern ${String(pattern)}.`,
    );
  }
  return (message) => message.includes(word);
}

/** A member of a line that is a JSON object; undefined in any other line. */
function fieldOf(message: string, field: string): unknown {
  if (!message.startsWith('{')) return undefined;
  try {
    return (JSON.parse(message) as Input)[field];
  } catch {
    return undefined;
  }
}

function page(events: readonly LogEvent[], input: Input): object {
  const from = input.nextToken === undefined ? 0 : Number(input.nextToken);
  if (!Number.isInteger(from) || from < 0) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  const to = from + limitOf(input);
  return {
    events: events.slice(from, to),
    searchedLogStreams: [],
    ...(to < events.length ? { nextToken: String(to) } : {}),
  };
}

function limitOf(input: Input): number {
  return typeof input.limit === 'number' && input.limit > 0 ? Math.min(input.limit, DEFAULT_LIMIT) : DEFAULT_LIMIT;
}
