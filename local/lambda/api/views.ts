import { functionArn, type LambdaScope } from '../arns';
import type { DurableExecution } from '../durable/execution';
import { statusOf } from '../durable/execution';
import type { EventInvokeConfig, FunctionRecord, FunctionVersion } from '../function-record';
import { logGroupOf } from '../runtime/environment-variables';

/** Lambda's FunctionConfiguration shape. @param qualifier what stands at the end of FunctionArn */
export function functionConfiguration(scope: LambdaScope, version: FunctionVersion, qualifier?: string): object {
  const { configuration } = version;
  const { durable, deadLetterQueueArn } = configuration;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: functionArn(scope, configuration.functionName, qualifier),
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: version.codeSize,
    CodeSha256: version.codeSha256,
    Description: '',
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    Version: version.version,
    Environment: { Variables: configuration.environment },
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: configuration.tracing ?? 'PassThrough' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(version) },
    ...(deadLetterQueueArn ? { DeadLetterConfig: { TargetArn: deadLetterQueueArn } } : {}),
    ...(durable
      ? {
          DurableConfig: {
            ExecutionTimeout: durable.executionTimeout,
            RetentionPeriodInDays: durable.retentionPeriodInDays,
          },
        }
      : {}),
  };
}

export function aliasConfiguration(scope: LambdaScope, record: FunctionRecord, name: string): object {
  const alias = record.aliases[name]!;
  return {
    AliasArn: functionArn(scope, record.functionName, name),
    Name: name,
    FunctionVersion: alias.version,
    Description: '',
    RevisionId: alias.revisionId,
  };
}

export function eventInvokeConfig(
  scope: LambdaScope,
  name: string,
  qualifier: string,
  config: EventInvokeConfig,
): object {
  return {
    LastModified: config.lastModified / 1000,
    FunctionArn: functionArn(scope, name, qualifier),
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeInSeconds,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
}

/** Lambda's Execution shape, as ListDurableExecutionsByFunction gives it. */
export function executionSummary(execution: DurableExecution): object {
  const { start, end } = execution;
  return {
    DurableExecutionArn: start.arn,
    DurableExecutionName: start.name,
    FunctionArn: start.arn.split('/durable-execution/')[0],
    Status: statusOf(execution),
    StartTimestamp: start.startedAt / 1000,
    ...(end ? { EndTimestamp: end.endedAt / 1000 } : {}),
  };
}

/** GetDurableExecution's answer. @param data false leaves payloads, results and errors out */
export function executionDescription(execution: DurableExecution, data: boolean): object {
  const { start, end } = execution;
  return {
    ...executionSummary(execution),
    Version: start.version.version,
    DurableConfig: {
      ExecutionTimeout: start.executionTimeout,
      RetentionPeriodInDays: start.retentionPeriodInDays,
    },
    ...(data ? { InputPayload: start.payload, Result: end?.result, Error: end?.error } : {}),
  };
}
