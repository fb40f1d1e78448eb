import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  type ColumnMetadata,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type Field,
  paginateGetStatementResult,
  paginateListStatements,
  RedshiftDataClient,
  type RedshiftDataClientConfig,
  type StatusString,
} from '@aws-sdk/client-redshift-data';
import { NotDeployedError, QueryError } from './errors';
import type { Cell, Rows } from './output';

/** What a deployed stack says of itself. */
export interface StackOutputs {
  readonly FunctionAliasArn: string;
  /** Undefined in a stack of an earlier version. */
  readonly LogGroupName?: string;
  /** Of a provisioned warehouse, with the admin as DatabaseUser. */
  readonly ClusterIdentifier?: string;
  /** Of a serverless warehouse, with the admin's secret as AdminSecret. */
  readonly WorkgroupName?: string;
  readonly AdminSecret?: string;
  readonly Database: string;
  readonly DatabaseUser?: string;
  readonly AnalystRoleArn: string;
  readonly AnalystUser: string;
  readonly OperatorRoleArn: string;
  readonly OperatorUser: string;
  readonly WorkBucketName: string;
  readonly SourceBucketName: string;
  readonly ScheduleName: string;
  readonly LastLoadRun: string;
}

/** Where a client finds AWS: the local endpoint with its keys, or nothing for the AWS SDK's own ways. */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: RedshiftDataClientConfig['credentials'];
}

/** The outputs of a stack. @throws NotDeployedError when there is no such stack, or it never got as far as outputs */
export async function stackOutputs(stackName: string, options: ClientOptions): Promise<StackOutputs> {
  const client = new CloudFormationClient(options);
  try {
    const answer = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = answer.Stacks?.[0]?.Outputs ?? [];
    if (outputs.length === 0) {
      throw new NotDeployedError(
        `Stack ${stackName} is ${answer.Stacks?.[0]?.StackStatus} and has no outputs. ${deployFirst(stackName, options)}`,
      );
    }
    return Object.fromEntries(outputs.map((o) => [o.OutputKey, o.OutputValue])) as unknown as StackOutputs;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) {
      throw new NotDeployedError(
        `There is no stack ${stackName}${await placeOf(client)}. ${deployFirst(stackName, options)}`,
        {
          cause: error,
        },
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}

/** Where a stack was looked for; nothing where that is this machine. */
async function placeOf({ config }: CloudFormationClient): Promise<string> {
  return config.endpoint === undefined ? ` in ${await config.region()}` : '';
}

function deployFirst(stackName: string, { endpoint }: ClientOptions): string {
  const environment = stackName.replace(/^Sparkify-/, '');
  const deploy = `sparkify deploy --env ${environment}${endpoint === undefined ? '' : ' --here'}`;
  return `Deploy it first: ${environment === 'local' ? 'npm start' : deploy}`;
}

/** Seconds a call waits for a statement to end before we ask again. */
const LONG_POLL = 20;

function cell(field: Field, column: ColumnMetadata | undefined): Cell {
  if (field.isNull) return null;
  if (field.longValue !== undefined) return field.longValue;
  if (field.doubleValue !== undefined) return field.doubleValue;
  if (field.booleanValue !== undefined) return field.booleanValue;
  const value = field.stringValue ?? '';
  if (column?.typeName === 'numeric') return numeric(value);
  return column?.typeName === 'super' ? (JSON.parse(value) as Cell) : value;
}

/** A number where a double holds every digit of the decimal, else its text. */
function numeric(value: string): number | string {
  const digits = value.replace(/^-?0*|\./g, '').replace(/^0+/, '');
  return digits.length <= 15 ? Number(value) : value;
}

const NUMERIC_TYPES = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'oid']);

/** Runs statements in a deployed warehouse through the Redshift Data API. */
export class WarehouseClient {
  private readonly client: RedshiftDataClient;

  constructor(
    private readonly outputs: StackOutputs,
    options: ClientOptions,
    /** The database user that the credentials stand for; without it the admin. */
    private readonly person?: string,
  ) {
    this.client = new RedshiftDataClient(options);
  }

  close(): void {
    this.client.destroy();
  }

