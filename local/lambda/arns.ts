import { invalidParameter, resourceNotFound } from './errors';

/** A function's name with the version or alias that was asked for, if any. */
export interface FunctionReference {
  readonly functionName: string;
  readonly qualifier?: string;
}

/** Where a Lambda service lives: one account and region. */
export interface LambdaScope {
  readonly account: string;
  readonly region: string;
}

const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9_-]{1,140})(?::(\$LATEST|[a-zA-Z0-9_-]{1,128}))?$/;

const EXECUTION =
  /^arn:[^:]+:lambda:[^:]+:\d{12}:function:([a-zA-Z0-9_-]+):(\$LATEST|[0-9]+)\/durable-execution\/([a-zA-Z0-9_-]+)\/([a-zA-Z0-9_-]+)$/;

/**
 * Reads a FunctionName member: a name, a partial ARN or a full ARN, each with or without a qualifier.
 * @param queryQualifier the Qualifier parameter of the same call; must agree with the name's own
 * @throws AwsError InvalidParameterValueException
 */
export function parseFunctionReference(text: string, queryQualifier?: string): FunctionReference {
  const match = REFERENCE.exec(text);
  const functionName = match?.[1];
  if (!functionName) {
    throw invalidParameter(
      `1 validation error detected: Value '${text}' at 'functionName' is not a function name or ARN`,
    );
  }
  const inName = match?.[2];
  if (inName && queryQualifier && inName !== queryQualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const qualifier = inName ?? queryQualifier;
  return qualifier ? { functionName, qualifier } : { functionName };
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` */
export function functionArn(scope: LambdaScope, functionName: string, qualifier?: string): string {
  const base = `arn:aws:lambda:${scope.region}:${scope.account}:function:${functionName}`;
  return qualifier ? `${base}:${qualifier}` : base;
}

/** `<version ARN>/durable-execution/<execution name>/<id>` */
export function durableExecutionArn(
  scope: LambdaScope,
  functionName: string,
  version: string,
  executionName: string,
  id: string,
): string {
  return `${functionArn(scope, functionName, version)}/durable-execution/${executionName}/${id}`;
}

/** @returns the id that ends a durable execution's ARN @throws AwsError ResourceNotFoundException */
export function durableExecutionId(arn: string): string {
  const id = EXECUTION.exec(arn)?.[4];
  if (!id) throw resourceNotFound(`Durable execution not found: ${arn}`);
  return id;
}
