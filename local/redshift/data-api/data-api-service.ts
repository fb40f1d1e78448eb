import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from '../../aws/service';
import type { Clock, Ids } from '../../clock';
import type { DataApiAccess } from './access';
import { DataApi } from './data-api';
import { validation } from './data-api-errors';
import type { WarehouseEndpoints } from './endpoint';
import { MetadataApi } from './metadata-api';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

export interface DataApiOptions {
  readonly warehouses: WarehouseEndpoints;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Statements and results are kept here. */
  readonly folder: string;
  /** Without it everybody may do everything. */
  readonly access?: DataApiAccess;
}

/** An operation's answer: members, or JSON text where it was written by hand. */
export type Operation = (members: Readonly<Record<string, unknown>>, request: AwsRequest) => Promise<object | string>;

/**
 * The Redshift Data API over the local clusters (AWS JSON 1.1, `X-Amz-Target: RedshiftData.<Operation>`).
 * Source: the service's API model and the Management Guide, "Using the Amazon Redshift Data API".
 */
export function createDataApiService(options: DataApiOptions): AwsService & { close(): Promise<void> } {
  const statements = new DataApi(options);
  const operations: Readonly<Record<string, Operation>> = {
    ...statements.operations(),
    ...new MetadataApi(options.warehouses, options.access).operations(),
  };
  return {
    signingName: 'redshift-data',
    handle: (request) => handle(request, operations),
    close: () => statements.close(),
  };
}

async function handle(request: AwsRequest, operations: Readonly<Record<string, Operation>>): Promise<AwsResponse> {
  const target = request.headers['x-amz-target'] ?? '';
  const name = /^RedshiftData\.(\w+)$/.exec(target)?.[1] ?? '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) {
    throw new AwsError('UnknownOperationException', `The Redshift Data API has no operation '${target}'.`);
  }
  const answer = await operation(membersOf(request.body), request);
  return {
    status: 200,
    headers: { 'content-type': CONTENT_TYPE },
    body: typeof answer === 'string' ? answer : JSON.stringify(answer),
  };
}

function membersOf(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) {
    return {};
  }
  let members: unknown;
  try {
    members = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new AwsError('SerializationException', `The request body is not JSON: ${(cause as Error).message}`);
  }
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw validation('The request body must be a JSON object.');
  }
  return members as Record<string, unknown>;
}
