/** A function's configuration as AWS::Lambda::Function gives it, intrinsics resolved. */
export interface FunctionConfiguration {
  readonly functionName: string;
  readonly roleArn: string;
  readonly handler: string;
  readonly runtime: string;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: { readonly bucket: string; readonly key: string };
  readonly deadLetterQueueArn?: string;
  readonly logGroupName?: string;
  /** Whether Lambda traces invocations; left out: it does not by itself. */
  readonly tracing?: 'Active' | 'PassThrough';
  /** Present for a durable function; seconds and days. */
  readonly durable?: { readonly executionTimeout: number; readonly retentionPeriodInDays: number };
}

/** What CloudFormation and Scheduler ask of the local Lambda service. All names are of one account and region. */
export interface LambdaControl {
  /** @returns the function's ARN @throws AwsError ResourceConflictException when the name is taken */
  createFunction(configuration: FunctionConfiguration): Promise<string>;
  updateFunction(configuration: FunctionConfiguration): Promise<void>;
  /** What `$LATEST` is now; undefined when there is no such function. */
  describeFunction(functionName: string): FunctionConfiguration | undefined;
  /** Waits for running durable executions to be stopped or to end, as Lambda does. */
  deleteFunction(functionName: string): Promise<void>;
  /** Freezes code and configuration. @returns the version number, starting at 1 */
  publishVersion(functionName: string): Promise<string>;
  deleteVersion(functionName: string, version: string): Promise<void>;
  /** Creates the alias or moves it. @returns its ARN */
  putAlias(functionName: string, alias: string, version: string): Promise<string>;
  deleteAlias(functionName: string, alias: string): Promise<void>;
  /** Retries and age limit for asynchronous invocations of one qualifier. */
  putEventInvokeConfig(
    functionName: string,
    qualifier: string,
    config: { readonly maximumRetryAttempts?: number; readonly maximumEventAgeInSeconds?: number },
  ): Promise<void>;
  deleteEventInvokeConfig(functionName: string, qualifier: string): Promise<void>;
  /**
   * Queues an event (InvocationType Event): returns when it is stored, runs it later, retries it on error and
   * sends it to the dead-letter queue in the end. A durable function needs a qualified ARN.
   * @returns the durable execution's ARN for a durable function
   * @throws AwsError ResourceNotFoundException, InvalidParameterValueException
   */
  invokeAsync(functionArn: string, payload: string): Promise<{ readonly durableExecutionArn?: string }>;
}
