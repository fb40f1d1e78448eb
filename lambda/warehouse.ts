import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  ListStatementsCommand,
  type RedshiftDataClient,
  type StatusString,
  type SubStatementData,
} from '@aws-sdk/client-redshift-data';
import { taggedFile } from '../statements/render';
import { WarehouseError } from './errors';

export type StatementStatus = 'running' | 'finished' | 'failed' | 'aborted';

/** One statement of a batch. */
export interface PartReport {
  readonly id: string;
  /** The file that its tag names. */
  readonly file?: string;
  readonly status: StatementStatus;
  readonly milliseconds: number;
  /** Number in SYS_QUERY_HISTORY, absent before it ran. */
  readonly queryId?: number;
  readonly hasResult: boolean;
  /** Without `ERROR: `. */
  readonly error?: string;
}

export interface StatementReport {
  readonly id: string;
  readonly status: StatementStatus;
  readonly error?: string;
  readonly milliseconds: number;
  readonly parts: readonly PartReport[];
}

/** One element of a list of statements. */
export interface ListedStatement {
  readonly id: string;
  readonly name?: string;
  readonly status: StatementStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** As whom a statement runs: who makes schemas, tables and grants, or who loads. */
export type Identity = 'admin' | 'loader';

/** Where statements run, and as whom: what calls of the Data API take. */
export interface Target {
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
  readonly Database: string;
  readonly DbUser?: string;
  readonly SecretArn?: string;
}

export interface BatchRequest {
  readonly as: Identity;
  /** `sparkify-<environment>-<run>-<step>`: by its beginning statements are found again. */
  readonly name: string;
  /** Same token, same statement: at most 64 characters, kept for 8 hours. */
  readonly token: string;
  readonly sqls: readonly string[];
  readonly mode: 'TRANSACTION' | 'AUTO_COMMIT';
}

/** Seconds that a call may wait for its statement; the service allows 30. */
const WAIT_SECONDS = 20;

/**
 * The Redshift Data API for one cluster or workgroup and its database, with temporary credentials of the user that a statement runs as.
 * Whoever that is, the caller's IAM role owns the statement, finds it by its name and cancels it. Every call may throw
 * what the SDK throws; see errors.ts.
 */
export class Warehouse {
  constructor(
    private readonly client: RedshiftDataClient,
    private readonly targetOf: (identity: Identity) => Target,
  ) {}

  /** Starts a batch, waits for it a while. @returns its id and how far it is */
  async submit(request: BatchRequest): Promise<{ readonly id: string; readonly ended: boolean }> {
    const reply = await this.client.send(
      new BatchExecuteStatementCommand({
        ...this.targetOf(request.as),
        Sqls: [...request.sqls],
        StatementName: request.name,
        ClientToken: request.token,
        ExecutionMode: request.mode,
        WaitTimeSeconds: WAIT_SECONDS,
      }),
    );
    return { id: required(reply.Id, 'BatchExecuteStatement'), ended: statusOf(reply.Status) !== 'running' };
  }

  /** Starts one statement with parameters, waits for it a while. */
  async execute(
    request: Pick<BatchRequest, 'as' | 'name' | 'token'> & {
      readonly sql: string;
      readonly parameters?: Readonly<Record<string, string>>;
    },
  ): Promise<{ readonly id: string; readonly ended: boolean }> {
    const parameters = Object.entries(request.parameters ?? {}).map(([name, value]) => ({ name, value }));
    const reply = await this.client.send(
      new ExecuteStatementCommand({
        ...this.targetOf(request.as),
        Sql: request.sql,
        StatementName: request.name,
        ClientToken: request.token,
        WaitTimeSeconds: WAIT_SECONDS,
        ...(parameters.length > 0 ? { Parameters: parameters } : {}),
      }),
    );
    return { id: required(reply.Id, 'ExecuteStatement'), ended: statusOf(reply.Status) !== 'running' };
  }

