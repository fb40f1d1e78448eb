import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { ObjectStore } from '../s3/object-store';
import type { LambdaAccess } from './access';
import { functionArn, type LambdaScope } from './arns';
import { type CodePackage, unpackCode } from './code-package';
import { checkConfiguration } from './configuration-rules';
import { functionNotFound, invalidParameter, resourceConflict } from './errors';
import type { FunctionVersion } from './function-record';
import type { FunctionStore } from './function-store';
import type { FunctionConfiguration, LambdaControl } from './lambda-control';

export interface FunctionManagerOptions extends LambdaScope {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly objects: ObjectStore;
  readonly access?: LambdaAccess;
}

type EventInvokeSettings = Parameters<LambdaControl['putEventInvokeConfig']>[2];

/** Creates and changes functions, versions and aliases. Knows nothing of running them. */
export class FunctionManager {
  constructor(
    private readonly store: FunctionStore,
    private readonly options: FunctionManagerOptions,
  ) {}

  async create(configuration: FunctionConfiguration): Promise<string> {
    checkConfiguration(configuration, this.options.access);
    const { functionName } = configuration;
    if (this.store.find(functionName)) throw resourceConflict(`Function already exist: ${functionName}`);
    const code = await this.fetchCode(configuration);
    if (this.store.find(functionName)) throw resourceConflict(`Function already exist: ${functionName}`);
    this.store.save({
      functionName,
      latest: this.version('$LATEST', configuration, code),
      versions: {},
      nextVersion: 1,
      aliases: {},
      eventInvokeConfigs: {},
    });
    return functionArn(this.options, functionName);
  }

  async update(configuration: FunctionConfiguration): Promise<void> {
    const before = this.store.get(configuration.functionName);
    checkConfiguration(configuration, this.options.access);
    if (!before.latest.configuration.durable !== !configuration.durable) {
      throw invalidParameter('DurableConfig can be set only when a function is created: replace the function.');
    }
    const code = await this.fetchCode(configuration);
    const record = this.store.get(configuration.functionName);
    this.store.save({ ...record, latest: this.version('$LATEST', configuration, code) });
  }

  /** As PublishVersion does, gives the last version again when neither code nor configuration changed since. */
  publish(functionName: string): string {
    const record = this.store.get(functionName);
    const last = record.versions[String(record.nextVersion - 1)];
    if (last && sameVersion(last, record.latest)) return last.version;
    const version = String(record.nextVersion);
    const frozen: FunctionVersion = { ...record.latest, version, revisionId: this.options.ids.uuid() };
    this.store.save({
      ...record,
      versions: { ...record.versions, [version]: frozen },
      nextVersion: record.nextVersion + 1,
    });
    return version;
  }

  deleteVersion(functionName: string, version: string): void {
    const record = this.store.find(functionName);
    if (!record?.versions[version]) return;
    const alias = Object.entries(record.aliases).find(([, target]) => target.version === version)?.[0];
    if (alias) throw resourceConflict(`Unable to delete version: version ${version} is referenced by alias ${alias}`);
    this.store.save({ ...record, versions: without(record.versions, version) });
  }

  putAlias(functionName: string, alias: string, version: string): string {
    if (!/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/.test(alias)) throw invalidParameter(`'${alias}' is not an alias name`);
    const record = this.store.get(functionName);
    if (version !== '$LATEST' && !record.versions[version]) {
      throw functionNotFound(functionArn(this.options, functionName, version));
    }
    const target = { version, revisionId: this.options.ids.uuid() };
    this.store.save({ ...record, aliases: { ...record.aliases, [alias]: target } });
    return functionArn(this.options, functionName, alias);
  }

  deleteAlias(functionName: string, alias: string): void {
    const record = this.store.find(functionName);
    if (!record) return;
    this.store.save({
      ...record,
      aliases: without(record.aliases, alias),
      eventInvokeConfigs: without(record.eventInvokeConfigs, alias),
    });
  }

  putEventInvokeConfig(functionName: string, qualifier: string, config: EventInvokeSettings): void {
    const { record } = this.store.resolve(functionName, qualifier);
    checkEventInvokeConfig(config);
    const entry = { ...config, lastModified: this.options.clock.now() };
    this.store.save({ ...record, eventInvokeConfigs: { ...record.eventInvokeConfigs, [qualifier]: entry } });
  }

  deleteEventInvokeConfig(functionName: string, qualifier: string): void {
    const record = this.store.find(functionName);
    if (!record) return;
    this.store.save({ ...record, eventInvokeConfigs: without(record.eventInvokeConfigs, qualifier) });
  }

  private version(version: string, configuration: FunctionConfiguration, code: CodePackage): FunctionVersion {
    const { clock, ids } = this.options;
    return { version, configuration, ...code, lastModified: clock.now(), revisionId: ids.uuid() };
  }

  private async fetchCode(configuration: FunctionConfiguration): Promise<CodePackage> {
    const { bucket, key } = configuration.code;
    return unpackCode(this.store.codeRoot(configuration.functionName), await this.readObject(bucket, key));
  }

  private async readObject(bucket: string, key: string): Promise<Buffer> {
    try {
      return await this.options.objects.read(bucket, key);
    } catch (error) {
      const code = error instanceof AwsError ? error.code : error instanceof Error ? error.name : 'UnknownError';
      const text = error instanceof Error ? error.message : String(error);
      throw invalidParameter(
        `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${text} (s3://${bucket}/${key})`,
      );
    }
  }
}

function sameVersion(a: FunctionVersion, b: FunctionVersion): boolean {
  const { code: _a, ...first } = a.configuration;
  const { code: _b, ...second } = b.configuration;
  return a.codeSha256 === b.codeSha256 && isDeepStrictEqual(first, second);
}

function checkEventInvokeConfig({
  maximumRetryAttempts: attempts,
  maximumEventAgeInSeconds: age,
}: EventInvokeSettings) {
  if (attempts !== undefined && (attempts < 0 || attempts > 2)) {
    throw invalidParameter(`MaximumRetryAttempts must be from 0 to 2, not ${attempts}`);
  }
  if (age !== undefined && (age < 60 || age > 21_600)) {
    throw invalidParameter(`MaximumEventAgeInSeconds must be from 60 to 21600, not ${age}`);
  }
}

function without<T>(entries: Readonly<Record<string, T>>, name: string): Record<string, T> {
  const { [name]: _gone, ...rest } = entries;
  return rest;
}
