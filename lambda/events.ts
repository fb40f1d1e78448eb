import { sha256 } from '../statements/digest';
import { ConfigurationError } from './errors';
import { type DateRange, readRange } from './log-dates';

/** A custom resource request. Source: CloudFormation User Guide, "Custom resource request objects". */
export interface CloudFormationRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: Readonly<Record<string, unknown>>;
}

export type Mode = 'incremental' | 'refresh';
export type Trigger = 'deploy' | 'schedule' | 'operator';

/** A run that is asked for. Its id comes from the event alone, so that a delivery that comes again is the same run. */
export interface Assignment {
  readonly runId: string;
  readonly trigger: Trigger;
  /** What was asked for at least: the run itself may find that it must refresh. */
  readonly mode: Mode;
  /** Limits the run to log files of these days. */
  readonly range?: DateRange;
  /** Only says what the run would do. */
  readonly dryRun?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const TEXT_FIELDS = ['ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId'] as const;
const SCHEDULED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/;
const RUN_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;
const ADVICE = 'Send an event of one of the three kinds: a CloudFormation request, a schedule, an operator run.';

/** True when CloudFormation waits for an answer to this event, valid or not. */
export function isCloudFormationRequest(event: unknown): event is CloudFormationRequest {
  if (typeof event !== 'object' || event === null) return false;
  const fields = event as Fields;
  return (
    TEXT_FIELDS.every((field) => typeof fields[field] === 'string' && fields[field] !== '') &&
    ['Create', 'Update', 'Delete'].includes(String(fields.RequestType))
  );
}

/**
 * Says which run an event asks for. A Delete asks for none: the handler takes it before.
 * @throws ConfigurationError for an event of no known kind, an unknown field or a value of the wrong shape
 */
export function readEvent(event: unknown): Assignment {
  if (isCloudFormationRequest(event)) return readRequest(event);
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    throw new ConfigurationError(`the event is not an object: ${excerpt(event)}`, ADVICE);
  const fields = event as Fields;
  if (fields.trigger === 'schedule') return readSchedule(fields);
  if (fields.trigger === 'operator') return readOperator(fields);
  throw new ConfigurationError(`the event is of no known kind: ${excerpt(event)}`, ADVICE);
}

function readRequest(request: CloudFormationRequest): Assignment {
  const runId = `deploy-${sha256(request.StackId, request.RequestId).slice(0, 12)}`;
  return { runId, trigger: 'deploy', mode: 'incremental' };
}

function readSchedule(fields: Fields): Assignment {
  refuseUnknown(fields, ['trigger', 'scheduledTime']);
  const { scheduledTime } = fields;
  if (typeof scheduledTime !== 'string' || !SCHEDULED.test(scheduledTime) || Number.isNaN(Date.parse(scheduledTime)))
    throw new ConfigurationError(
      `scheduledTime is ${excerpt(scheduledTime)}, not a time like 2018-11-05T02:00:00Z`,
      "Put <aws.scheduler.scheduled-time> into the schedule's input.",
    );
  const runId = `schedule-${scheduledTime
    .toLowerCase()
    .replace(/[^0-9a-z]+/g, '-')
    .replace(/-$/, '')}`;
  return { runId, trigger: 'schedule', mode: 'incremental' };
}

function readOperator(fields: Fields): Assignment {
  refuseUnknown(fields, ['trigger', 'run', 'mode', 'from', 'to', 'dryRun']);
  const { run, mode = 'incremental', dryRun = false } = fields;
  if (typeof run !== 'string' || !RUN_NAME.test(run))
    throw new ConfigurationError(
      `run is ${excerpt(run)}, not a name of 1 to 60 lower-case letters, digits and hyphens`,
      'Give the run a name of its own: the same name is the same run and loads nothing twice.',
    );
  if (mode !== 'incremental' && mode !== 'refresh')
    throw new ConfigurationError(`mode is ${excerpt(mode)}, not incremental or refresh`, 'Leave mode out or mend it.');
  if (typeof dryRun !== 'boolean')
    throw new ConfigurationError(`dryRun is ${excerpt(dryRun)}, not true or false`, 'Leave dryRun out or mend it.');
  const range = readRange(fields);
  if (range !== undefined && mode === 'refresh')
    throw new ConfigurationError(
      'mode is refresh, but from and to limit the run to some days',
      'A refresh rebuilds the star from all files: leave out from and to, or mode.',
    );
  // Under an id of its own: the Data API would else answer the run itself with what the dry run has read.
  const runId = `${dryRun ? 'dry-run' : 'operator'}-${run}`;
  return { runId, trigger: 'operator', mode, ...(range && { range }), ...(dryRun && { dryRun }) };
}

function refuseUnknown(fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).filter((field) => !known.includes(field));
  if (unknown.length > 0)
    throw new ConfigurationError(
      `unknown field${unknown.length > 1 ? 's' : ''} in the event: ${unknown.map((each) => excerpt(each)).join(', ')}`,
      `Known are ${known.join(', ')}.`,
    );
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