  /** @param wait false answers at once */
  async describe(id: string, wait: boolean): Promise<StatementReport> {
    const reply = await this.client.send(
      new DescribeStatementCommand({ Id: id, ...(wait ? { WaitTimeSeconds: WAIT_SECONDS } : {}) }),
    );
    return reportOf(id, reply);
  }

  /** The rows of a statement (for a batch: of one part), page by page. */
  async *rows(id: string): AsyncGenerator<Row> {
    let token: string | undefined;
    do {
      const page = await this.client.send(new GetStatementResultCommand({ Id: id, NextToken: token }));
      const labels = (page.ColumnMetadata ?? []).map((column) => column.label ?? column.name ?? '');
      for (const record of page.Records ?? [])
        yield Object.fromEntries(labels.map((label, index) => [label, fieldValue(record[index])]));
      token = page.NextToken;
    } while (token !== undefined && token !== '');
  }

  async allRows(id: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for await (const row of this.rows(id)) rows.push(row);
    return rows;
  }

  /** Asks for a statement to be cancelled; one that has ended meanwhile is no error. */
  async cancel(id: string): Promise<void> {
    try {
      await this.client.send(new CancelStatementCommand({ Id: id }));
    } catch (error) {
      if (!/already in \w+ state|is not running/i.test(String((error as Error).message))) throw error;
    }
  }

  /** Cancels every statement that has not ended and whose name begins so. @returns how many */
  async cancelAll(prefix: string): Promise<number> {
    let cancelled = 0;
    for (const Status of ['SUBMITTED', 'PICKED', 'STARTED'] as const satisfies readonly StatusString[])
      for (const { id } of await this.list(prefix, Status)) {
        await this.cancel(id);
        cancelled += 1;
      }
    return cancelled;
  }

  /** The statements of the last 24 hours whose name begins so. */
  async list(prefix: string, Status: StatusString): Promise<readonly ListedStatement[]> {
    const { ClusterIdentifier, WorkgroupName, Database } = this.targetOf('loader');
    const found: ListedStatement[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListStatementsCommand({
          StatementName: prefix,
          Status,
          ClusterIdentifier,
          WorkgroupName,
          Database,
          NextToken: token,
        }),
      );
      for (const { Id, StatementName, Status: status, CreatedAt } of page.Statements ?? [])
        if (Id !== undefined)
          found.push({ id: Id, name: StatementName, status: statusOf(status), createdAt: CreatedAt?.getTime() });
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  }
}

function required(id: string | undefined, operation: string): string {
  if (id === undefined) throw new WarehouseError(`${operation} gave no statement id`, 'Try again.');
  return id;
}

function statusOf(status: string | undefined): StatementStatus {
  if (status === 'FINISHED') return 'finished';
  if (status === 'FAILED') return 'failed';
  return status === 'ABORTED' ? 'aborted' : 'running';
}

function reportOf(id: string, reply: DescribeStatementCommandOutput): StatementReport {
  return {
    id,
    status: statusOf(reply.Status),
    error: plainError(reply.Error),
    milliseconds: milliseconds(reply.Duration),
    // A statement by itself is its own only part.
    parts: (reply.SubStatements ?? [reply]).map(partOf),
  };
}

function partOf(part: SubStatementData | DescribeStatementCommandOutput): PartReport {
  return {
    id: part.Id ?? '',
    file: taggedFile(part.QueryString ?? ''),
    status: statusOf(part.Status),
    milliseconds: milliseconds(part.Duration),
    queryId: part.RedshiftQueryId !== undefined && part.RedshiftQueryId > 0 ? part.RedshiftQueryId : undefined,
    hasResult: part.HasResultSet === true,
    error: plainError(part.Error),
  };
}

/** Duration is in nanoseconds, -1 where there is none. */
function milliseconds(duration: number | undefined): number {
  return duration === undefined || duration < 0 ? 0 : duration / 1e6;
}

function plainError(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text.replace(/^ERROR:\s*/, '').trim();
}

function fieldValue(field: Field | undefined): string | number | boolean | null {
  if (field === undefined || field.isNull === true) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
