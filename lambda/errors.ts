import { StatementsError } from '../statements/errors';

/**
 * What can go wrong with a run, in the five classes that decide what happens next. Each carries what to do about it.
 */
export type FailureKind = 'configuration' | 'source data' | 'warehouse' | 'transient' | 'internal';

/** A failure as the run's state, its log, its row and CloudFormation tell it. */
export interface Failure {
  readonly kind: FailureKind;
  /** What failed, where, with which value and limit. */
  readonly message: string;
  /** What to do next. */
  readonly advice: string;
  /** It may last for minutes, as a resize does: worth trying until the run's deadline. */
  readonly lasting?: true;
}

abstract class RunError extends Error implements Failure {
  abstract readonly kind: FailureKind;
  constructor(
    message: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The function's environment, its event, its permissions or the SQL files are not as they must be. */
export class ConfigurationError extends RunError {
  override readonly name = 'ConfigurationError';
  readonly kind = 'configuration';
}

/** A source file holds what no table takes, or what a check refuses. */
export class SourceDataError extends RunError {
  override readonly name = 'SourceDataError';
  readonly kind = 'source data';
}

/** The warehouse refused a statement for a reason of its own. */
export class WarehouseError extends RunError {
  override readonly name = 'WarehouseError';
  readonly kind = 'warehouse';
}

/** Throttling, a lost connection, a conflict: the same call may succeed in a moment. */
export class TransientError extends RunError {
  override readonly name = 'TransientError';
  readonly kind = 'transient';
}

/** A mistake of the function itself. */
export class InternalError extends RunError {
  override readonly name = 'InternalError';
  readonly kind = 'internal';
}

const THROTTLED =
  /Throttl|TooManyRequests|SlowDown|LimitExceeded|ActiveStatementsExceeded|ActiveSessionsExceeded|ActiveWaitingRequests/;
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|TimeoutError|NetworkingError|AbortError)$/;
/** The SDK takes new credentials for the next call. */
const EXPIRED = /ExpiredToken|RequestExpired|TokenRefreshRequired/;
const CONNECTION = /DatabaseConnection|QueryTimeout/;
const FORBIDDEN = /AccessDenied|Forbidden|UnrecognizedClient|InvalidClientTokenId/;
const MISSING = /NoSuchBucket|ResourceNotFound|NoSuchKey/;

interface ServiceError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * Puts what a call to AWS threw into one of the classes above; a failure of ours keeps its class.
 * Source of the retry rule: Redshift Data API, "Considerations" (5xx and throttling again, other 4xx not).
 * @param doing what was being done, for the message, for example `listing s3://bucket/prefix`
 */
export function classify(error: unknown, doing: string): Failure {
  // A plain object: the message of an Error would not survive the state's JSON.
  if (error instanceof RunError || error instanceof StatementsError)
    return { kind: error.kind, message: error.message, advice: error.advice };
  const { name, code, message, $metadata } = (error ?? {}) as ServiceError;
  const label = [name, code].filter((part) => typeof part === 'string').join(' ') || 'Error';
  const text = `${doing} failed: ${label}: ${typeof message === 'string' && message !== '' ? message : String(error)}`;
  const status = $metadata?.httpStatusCode ?? 0;
  const labels = [name, code].map(String);
  const forbidden = labels.some((each) => FORBIDDEN.test(each));
  if (labels.some((each) => CONNECTION.test(each)) || (!forbidden && UNAVAILABLE.test(`${label} ${message}`)))
    return unavailable(text);
  if (labels.some((each) => EXPIRED.test(each)) || /signature expired|session .*expired/i.test(text))
    return { kind: 'transient', message: text, advice: 'New credentials come by themselves: try again.' };
  if (labels.some((each) => THROTTLED.test(each) || UNREACHABLE.test(each)) || status >= 500)
    return { kind: 'transient', message: text, advice: 'Try again in a few minutes.' };
  if (forbidden)
    return {
      kind: 'configuration',
      message: text,
      advice: "Give the function's role that permission and deploy again.",
    };
  if (labels.some((each) => MISSING.test(each)))
    return { kind: 'configuration', message: text, advice: 'Check the names in the configuration and deploy again.' };
  if (status >= 400)
    return { kind: 'configuration', message: text, advice: 'Check the configuration and deploy again.' };
  return { kind: 'internal', message: text, advice: "Look for the run in the function's log." };
}

/**
 * A cluster that is paused, resumed, resized, rebooted or patched. Which class and text the Data API answers then is
 * documented nowhere: any class whose text says so counts, also FATAL texts of failed statements.
 */
const UNAVAILABLE =
  /(cluster|workgroup|warehouse|database|endpoint|service)\b.{0,80}(\b(paus|resum|resiz)(ed|ing)\b|\breboot|\bmaintenance\b|(not|un)[ -]?available)|\b(paus|resum|resiz)(ed|ing) (cluster|workgroup|warehouse)|database system is (starting up|shutting down|in recovery)|(could not|unable to|failed to|cannot) (connect|establish a connection)|connection (was )?refused|InvalidClusterState/i;

function unavailable(message: string): Failure {
  return {
    kind: 'transient',
    message,
    advice:
      'The warehouse cannot be reached: resume it or wait until its resize or maintenance is done, then try again.',
    lasting: true,
  };
}

const CONFLICT =
  /\b1023\b|Serializable isolation violation|\b1018\b|deadlock detected|could not serialize|Connection or an prior query failed|connection (was )?(lost|closed|reset)|terminating connection|too many connections|connection limit|conflict on (update|tuple)|S3ServiceException:.*(SlowDown|InternalError|ServiceUnavailable|Status 50\d)/i;
const CANCELLED =
  /cancell?ed (on user's request|by|due to)|statement timeout|Query \(?\d*\)?\s*cancell?ed|WLM.*(abort|timeout)/i;
const DENIED =
  /permission denied|Access Denied|not authorized|must be owner|password authentication failed|InvalidAccessKeyId/i;
const VANISHED =
  /S3ServiceException:The specified key does not exist|S3 prefix '.*' does not exist|Problem reading manifest/i;
const FULL = /disk full|no space left|out of memory/i;
const COPY_FAILED = /Load into table .* failed|stl_load_errors|sys_load_error_detail/i;
const LOCKING = /^sql\/run\/\w+\/\d+_lock\.sql$/;

/** True for the text of a COPY whose reasons stand in the load error views. */
export function isLoadError(text: string): boolean {
  return COPY_FAILED.test(text);
}

/** True when another run has loaded between this run's comparison and its load. */
export function isSuperseded(text: string): boolean {
  return /^superseded:/.test(text);
}

interface Rule {
  readonly when: (text: string, where: string) => boolean;
  readonly kind: FailureKind;
  readonly advice: string;
}

/** The first that fits tells the class of a failed statement. */
const RULES: readonly Rule[] = [
  {
    when: (text) => isSuperseded(text),
    kind: 'transient',
    advice: 'Another run has loaded meanwhile: try again when no other runs.',
  },
  {
    when: (text, where) => CANCELLED.test(text) && LOCKING.test(where),
    kind: 'transient',
    advice:
      'Another transaction holds the lock of the loads: wait for it, or find it in SVV_TRANSACTIONS and end it with ' +
      'pg_terminate_backend, then try again.',
  },
  { when: (text) => CONFLICT.test(text), kind: 'transient', advice: 'Try again in a few minutes.' },
  {
    when: (text) => CANCELLED.test(text),
    kind: 'warehouse',
    advice:
      'A person or a limit of the warehouse (statement_timeout, a WLM rule) has ended it: look into ' +
      'SYS_QUERY_HISTORY, raise the limit or give it a larger warehouse, then deploy again.',
  },
  {
    when: (text) => FULL.test(text),
    kind: 'warehouse',
    advice: 'Give the warehouse more room or larger nodes and deploy again.',
  },
  {
    when: (text) => DENIED.test(text),
    kind: 'configuration',
    advice: 'Give the database user or the COPY role that permission and deploy again.',
  },
  { when: (text) => isLoadError(text), kind: 'source data', advice: 'Mend the file, then deploy or load again.' },
  {
    when: (text) => VANISHED.test(text),
    kind: 'source data',
    advice: 'A source file went away while it was to be loaded: put it back or start the run again.',
  },
];

/** Puts the error text of a failed statement (without `ERROR: `) into one of the classes. */
export function classifySql(text: string, where: string): Failure {
  const message = `${where} failed: ${text}`;
  // A check's message quotes rows of the source, which may hold any words.
  if (/^check \S+ failed/.test(text))
    return { kind: 'source data', message: text, advice: 'Mend the source files or the check and deploy again.' };
  const rule = RULES.find(({ when }) => when(text, where));
  if (rule !== undefined) return { kind: rule.kind, message, advice: rule.advice };
  if (UNAVAILABLE.test(text)) return unavailable(message);
  return { kind: 'warehouse', message, advice: 'Mend the statement or the warehouse and deploy again.' };
}

/** A transient failure that was met again and again: says how often. */
export function exhausted(failure: Failure, times: number): Failure {
  return times < 2 || failure.kind !== 'transient'
    ? failure
    : { ...failure, message: `${failure.message.replace(/\.$/, '')} (tried ${times} times)` };
}
