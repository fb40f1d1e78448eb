import type { Readable } from 'node:stream';

/** Who makes a call, as told by the access key the request was signed with. */
export interface Principal {
  /** For example `arn:aws:iam::000000000000:user/operator` or an assumed role's session ARN. */
  readonly arn: string;
  readonly account: string;
  /** `AROA...:session` or `AIDA...`: the value of `aws:userid`. */
  readonly userId: string;
  /** The role's own ARN when the principal is a role session. */
  readonly roleArn?: string;
}

/** One request to the local endpoint, after authentication. */
export interface AwsRequest {
  readonly method: string;
  /** Path as sent, percent-encoded, without the query string. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly principal: Principal;
  readonly region: string;
  /** SigV4 signing name: s3, cloudformation, sts, ssm, lambda, redshift-data, scheduler ... */
  readonly service: string;
  readonly requestId: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | Readable;
}

/** One AWS service on the local endpoint. */
export interface AwsService {
  /** SigV4 signing name under which requests reach it. */
  readonly signingName: string;
  /** Names of what it can do, where its protocol has names. */
  readonly operations?: readonly string[];
  handle(request: AwsRequest): Promise<AwsResponse>;
}

/** An error the caller gets in the service's own protocol: code, text and status as AWS has them. */
export class AwsError extends Error {
  override readonly name: string = 'AwsError';
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error's shape, for example ResourceId. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
