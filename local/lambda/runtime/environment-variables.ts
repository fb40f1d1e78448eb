import type { Credentials } from '../../iam/identity-store';
import type { FunctionVersion } from '../function-record';

export interface VariableSources {
  readonly version: FunctionVersion;
  readonly region: string;
  readonly credentials: Credentials;
  readonly logGroup: string;
  readonly logStream: string;
  /** The local AWS: the one variable that real Lambda does not set. */
  readonly endpointUrl: string;
}

/**
 * All variables of an execution environment: the function's own and those that Lambda sets (developer guide,
 * "Defined runtime environment variables"). Nothing of this machine's environment is among them.
 */
export function environmentVariables(sources: VariableSources): Record<string, string> {
  const { version, region, credentials } = sources;
  const { configuration } = version;
  return {
    ...configuration.environment,
    _HANDLER: configuration.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: sources.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: sources.logStream,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: sources.endpointUrl,
    LAMBDA_TASK_ROOT: version.codeFolder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
  };
}

/** `/aws/lambda/<name>` unless the function names another log group. */
export function logGroupOf(version: FunctionVersion): string {
  return version.configuration.logGroupName ?? `/aws/lambda/${version.configuration.functionName}`;
}
