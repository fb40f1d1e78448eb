import { type LambdaScope, parseFunctionReference } from '../arns';
import { notImplemented, resourceNotFound } from '../errors';
import type { ResolvedFunction } from '../function-record';
import type { FunctionStore } from '../function-store';
import { json, paginate, type Route, type RouteCall } from './http';
import { aliasConfiguration, eventInvokeConfig, functionConfiguration } from './views';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/{FunctionName}`;

/** The reading half of Lambda's API for functions, versions and aliases. */
export function functionRoutes(store: FunctionStore, scope: LambdaScope): readonly Route[] {
  const describe = ({ version, qualifier }: ResolvedFunction) => functionConfiguration(scope, version, qualifier);
  return [
    { method: 'GET', path: FUNCTIONS, action: 'ListFunctions', handle: (call) => listFunctions(store, scope, call) },
    {
      method: 'GET',
      path: FUNCTION,
      action: 'GetFunction',
      handle: (call) => {
        const target = resolveCall(store, call);
        const { bucket, key } = target.version.configuration.code;
        const Code = { RepositoryType: 'S3', Location: `s3://${bucket}/${key}` };
        return json(200, { Configuration: describe(target), Code, Tags: {} });
      },
    },
    {
      method: 'GET',
      path: `${FUNCTION}/configuration`,
      action: 'GetFunctionConfiguration',
      handle: (call) => json(200, describe(resolveCall(store, call))),
    },
    {
      method: 'GET',
      path: `${FUNCTION}/versions`,
      action: 'ListVersionsByFunction',
      handle: (call) => listVersions(store, scope, call),
    },
    {
      method: 'GET',
      path: `${FUNCTION}/aliases`,
      action: 'ListAliases',
      handle: (call) => listAliases(store, scope, call),
    },
    {
      method: 'GET',
      path: `${FUNCTION}/aliases/{Name}`,
      action: 'GetAlias',
      handle: (call) => getAlias(store, scope, call),
    },
    {
      method: 'GET',
      path: '/2019-09-25/functions/{FunctionName}/event-invoke-config',
      action: 'GetFunctionEventInvokeConfig',
      handle: (call) => getEventInvokeConfig(store, scope, call),
    },
  ];
}

/** The function, version or alias that a call names. @throws AwsError ResourceNotFoundException */
export function resolveCall(store: FunctionStore, { request, labels }: RouteCall): ResolvedFunction {
  const qualifier = request.query.get('Qualifier') ?? undefined;
  const reference = parseFunctionReference(labels.FunctionName!, qualifier);
  return store.resolve(reference.functionName, reference.qualifier);
}

function listFunctions(store: FunctionStore, scope: LambdaScope, { request }: RouteCall) {
  const all = request.query.get('FunctionVersion') === 'ALL';
  const views = store
    .all()
    .flatMap((record) => [
      functionConfiguration(scope, record.latest, all ? '$LATEST' : undefined),
      ...(all ? Object.values(record.versions).map((one) => functionConfiguration(scope, one, one.version)) : []),
    ]);
  const { page, NextMarker } = paginate(views, request.query, 50);
  return json(200, { Functions: page, NextMarker });
}

function listVersions(store: FunctionStore, scope: LambdaScope, { request, labels }: RouteCall) {
  const record = store.get(parseFunctionReference(labels.FunctionName!).functionName);
  const versions = [record.latest, ...Object.values(record.versions)];
  const views = versions.map((version) => functionConfiguration(scope, version, version.version));
  const { page, NextMarker } = paginate(views, request.query, 50);
  return json(200, { Versions: page, NextMarker });
}

function listAliases(store: FunctionStore, scope: LambdaScope, { request, labels }: RouteCall) {
  const record = store.get(parseFunctionReference(labels.FunctionName!).functionName);
  const version = request.query.get('FunctionVersion');
  const names = Object.keys(record.aliases).filter((name) => !version || record.aliases[name]?.version === version);
  const views = names.sort().map((name) => aliasConfiguration(scope, record, name));
  const { page, NextMarker } = paginate(views, request.query, 50);
  return json(200, { Aliases: page, NextMarker });
}

function getAlias(store: FunctionStore, scope: LambdaScope, { labels }: RouteCall) {
  const record = store.get(parseFunctionReference(labels.FunctionName!).functionName);
  const name = labels.Name!;
  if (!record.aliases[name]) throw resourceNotFound(`Cannot find alias arn: ${record.functionName}:${name}`);
  return json(200, aliasConfiguration(scope, record, name));
}

function getEventInvokeConfig(store: FunctionStore, scope: LambdaScope, call: RouteCall) {
  const { record, qualifier = '$LATEST' } = resolveCall(store, call);
  const config = record.eventInvokeConfigs[qualifier];
  if (!config)
    throw resourceNotFound(`The function ${record.functionName}:${qualifier} doesn't have an EventInvokeConfig`);
  return json(200, eventInvokeConfig(scope, record.functionName, qualifier, config));
}

/** Answer for everything that no route takes. */
export function unknownRoute(method: string, path: string): Error {
  return notImplemented(`${method} ${path}`);
}
