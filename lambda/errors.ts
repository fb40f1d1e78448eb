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
const FORBIDDEN = /AccessDenied|Forbidden|UnrecognizedClient|InvalidClientTokenId|ExpiredToken/;
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
  if (error instanceof RunError) return { kind: error.kind, message: error.message, advice: error.advice };
  const { name, code, message, $metadata } = (error ?? {}) as ServiceError;
  const label = [name, code].filter((part) => typeof part === 'string').join(' ') || 'Error';
  const text = `${doing} failed: ${label}: ${typeof message === 'string' && message !== '' ? message : String(error)}`;
  const status = $metadata?.httpStatusCode ?? 0;
  const labels = [name, code].map(String);
  if (labels.some((each) => THROTTLED.test(each) || UNREACHABLE.test(each)) || status >= 500)
    return { kind: 'transient', message: text, advice: 'Try again in a few minutes.' };
  if (labels.some((each) => FORBIDDEN.test(each)))
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

const CONFLICT =
  /\b1023\b|Serializable isolation violation|\b1018\b|deadlock detected|could not serialize|Connection or an prior query failed|connection (was )?(lost|closed|reset)|terminating connection|conflict on (update|tuple)/i;
const DENIED = /permission denied|Access Denied|not authorized|must be owner/i;
const COPY_FAILED = /Load into table .* failed|stl_load_errors|sys_load_error_detail/i;

/** True for the text of a COPY whose reasons stand in the load error views. */
export function isLoadError(text: string): boolean {
  return COPY_FAILED.test(text);
}

/** True when another run has loaded between this run's comparison and its load. */
export function isSuperseded(text: string): boolean {
  return /^superseded:/.test(text);
}

/** Puts the error text of a failed statement (without `ERROR: `) into one of the classes. */
export function classifySql(text: string, where: string): Failure {
  const message = `${where} failed: ${text}`;
  if (CONFLICT.test(text)) return { kind: 'transient', message, advice: 'Try again in a few minutes.' };
  if (/^check \S+ failed/.test(text))
    return { kind: 'source data', message: text, advice: 'Mend the source files or the check and deploy again.' };
  if (DENIED.test(text))
    return { kind: 'configuration', message, advice: 'Give the database user or the COPY role that permission.' };
  if (isLoadError(text)) return { kind: 'source data', message, advice: 'Mend the file and deploy again.' };
  return { kind: 'warehouse', message, advice: 'Mend the statement or the warehouse and deploy again.' };
}
