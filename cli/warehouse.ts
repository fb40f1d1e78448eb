import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  paginateListStatements,
  RedshiftDataClient,
  type RedshiftDataClientConfig,
  type StatusString,
} from '@aws-sdk/client-redshift-data';
import { NotDeployedError } from './errors';
import type { Rows } from './output';
import { ended, resultPages, StatementSession, wholeResult } from './shell/statement-session';

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
   * @returns undefined for a statement without a result set
   * @throws QueryError with the warehouse's own words
   */
  async query(sql: string): Promise<Rows | undefined> {
    const { pages } = await this.session().run(sql);
    return pages === undefined ? undefined : wholeResult(pages);
  }

  /** Statement after statement. @param keepAliveSeconds they share one database session, which lives on that long */
  session(keepAliveSeconds?: number): StatementSession {
    return new StatementSession(this.client, this.target(), keepAliveSeconds);
  }

  /** Clusters take a user's name; workgroups know people by their IAM role, and the admin by its secret. */
  private target() {
    const { ClusterIdentifier, WorkgroupName, AdminSecret, Database, DatabaseUser } = this.outputs;
    if (WorkgroupName === undefined) return { ClusterIdentifier, Database, DbUser: this.person ?? DatabaseUser };
    return { WorkgroupName, Database, ...(this.person === undefined && { SecretArn: AdminSecret }) };
  }

  /** Runs queries as one transaction, at most 40, so that their numbers fit each other. @throws QueryError */
  async queryAll(sqls: readonly string[]): Promise<readonly Rows[]> {
    const results = await this.batch(sqls);
    return results.map((rows) => rows ?? { columns: [], rows: [] });
  }

  /** Runs statements in one session and one transaction, at most 40. @returns undefined for one without a result set */
  async batch(sqls: readonly string[]): Promise<readonly (Rows | undefined)[]> {
    const started = await this.client.send(
      new BatchExecuteStatementCommand({
        ...this.target(),
        Sqls: [...sqls],
        StatementName: 'sparkify-report',
      }),
    );
    const end = await ended(this.client, started.Id ?? '');
    return Promise.all(
      (end.SubStatements ?? []).map(({ Id = '', HasResultSet }) =>
        HasResultSet === true ? wholeResult(resultPages(this.client, Id)) : undefined,
      ),
    );
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
        for (const { Id } of Statements.filter((each) => isOne(each.StatementName ?? ''))) {
          const { Status: done } = await this.client.send(new CancelStatementCommand({ Id }));
          if (done === true) cancelled += 1;
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
