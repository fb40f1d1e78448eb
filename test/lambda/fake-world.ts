import { join } from 'node:path';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Field, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Outcome } from '../../lambda/cloudformation';
import type { World } from '../../lambda/handler';
import { taggedFile } from '../../statements/render';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}
type Cell = string | number | null;
type Table = readonly Readonly<Record<string, Cell>>[];

interface Statement {
  readonly id: string;
  readonly sqls: readonly string[];
  readonly name: string;
  /** The database user it runs as. */
  readonly user?: unknown;
  readonly token: string;
  readonly parameters: unknown;
  readonly createdAt: number;
  /** FINISHED or FAILED, by its files, where it is not said here. */
  status?: 'STARTED' | 'FINISHED' | 'ABORTED';
}

/** An AWS that answers by script: results by the SQL file that asks for them, one file that fails, one error a call. */
export class FakeWorld {
  now = 1_540_900_800_000;
  readonly statements: Statement[] = [];
  readonly objects = new Map<string, string>();
  readonly answers: Outcome[] = [];
  readonly log: string[] = [];
  readonly calls: string[] = [];
  /** Rows by file, for example `run/compare/060_totals.sql`. */
  results: Record<string, Table> = {
    'run/prepare/030_applied.sql': [],
    'run/prepare/040_admitted.sql': [{ admitted: 3 }],
    'run/compare/030_generation.sql': [{ generation: 0 }],
    'run/compare/060_totals.sql': [{ new_files: 2, changed_files: 0, vanished_files: 0 }],
    'run/finish/050_counts.sql': [{ songplays: 3, users: 2 }],
    'run/idle/030_counts.sql': [{ songplays: 3, users: 2 }],
  };
  fails: { file: string; error: string } | undefined;
  sources: Record<string, readonly string[]> = { 'song_data/': ['song_data/1.json'], 'log_data/': ['log_data/1.json'] };
  /** Thrown by the next call of that operation. */
  readonly trouble = new Map<string, Error[]>();
  /** Thrown after the next call of that operation that has done its work and for which `of` says yes. */
  readonly lostAnswers = new Map<
    string,
    { readonly error: Error; readonly of: (input: Command['input']) => boolean }
  >();
  /** Statements of this step go on until they are cancelled, and on if `deaf`. */
  endless: string | undefined;
  deaf = false;
  /** How long a call takes that starts a statement, in milliseconds. */
  slowness = 0;

  world(environment: Readonly<Record<string, string | undefined>>): World {
    return {
      environment,
      sqlRoot: join(__dirname, '..', '..', 'sql'),
      now: () => this.now,
      write: (line) => this.log.push(line),
      respond: async (_request, outcome) => {
        this.answers.push(outcome);
      },
      lambda: () => this.client() as unknown as LambdaClient,
      redshiftData: () => this.client() as unknown as RedshiftDataClient,
      s3: () => this.client() as unknown as S3Client,
    };
  }

  /** Runs each wait and step to its end, through JSON as the durable execution keeps it. */
  context(): DurableContext {
    const waitForCondition = async <T>(
      _name: string,
      check: (state: T) => Promise<T>,
      config: {
        initialState: T;
        waitStrategy: (state: T, attempt: number) => { shouldContinue: boolean; delay?: { seconds: number } };
      },
    ): Promise<T> => {
      let state = config.initialState;
      for (let attempt = 1; ; attempt += 1) {
        state = JSON.parse(JSON.stringify(await check(state))) as T;
        const next = config.waitStrategy(state, attempt);
        if (!next.shouldContinue) return state;
        this.now += (next.delay?.seconds ?? 0) * 1000;
      }
    };
    const step = async <T>(_name: string, work: () => Promise<T>): Promise<T> => work();
    const executionContext = {
      durableExecutionArn: 'arn:aws:lambda:us-west-2:000000000000:function:etl:1/durable-execution/own/1',
    };
    return { waitForCondition, step, executionContext } as unknown as DurableContext;
  }

  /** The files of the last statement whose name ends so. */
  filesOf(step: string): readonly (string | undefined)[] {
    return (this.statements.findLast(({ name }) => name.endsWith(`-${step}`))?.sqls ?? []).map(taggedFile);
  }

  private client(): { send: (command: Command) => Promise<unknown> } {
    return { send: async (command) => this.send(command) };
  }

