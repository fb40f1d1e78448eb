import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DataApiModel, Statement } from './data-api-model';
import type { Invocation } from './durable-model';
import type { LambdaModel } from './lambda-model';
import type { Apply, Network } from './network';
import type { Service } from './plan';
import { type S3Model, WORK_BUCKET } from './s3-model';
import type { VirtualTime } from './virtual-time';

export type Input = Readonly<Record<string, unknown>>;
interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Input;
}

/** Changes a request on its way: how a mutant switches off a guard of the function without a switch in the function. */
export type Intercept = (operation: string, input: Input) => Input | { readonly answer: Input };

export interface Services {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly s3: S3Model;
  readonly dataApi: DataApiModel;
  readonly lambda: LambdaModel;
  readonly intercept: Intercept;
  readonly submitted: (invocation: Invocation, statement: Statement) => void;
}

/** Rows a page of GetStatementResult: small, so that paging happens. */
const PAGE = 3;

/** The SDK clients of one invocation. */
export function clientsOf(
  invocation: Invocation,
  services: Services,
): { readonly s3: S3Client; readonly redshiftData: RedshiftDataClient; readonly lambda: LambdaClient } {
  const client = (service: Service): unknown => ({
    send: (command: Command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      const changed = services.intercept(operation, command.input);
      if ('answer' in changed) return services.network.request(invocation, service, operation, reply(changed.answer));
      return services.network.request(invocation, service, operation, (done) =>
        serve(operation, changed, invocation, services)(done),
      );
    },
  });
  return {
    s3: client('s3') as S3Client,
    redshiftData: client('redshift-data') as RedshiftDataClient,
    lambda: client('lambda') as LambdaClient,
  };
}

function reply(value: unknown): Apply {
  return (done) => done(value);
}

function serve(operation: string, input: Input, invocation: Invocation, services: Services): Apply {
  const { s3, dataApi, lambda } = services;
  switch (operation) {
    case 'ListObjectsV2':
      return reply(s3.list(String(input.Bucket), String(input.Prefix), input.ContinuationToken as string | undefined));
    case 'PutObject':
      if (input.Bucket !== WORK_BUCKET) throw new Error(`written outside of the work bucket: ${String(input.Bucket)}`);
      s3.work.set(String(input.Key), String(input.Body));
      return reply({});
    case 'GetObject':
      return reply(s3.get(String(input.Key)));
    case 'BatchExecuteStatement':
    case 'ExecuteStatement': {
      const statement = dataApi.submit(input, invocation.execution.code);
      services.submitted(invocation, statement);
      return whenEnded(statement, input, services, () => ({ Id: statement.id, Status: statement.status }));
    }
    case 'DescribeStatement': {
      const statement = dataApi.statement(String(input.Id));
      return whenEnded(statement, input, services, () => dataApi.describe(statement));
    }
    case 'GetStatementResult':
      return reply(resultPage(dataApi, String(input.Id), Number(input.NextToken ?? 0)));
    case 'CancelStatement':
      return reply(dataApi.cancel(String(input.Id)));
    case 'ListStatements':
      return reply({
        Statements: dataApi
          .list(String(input.StatementName), String(input.Status))
          .map(({ id, name, status, submittedAt }) => ({
            Id: id,
            StatementName: name,
            Status: status,
            CreatedAt: new Date(submittedAt),
          })),
      });
    case 'ListDurableExecutionsByFunction':
      return reply({
        DurableExecutions: lambda
          .running()
          .map(({ arn, startedAt }) => ({ DurableExecutionArn: arn, StartTimestamp: new Date(startedAt) })),
      });
    case 'StopDurableExecution':
      lambda.stop(String(input.DurableExecutionArn));
      return reply({});
    default:
      throw new Error(`the simulation knows no ${operation}`);
  }
}

/** A long poll: answers when the statement has ended or WaitTimeSeconds are over. */
function whenEnded(statement: Statement, input: Input, { time, dataApi }: Services, answer: () => unknown): Apply {
  return (done) => {
    const seconds = Number(input.WaitTimeSeconds ?? 0);
    if (seconds === 0 || !dataApi.running(statement)) return done(answer());
    let answered = false;
    const once = (): void => {
      if (!answered) done(answer());
      answered = true;
    };
    statement.waiting.push(once);
    time.after(seconds * 1000, once);
  };
}

function resultPage(dataApi: DataApiModel, id: string, from: number): Input {
  const rows = dataApi.result(id);
  const labels = Object.keys(rows[0] ?? {});
  return {
    ColumnMetadata: labels.map((label) => ({ label, name: label })),
    Records: rows.slice(from, from + PAGE).map((row) =>
      labels.map((label) => {
        const value = row[label];
        if (value === null || value === undefined) return { isNull: true };
        if (typeof value === 'boolean') return { booleanValue: value };
        return typeof value === 'number' ? { longValue: value } : { stringValue: value };
      }),
    ),
    NextToken: from + PAGE < rows.length ? String(from + PAGE) : '',
  };
}
