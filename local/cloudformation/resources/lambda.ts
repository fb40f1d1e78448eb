import type { FunctionConfiguration, LambdaControl } from '../../lambda/lambda-control';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { sameValue } from '../values';
import { number, object, requiredText, text } from './names';

/** Functions, versions, aliases and invoke configurations of the local Lambda. */
export function lambdaProviders(lambda: LambdaControl): Record<string, ResourceProvider> {
  return {
    'AWS::Lambda::Function': functionProvider(lambda),
    'AWS::Lambda::Version': versionProvider(lambda),
    'AWS::Lambda::Alias': aliasProvider(lambda),
    'AWS::Lambda::EventInvokeConfig': eventInvokeConfigProvider(lambda),
  };
}

/** A function's name from its name, ARN or partial ARN. */
function functionNameOf(properties: Properties): string {
  const given = requiredText(properties, 'FunctionName');
  const match = /function:([^:]+)/.exec(given);
  return match?.[1] ?? given.split(':')[0]!;
}

function configuration(functionName: string, properties: Properties): FunctionConfiguration {
  const code = object(properties, 'Code');
  if (text(properties, 'PackageType') === 'Image' || code.ImageUri !== undefined) {
    throw new ResourceFailedError(`Function ${functionName}: the local Lambda runs zip packages only, no images.`);
  }
  if (code.ZipFile !== undefined) {
    throw new ResourceFailedError(
      `Function ${functionName}: the local CloudFormation takes code from S3 only (Code.S3Bucket, Code.S3Key), not inline (Code.ZipFile).`,
    );
  }
  const variables = object(object(properties, 'Environment'), 'Variables');
  const durable = properties.DurableConfig === undefined ? undefined : object(properties, 'DurableConfig');
  return {
    functionName,
    roleArn: requiredText(properties, 'Role'),
    handler: requiredText(properties, 'Handler'),
    runtime: requiredText(properties, 'Runtime'),
    timeout: number(properties, 'Timeout', 3),
    memorySize: number(properties, 'MemorySize', 128),
    environment: Object.fromEntries(Object.keys(variables).map((name) => [name, text(variables, name) ?? ''])),
    code: { bucket: requiredText(code, 'S3Bucket'), key: requiredText(code, 'S3Key') },
    deadLetterQueueArn: text(object(properties, 'DeadLetterConfig'), 'TargetArn'),
    logGroupName: text(object(properties, 'LoggingConfig'), 'LogGroup'),
    tracing: text(object(properties, 'TracingConfig'), 'Mode') === 'Active' ? 'Active' : undefined,
    durable: durable && {
      executionTimeout: number(durable, 'ExecutionTimeout', 0),
      retentionPeriodInDays: number(durable, 'RetentionPeriodInDays', 14),
    },
  };
}

function functionProvider(lambda: LambdaControl): ResourceProvider {
  const arnOf = (context: ResourceContext, name: string) =>
    `arn:aws:lambda:${context.region}:${context.account}:function:${name}`;
  return {
    replaceOn: ['FunctionName', 'PackageType'],
    // Durability can't be switched on or off on a living function.
    replacedBy: (old, next) =>
      (old.DurableConfig === undefined) === (next.DurableConfig === undefined) ? [] : ['DurableConfig'],
    async create(context, properties) {
      const name = text(properties, 'FunctionName') ?? context.generateName(64);
      const arn = await lambda.createFunction(configuration(name, properties));
      return { physicalId: name, attributes: { Arn: arn } };
    },
    async update(context, name, properties) {
      await lambda.updateFunction(configuration(name, properties));
      return { physicalId: name, attributes: { Arn: arnOf(context, name) } };
    },
    delete: (_context, name) => lambda.deleteFunction(name),
    async read(_context, name, properties) {
      const now = lambda.describeFunction(name);
      return now && { ...properties, ...presentValues(now, configuration(name, properties), properties) };
    },
  };
}

/** The properties in which a function is not as the template has it. Its code is not compared, as in AWS. */
function presentValues(now: FunctionConfiguration, wanted: FunctionConfiguration, properties: Properties): Properties {
  const values = {
    Handler: [now.handler, wanted.handler],
    Role: [now.roleArn, wanted.roleArn],
    Runtime: [now.runtime, wanted.runtime],
    Timeout: [now.timeout, wanted.timeout],
    MemorySize: [now.memorySize, wanted.memorySize],
    Environment: [{ Variables: now.environment }, { Variables: wanted.environment }],
  };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, [present, given]]) => properties[name] !== undefined && !sameValue(present, given))
      .map(([name, [present]]) => [name, present]),
  );
}

function versionProvider(lambda: LambdaControl): ResourceProvider {
  const described = (context: ResourceContext, name: string, version: string) => {
    const arn = `arn:aws:lambda:${context.region}:${context.account}:function:${name}:${version}`;
    return { physicalId: arn, attributes: { FunctionArn: arn, Version: version } };
  };
  return {
    replaceOn: ['FunctionName', 'CodeSha256', 'Description'],
    async create(context, properties) {
      const name = functionNameOf(properties);
      return described(context, name, await lambda.publishVersion(name));
    },
    update: async (context, physicalId, properties) =>
      described(context, functionNameOf(properties), physicalId.split(':').at(-1)!),
    delete: (_context, physicalId, properties) =>
      lambda.deleteVersion(functionNameOf(properties), physicalId.split(':').at(-1)!),
  };
}

function aliasProvider(lambda: LambdaControl): ResourceProvider {
  async function put(properties: Properties) {
    const version = requiredText(properties, 'FunctionVersion').split(':').at(-1)!;
    const arn = await lambda.putAlias(functionNameOf(properties), requiredText(properties, 'Name'), version);
    return { physicalId: arn, attributes: { AliasArn: arn } };
  }
  return {
    replaceOn: ['FunctionName', 'Name'],
    create: (_context, properties) => put(properties),
    update: (_context, _physicalId, properties) => put(properties),
    delete: (_context, physicalId, properties) =>
      lambda.deleteAlias(functionNameOf(properties), physicalId.split(':').at(-1)!),
  };
}

function eventInvokeConfigProvider(lambda: LambdaControl): ResourceProvider {
  const optional = (properties: Properties, name: string) =>
    properties[name] === undefined ? undefined : number(properties, name, 0);
  async function put(properties: Properties): Promise<void> {
    if (properties.DestinationConfig !== undefined) {
      throw new ResourceFailedError(
        'The local Lambda has no destinations (DestinationConfig); use a dead-letter queue.',
      );
    }
    await lambda.putEventInvokeConfig(functionNameOf(properties), requiredText(properties, 'Qualifier'), {
      maximumRetryAttempts: optional(properties, 'MaximumRetryAttempts'),
      maximumEventAgeInSeconds: optional(properties, 'MaximumEventAgeInSeconds'),
    });
  }
  return {
    replaceOn: ['FunctionName', 'Qualifier'],
    async create(context, properties) {
      await put(properties);
      return { physicalId: context.generateName(64), attributes: {} };
    },
    async update(_context, physicalId, properties) {
      await put(properties);
      return { physicalId, attributes: {} };
    },
    delete: (_context, _physicalId, properties) =>
      lambda.deleteEventInvokeConfig(functionNameOf(properties), requiredText(properties, 'Qualifier')),
  };
}
