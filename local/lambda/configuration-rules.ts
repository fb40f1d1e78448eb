import type { LambdaAccess } from './access';
import { invalidParameter } from './errors';
import type { FunctionConfiguration } from './lambda-control';

/** Variables that Lambda sets itself and no function may set (developer guide, "Defined runtime environment variables"). */
const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** Bytes for all variables of a function together. */
const ENVIRONMENT_LIMIT = 4096;
const RUNTIME = /^nodejs(\d+)\.x$/;
/** The oldest Node.js runtime that has durable functions. */
const DURABLE_SINCE = 22;

/**
 * Refuses a configuration that Lambda refuses.
 * @throws AwsError InvalidParameterValueException
 */
export function checkConfiguration(configuration: FunctionConfiguration, access: LambdaAccess | undefined): void {
  const { functionName, timeout, memorySize, handler } = configuration;
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(functionName)) {
    throw invalidParameter(
      `Value '${functionName}' at 'functionName' failed to satisfy constraint: at most 64 letters, digits, hyphens or underscores`,
    );
  }
  requireRange('timeout', timeout, 1, 900);
  requireRange('memorySize', memorySize, 128, 10_240);
  if (!/^[^\s]{1,128}$/.test(handler)) throw invalidParameter(`Value '${handler}' at 'handler' is not a handler name`);
  const node = checkRuntime(configuration.runtime);
  checkEnvironment(configuration.environment);
  if (access) checkRole(configuration, access);
  if (configuration.durable) checkDurable(configuration.durable, node);
}

function checkRuntime(runtime: string): number {
  const node = RUNTIME.exec(runtime)?.[1];
  if (!node)
    throw invalidParameter(`The local Lambda runs Node.js functions (nodejs22.x); runtime ${runtime} it has not`);
  return Number(node);
}

function checkDurable(durable: NonNullable<FunctionConfiguration['durable']>, node: number): void {
  if (node < DURABLE_SINCE) {
    throw invalidParameter(`Durable functions need the runtime nodejs${DURABLE_SINCE}.x or newer, not nodejs${node}.x`);
  }
  requireRange('durableConfig.executionTimeout', durable.executionTimeout, 1, 31_622_400);
  requireRange('durableConfig.retentionPeriodInDays', durable.retentionPeriodInDays, 1, 90);
}

function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(environment).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        'contains reserved keys that are currently not supported for modification. ' +
        `Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (size > ENVIRONMENT_LIMIT) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit. String measured: ${size} bytes`,
    );
  }
}

/** Lambda tries the role when it is given. */
function checkRole({ roleArn, deadLetterQueueArn, tracing }: FunctionConfiguration, access: LambdaAccess): void {
  if (!access.trusts(roleArn)) {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  }
  if (deadLetterQueueArn !== undefined) {
    mustBeAbleTo('sqs:SendMessage', deadLetterQueueArn, 'SendMessage on SQS');
  }
  if (tracing === 'Active') {
    mustBeAbleTo('xray:PutTraceSegments', '*', 'PutTraceSegments on XRAY');
  }

  function mustBeAbleTo(action: string, resource: string, words: string): void {
    if (access.roleMay(roleArn, action, resource)) return;
    throw invalidParameter(
      `The provided execution role does not have permissions to call ${words} (${roleArn} needs ${action} on ${resource})`,
    );
  }
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw invalidParameter(
    `Value '${value}' at '${name}' failed to satisfy constraint: a whole number from ${low} to ${high}`,
  );
}