  /**
   * Runs one statement and reads its whole result.
   * @param signal cancels the statement in the warehouse
   * @returns undefined for a statement without a result set
   * @throws QueryError with the warehouse's own words
   */
  async query(sql: string, signal?: AbortSignal): Promise<Rows | undefined> {
    const started = await this.client.send(
      new ExecuteStatementCommand({
        ...this.target(),
        Sql: sql,
        StatementName: 'sparkify-query',
        WaitTimeSeconds: 1,
      }),
    );
    const id = started.Id ?? '';
    const cancel = () => void this.client.send(new CancelStatementCommand({ Id: id })).catch(() => undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return (await this.finished(id)) ? await this.result(id) : undefined;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Clusters take a user's name; workgroups know people by their IAM role, and the admin by its secret. */
  private target() {
    const { ClusterIdentifier, WorkgroupName, AdminSecret, Database, DatabaseUser } = this.outputs;
    if (WorkgroupName === undefined) return { ClusterIdentifier, Database, DbUser: this.person ?? DatabaseUser };
    return { WorkgroupName, Database, ...(this.person === undefined && { SecretArn: AdminSecret }) };
  }

  /** Runs queries as one transaction, at most 40, so that their numbers fit each other. @throws QueryError */
  async queryAll(sqls: readonly string[]): Promise<readonly Rows[]> {
    const started = await this.client.send(
      new BatchExecuteStatementCommand({
        ...this.target(),
        Sqls: [...sqls],
        StatementName: 'sparkify-report',
      }),
    );
    const id = started.Id ?? '';
    await this.finished(id);
    return Promise.all(sqls.map((_sql, index) => this.result(`${id}:${index + 1}`)));
  }

  /** Waits for the end; true when there is a result set. */
  private async finished(id: string): Promise<boolean> {
    for (;;) {
      const now = await this.client.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds: LONG_POLL }));
      if (now.Status === 'FINISHED') return now.HasResultSet === true;
      if (now.Status === 'FAILED') throw new QueryError(now.Error ?? 'The statement failed without a reason.');
      if (now.Status === 'ABORTED') throw new QueryError('The statement was cancelled; its changes are rolled back.');
    }
  }

  private async result(id: string): Promise<Rows> {
    let metadata: readonly ColumnMetadata[] = [];
    const rows: Cell[][] = [];
    for await (const page of paginateGetStatementResult({ client: this.client }, { Id: id })) {
      metadata = page.ColumnMetadata ?? metadata;
      for (const record of page.Records ?? []) rows.push(record.map((field, index) => cell(field, metadata[index])));
    }
    const columns = metadata.map((column) => ({
      name: column.label ?? column.name ?? '',
      numeric: NUMERIC_TYPES.has(column.typeName ?? ''),
    }));
    return { columns, rows };
  }

  /**
   * Cancels the statements that have not ended and that who asks may see: the Data API shows everybody their own, and an
   * account's administrator here all of them.
   * @param prefix what their names begin with
   * @returns how many
   */
  async cancelStatements(prefix: string, isOne: (name: string) => boolean): Promise<number> {
    const { ClusterIdentifier, WorkgroupName, Database } = this.outputs;
    let cancelled = 0;
    for (const Status of ['SUBMITTED', 'PICKED', 'STARTED'] as const satisfies readonly StatusString[]) {
      const request = { StatementName: prefix, Status, ClusterIdentifier, WorkgroupName, Database };
      for await (const { Statements = [] } of paginateListStatements({ client: this.client }, request)) {
        for (const { Id, StatementName = '' } of Statements.filter((each) => isOne(each.StatementName ?? ''))) {
          const { Status: done } = await this.client.send(new CancelStatementCommand({ Id }));
          if (done === true && StatementName !== '') cancelled += 1;
        }
      }
    }
    return cancelled;
  }

  /** Runs a query and gives its rows as objects. @throws QueryError */
  async objects<T>(sql: string): Promise<readonly T[]> {
    const result = await this.query(sql);
    return result === undefined ? [] : asObjects<T>(result);
  }
}

/** Each row by the names of its columns. */
export function asObjects<T>({ columns, rows }: Rows): readonly T[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])) as T);
}
