import { type LambdaScope, parseFunctionReference } from '../arns';
import { invalidParameter } from '../errors';
import type { FunctionManager } from '../function-manager';
import type { FunctionStore } from '../function-store';
import type { FunctionConfiguration } from '../lambda-control';
import { bodyOf, json, type Route, type RouteCall } from './http';
import { aliasConfiguration, functionConfiguration } from './views';

const FUNCTION = '/2015-03-31/functions/{FunctionName}';

/** The writing half of Lambda's API that people use on a deployed function: what `cdk deploy --hotswap` calls. */
export function writeRoutes(store: FunctionStore, manager: FunctionManager, scope: LambdaScope): readonly Route[] {
  async function change(call: RouteCall, changes: (before: FunctionConfiguration) => Partial<FunctionConfiguration>) {
    const { functionName } = parseFunctionReference(call.labels.FunctionName!);
    const before = store.get(functionName).latest.configuration;
    await manager.update({ ...before, ...changes(before) });
    return json(200, functionConfiguration(scope, store.get(functionName).latest));
  }

  return [
    {
      method: 'PUT',
      path: `${FUNCTION}/code`,
      action: 'UpdateFunctionCode',
      handle: (call) => change(call, () => ({ code: newCode(call) })),
    },
    {
      method: 'PUT',
      path: `${FUNCTION}/configuration`,
      action: 'UpdateFunctionConfiguration',
      handle: (call) => change(call, () => newConfiguration(bodyOf(call.request))),
    },
    {
      method: 'POST',
      path: `${FUNCTION}/versions`,
      action: 'PublishVersion',
      handle: ({ labels }) => {
        const { functionName } = parseFunctionReference(labels.FunctionName!);
        const version = manager.publish(functionName);
        return json(201, functionConfiguration(scope, store.get(functionName).versions[version]!, version));
      },
    },
    {
      method: 'PUT',
      path: `${FUNCTION}/aliases/{Name}`,
      action: 'UpdateAlias',
      handle: ({ request, labels }) => {
        const { functionName } = parseFunctionReference(labels.FunctionName!);
        const version = bodyOf(request).FunctionVersion;
        if (typeof version === 'string') manager.putAlias(functionName, labels.Name!, version);
        return json(200, aliasConfiguration(scope, store.get(functionName), labels.Name!));
      },
    },
  ];
}

function newCode({ request }: RouteCall): FunctionConfiguration['code'] {
  const { S3Bucket: bucket, S3Key: key } = bodyOf(request);
  if (typeof bucket === 'string' && typeof key === 'string') return { bucket, key };
  throw invalidParameter('The local Lambda takes code from S3 only: S3Bucket and S3Key.');
}

/** @throws AwsError InvalidParameterValueException for members that would otherwise be lost in silence */
function newConfiguration(body: Readonly<Record<string, unknown>>): Partial<FunctionConfiguration> {
  const { Handler, Role, Runtime, Timeout, MemorySize, Environment, Description: _, ...others } = body;
  const unknown = Object.keys(others).filter((name) => others[name] !== undefined && others[name] !== null);
  if (unknown.length > 0) {
    throw invalidParameter(`The local Lambda's UpdateFunctionConfiguration does not take ${unknown.join(', ')}.`);
  }
  const variables = (Environment as { Variables?: Record<string, string> } | undefined)?.Variables;
  return {
    ...(typeof Handler === 'string' && { handler: Handler }),
    ...(typeof Role === 'string' && { roleArn: Role }),
    ...(typeof Runtime === 'string' && { runtime: Runtime }),
    ...(typeof Timeout === 'number' && { timeout: Timeout }),
    ...(typeof MemorySize === 'number' && { memorySize: MemorySize }),
    ...(Environment !== undefined && { environment: variables ?? {} }),
  };
}
