import type { FunctionConfiguration } from './lambda-control';

/** One version of a function: `$LATEST`, or a number once published and then never changed. */
export interface FunctionVersion {
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  /** Base64, as Lambda shows it. */
  readonly codeSha256: string;
  /** Bytes of the zip file. */
  readonly codeSize: number;
  /** Folder with the unzipped code. */
  readonly codeFolder: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly revisionId: string;
}

export interface AliasRecord {
  readonly version: string;
  readonly revisionId: string;
}

/** Settings for asynchronous invocations through one qualifier. */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
  readonly lastModified: number;
}

/** All that is kept of one function, as it stands on disk. */
export interface FunctionRecord {
  readonly functionName: string;
  readonly latest: FunctionVersion;
  /** By version number. */
  readonly versions: Readonly<Record<string, FunctionVersion>>;
  /** Numbers are never used twice, deleted ones neither. */
  readonly nextVersion: number;
  readonly aliases: Readonly<Record<string, AliasRecord>>;
  /** By qualifier. */
  readonly eventInvokeConfigs: Readonly<Record<string, EventInvokeConfig>>;
}

/** A version found by what the caller asked for. */
export interface ResolvedFunction {
  readonly record: FunctionRecord;
  readonly version: FunctionVersion;
  /** Undefined when the caller gave none. */
  readonly qualifier: string | undefined;
}