  private send(command: Command): unknown {
    const { input } = command;
    const operation = command.constructor.name.replace(/Command$/, '');
    this.calls.push(operation);
    const error = this.trouble.get(operation)?.shift();
    if (error !== undefined) throw error;
    const answer = this.serve(operation, input);
    const lost = this.lostAnswers.get(operation);
    if (lost?.of(input) === true) throw lost.error;
    return answer;
  }

  private serve(operation: string, input: Command['input']): unknown {
    switch (operation) {
      case 'ListObjectsV2':
        return {
          Contents: (this.sources[String(input.Prefix)] ?? []).map((Key) => ({ Key, ETag: '"e1"', Size: 5 })),
          IsTruncated: false,
        };
      case 'PutObject':
        this.objects.set(String(input.Key), String(input.Body));
        return {};
      case 'GetObject': {
        const body = this.objects.get(String(input.Key));
        if (body === undefined) throw Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });
        return { Body: { transformToString: async () => body } };
      }
      case 'BatchExecuteStatement':
        return this.start(input.Sqls as string[], input);
      case 'ExecuteStatement':
        return this.start([String(input.Sql)], input);
      case 'DescribeStatement':
        return this.describe(this.statement(String(input.Id)));
      case 'GetStatementResult':
        return this.result(String(input.Id));
      case 'ListStatements':
        return { Statements: this.list(String(input.StatementName), String(input.Status)) };
      case 'CancelStatement': {
        const statement = this.statements.find(({ id }) => id === input.Id);
        if (statement?.status === 'STARTED' && !this.deaf) statement.status = 'ABORTED';
        return {};
      }
      case 'ListDurableExecutionsByFunction':
        return { DurableExecutions: [{ DurableExecutionArn: 'other' }] };
      default:
        return {};
    }
  }

  private start(sqls: readonly string[], input: Readonly<Record<string, unknown>>): unknown {
    const token = String(input.ClientToken);
    const known = this.statements.find((statement) => statement.token === token);
    const id = known?.id ?? `s${this.statements.length + 1}`;
    if (known === undefined) {
      const name = String(input.StatementName);
      const status = this.endless !== undefined && name.endsWith(`-${this.endless}`) ? 'STARTED' : undefined;
      const { DbUser: user, Parameters: parameters } = input;
      this.statements.push({ id, sqls, name, user, token, parameters, createdAt: this.now, status });
      this.now += this.slowness;
    }
    return { Id: id, Status: this.statement(id).status ?? 'FINISHED' };
  }

  private list(prefix: string, status: string): readonly unknown[] {
    if (status !== 'ALL') return status === 'STARTED' ? [{ Id: 'running-1' }] : [];
    return this.statements
      .filter(({ name }) => name.startsWith(prefix))
      .map((statement) => ({
        ...(this.describe(statement) as object),
        StatementName: statement.name,
        CreatedAt: new Date(statement.createdAt),
      }));
  }

  private statement(id: string): Statement {
    const found = this.statements.find((statement) => statement.id === id);
    if (found === undefined) throw new Error(`no statement ${id}`);
    return found;
  }

  private describe({ id, sqls, status }: Statement): unknown {
    if (status === 'STARTED' || status === 'ABORTED') return { Id: id, Status: status };
    const failing = sqls.findIndex((sql) => taggedFile(sql) === this.fails?.file);
    const parts = sqls.map((sql, index) => ({
      Id: `${id}:${index + 1}`,
      QueryString: sql,
      Status: failing < 0 || index < failing ? 'FINISHED' : index === failing ? 'FAILED' : 'ABORTED',
      Error: index === failing ? `ERROR: ${this.fails?.error}` : undefined,
      Duration: 1_000_000,
      RedshiftQueryId: 100 + index,
    }));
    return failing < 0
      ? { Id: id, Status: 'FINISHED', Duration: 2_000_000, SubStatements: parts }
      : { Id: id, Status: 'FAILED', Error: `Query #${failing + 1} failed with ERROR: x`, SubStatements: parts };
  }

  private result(id: string): unknown {
    const [statementId = '', part = '1'] = id.split(':');
    const file = taggedFile(this.statement(statementId).sqls[Number(part) - 1] ?? '') ?? '';
    const rows = this.results[file] ?? [];
    const labels = Object.keys(rows[0] ?? {});
    const field = (value: Cell | undefined): Field =>
      value === null || value === undefined
        ? { isNull: true }
        : typeof value === 'number'
          ? { longValue: value }
          : { stringValue: value };
    return {
      ColumnMetadata: labels.map((label) => ({ label, name: label })),
      Records: rows.map((row) => labels.map((label) => field(row[label]))),
    };
  }
}
