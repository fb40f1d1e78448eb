import type { AwsRequest, Principal } from '../../aws/service';
import type { Clock, Ids } from '../../clock';
import type { DataApiAccess } from './access';
import {
  noResult,
  notFound,
  tooManySessions,
  tooManyStatements,
  unknownStatement,
  validation,
} from './data-api-errors';
import { describedMembers, describedPart, listedMembers, seconds, submittedMembers } from './describe';
import { endpointMembers, type WarehouseEndpoints, workgroupEndpoint } from './endpoint';
import { Input } from './input';
import { decodeToken, encodeToken, pageOf } from './metadata-api';
import { readIndex, readPage } from './result-file';
import { type KeptSession, SessionPool } from './sessions';
import { isFinal, newExecution, STATUSES, type StatementRecord } from './statement';
import { placeholders, StatementRunner } from './statement-runner';
import { StatementStore } from './statement-store';
import { readTarget, resolveTarget, type Target } from './target';
import { Waiting } from './waiting';

type Members = Readonly<Record<string, unknown>>;

/** Limits of the service. Source: Management Guide, "Quotas"; the API model. */
const STATEMENT_BYTES = 100 * 1024;
const BATCH_LENGTH = 40;
const ACTIVE_STATEMENTS = 500;
const OPEN_SESSIONS = 500;
const LONGEST_KEEP_ALIVE = 86_400;
const LONGEST_WAIT = 30;
const LIST_PAGE = 100;

const ID_PATTERN = /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d+)?$/;

export interface DataApiParts {
  readonly warehouses: WarehouseEndpoints;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly folder: string;
  /** Without it everybody may do everything. */
  readonly access?: DataApiAccess;
}

/** The statement, result and session operations. */
export class DataApi {
  private readonly store: StatementStore;
  private readonly sessions: SessionPool;
  private readonly runner: StatementRunner;
  private readonly waiting: Waiting;

  constructor(private readonly parts: DataApiParts) {
    this.store = new StatementStore(parts.folder, parts.clock);
    this.sessions = new SessionPool(parts.clock);
    this.runner = new StatementRunner(parts.warehouses, this.store, this.sessions, parts.clock);
    this.waiting = new Waiting(parts.clock);
  }

  operations(): Readonly<Record<string, (members: Members, request: AwsRequest) => Promise<object | string>>> {
    return {
      ExecuteStatement: (members, request) => this.submit(members, request, false),
      BatchExecuteStatement: (members, request) => this.submit(members, request, true),
      DescribeStatement: (members, request) => this.describe(members, request),
      CancelStatement: (members, request) => this.cancel(members, request),
      GetStatementResult: (members, request) => this.result(members, request, 'JSON'),
      GetStatementResultV2: (members, request) => this.result(members, request, 'CSV'),
      ListStatements: (members, request) => this.list(members, request),
      ListSessions: (members, request) => this.listSessions(members, request),
    };
  }

  /** Cancels what runs and waits for its end. */
  async close(): Promise<void> {
    await this.runner.stop();
    await this.sessions.closeAll();
  }

  private async submit(members: Members, request: AwsRequest, batch: boolean): Promise<object> {
    const order = readOrder(members, batch);
    const { principal } = request;
    const known = order.clientToken === undefined ? undefined : this.store.byToken(principal, order.clientToken);
    if (known !== undefined) {
      await this.waiting.until(this.runner.find(known.id), order.wait, request.signal);
      return submittedMembers(known);
    }
    checkParameters(order);
    const session = order.sessionId === undefined ? undefined : this.freeSession(order.sessionId);
    const target = session ?? resolveTarget(order.target, this.parts.warehouses, principal);
    this.authorizeSubmission(principal, target, session, batch);
    if (this.store.active(target.clusterIdentifier) >= ACTIVE_STATEMENTS) {
      throw tooManyStatements(ACTIVE_STATEMENTS);
    }
    const kept = this.keptSession(order, target, session, principal);
    const record = this.newRecord(order, target, kept, principal);
    if (kept !== undefined) {
      this.sessions.occupy(kept, record.id);
    }
    this.store.save(record);
    const running = this.runner.start(record, kept);
    await this.waiting.until(running, order.wait, request.signal);
    return submittedMembers(record);
  }

  /** A session is signed in already; it has an owner. */
  private authorizeSubmission(
    principal: Principal,
    target: Target,
    session: KeptSession | undefined,
    batch: boolean,
  ): void {
    const { access } = this.parts;
    const context = session && { 'redshift-data:session-owner-iam-userid': session.owner.userId };
    access?.authorize(principal, batch ? 'BatchExecuteStatement' : 'ExecuteStatement', target.arn, context);
    if (session === undefined) access?.authorizeSignIn(principal, target);
  }

  private authorizeOnStatement({ principal }: AwsRequest, action: string, owner: Principal): void {
    const context = { 'redshift-data:statement-owner-iam-userid': owner.userId };
    this.parts.access?.authorize(principal, action, '*', context);
  }

  private freeSession(id: string): KeptSession {
    const session = this.sessions.find(id);
    if (session === undefined) {
      throw validation(`Session with Id: ${id} is invalid`);
    }
    if (session.status === 'CLOSED') {
      throw validation('Session is not available');
    }
    if (session.status === 'BUSY') {
      throw validation(`Session ${id} is busy with statement ${session.currentStatementId}.`);
    }
    return session;
  }

  /** The session that outlives the statement: the one named, or a new one where it is to be kept alive. */
  private keptSession(
    order: Order,
    target: Target,
    session: KeptSession | undefined,
    owner: Principal,
  ): KeptSession | undefined {
    if (session !== undefined) {
      session.keepAliveSeconds = order.keepAlive ?? session.keepAliveSeconds;
      return session;
    }
    if (order.keepAlive === undefined || order.keepAlive === 0) {
      return undefined;
    }
    if (this.sessions.open(target.clusterIdentifier) >= OPEN_SESSIONS) {
      throw tooManySessions(OPEN_SESSIONS);
    }
    const now = this.parts.clock.now();
    const created: KeptSession = {
      ...target,
      id: this.parts.ids.uuid(),
      owner,
      createdAt: now,
      updatedAt: now,
      status: 'BUSY',
      keepAliveSeconds: order.keepAlive,
      expiresAt: now + LONGEST_KEEP_ALIVE * 1000,
    };
    this.sessions.add(created);
    return created;
  }

  private newRecord(order: Order, target: Target, session: KeptSession | undefined, owner: Principal): StatementRecord {
    const execution = newExecution(this.parts.clock.now());
    return {
      ...execution,
      id: this.parts.ids.uuid(),
      owner,
      name: order.name,
      clientToken: order.clientToken,
      clusterIdentifier: target.clusterIdentifier,
      database: target.database,
      dbUser: target.dbUser,
      secretArn: target.secretArn,
      sessionId: session?.id,
      resultFormat: order.format,
      parameters: order.parameters,
      sql: order.batch ? undefined : order.sqls[0],
      subStatements: order.batch ? order.sqls.map((sql) => ({ ...execution, sql })) : undefined,
      executionMode: order.mode,
      pid: 0,
    };
  }

  private async describe(members: Members, request: AwsRequest): Promise<object> {
    const input = new Input(members);
    const { record, part } = this.find(input);
    this.authorizeOnStatement(request, 'DescribeStatement', record.owner);
    const wait = input.number('WaitTimeSeconds', 1, LONGEST_WAIT);
    input.check();
    await this.waiting.until(this.runner.find(record.id), wait, request.signal);
    const described = part === undefined ? describedMembers(record) : describedPart(record, part);
    if (described === undefined) {
      throw unknownStatement(`${record.id}:${part}`);
    }
    return described;
  }

  /** @throws AwsError ValidationException, ResourceNotFoundException */
  private find(input: Input): { readonly record: StatementRecord; readonly part?: number } {
    const id = input.requiredText('Id');
    input.check();
    if (!ID_PATTERN.test(id)) {
      throw validation(`id must satisfy regex pattern: ${ID_PATTERN.source}`);
    }
    const [base = '', part] = id.split(':');
    const record = this.store.find(base);
    if (record === undefined) {
      throw unknownStatement(id);
    }
    return part === undefined ? { record } : { record, part: Number(part) };
  }

  private async cancel(members: Members, request: AwsRequest): Promise<object> {
    const { record, part } = this.find(new Input(members));
    this.authorizeOnStatement(request, 'CancelStatement', record.owner);
    if (part !== undefined) {
      throw validation(`A part of a batch can't be cancelled; cancel the batch with ID: ${record.id}`);
    }
    const running = this.runner.find(record.id);
    if (running === undefined) {
      throw validation(`Could not cancel a query that is already in ${record.status} state with ID: ${record.id}`);
    }
    this.runner.cancel(running);
    return { Status: true };
  }

  private async result(members: Members, request: AwsRequest, format: 'JSON' | 'CSV'): Promise<string> {
    const input = new Input(members);
    const { record, part } = this.find(input);
    this.authorizeOnStatement(request, 'GetStatementResult', record.owner);
    const token = input.text('NextToken');
    const wait = input.number('WaitTimeSeconds', 1, LONGEST_WAIT);
    input.check();
    if (record.subStatements !== undefined && part === undefined) {
      throw validation('BatchExecuteStatement result can only be retrieved with sub-statement id.');
    }
    const execution = part === undefined ? record : record.subStatements?.[part - 1];
    if (execution === undefined) {
      throw unknownStatement(`${record.id}:${part}`);
    }
    if (record.resultFormat !== format) {
      throw validation(
        `The result of ${record.id} has the format ${record.resultFormat}; ` +
          `get it with ${record.resultFormat === 'JSON' ? 'GetStatementResult' : 'GetStatementResultV2'}.`,
      );
    }
    await this.waiting.until(this.runner.find(record.id), wait, request.signal);
    const file = this.store.resultFile(record.id, part ?? 0);
    const index =
      execution.hasResultSet && execution.status === 'FINISHED' && isFinal(record.status) ? readIndex(file) : undefined;
    if (index === undefined) {
      throw noResult(part === undefined ? record.id : `${record.id}:${part}`);
    }
    const number = token === undefined ? 0 : decodeToken(token);
    const page = index.pages[number];
    const text = page === undefined ? '' : await readPage(file, page);
    // The rows are JSON already, with all digits of their numbers: they are put in as they are.
    const records = format === 'JSON' ? text : text === '' ? '' : JSON.stringify({ CSVRecords: text });
    const rest = {
      ColumnMetadata: index.columns,
      TotalNumRows: index.totalRows,
      ResultFormat: format === 'CSV' ? format : undefined,
      NextToken: number + 1 < index.pages.length ? encodeToken(number + 1) : undefined,
    };
    return `{"Records":[${records}],${JSON.stringify(rest).slice(1)}`;
  }

  private async list(members: Members, request: AwsRequest): Promise<object> {
    const input = new Input(members);
    const name = input.text('StatementName', { max: 2048 });
    const status = input.text('Status', { values: [...STATUSES, 'ALL'] }) ?? 'FINISHED';
    const wholeRole = input.flag('RoleLevel') ?? true;
    const cluster = input.text('ClusterIdentifier');
    const workgroup = input.text('WorkgroupName');
    const database = input.text('Database');
    const size = input.number('MaxResults', 0, LIST_PAGE) || LIST_PAGE;
    const token = input.text('NextToken');
    input.check();
    if (cluster !== undefined && workgroup !== undefined) {
      throw validation('ClusterIdentifier and WorkgroupName cannot both be provided.');
    }
    // Whoever lists asks for statements of its own.
    this.authorizeOnStatement(request, 'ListStatements', request.principal);
    const found = this.store
      .all()
      .filter((record) => owns(request.principal, record.owner, wholeRole))
      .filter((record) => status === 'ALL' || record.status === status)
      .filter((record) => name === undefined || (record.name ?? '').startsWith(name))
      .filter((record) => cluster === undefined || record.clusterIdentifier === cluster)
      .filter((record) => database === undefined || record.database === database)
      .filter((record) => workgroup === undefined || record.clusterIdentifier === workgroupEndpoint(workgroup));
    const { items, NextToken } = pageOf(found, size, token);
    return { Statements: items.map(listedMembers), NextToken };
  }

  private async listSessions(members: Members, request: AwsRequest): Promise<object> {
    const input = new Input(members);
    const id = input.text('SessionId');
    const status = input.text('Status', { values: ['AVAILABLE', 'BUSY', 'CLOSED'] });
    const cluster = input.text('ClusterIdentifier');
    const database = input.text('Database');
    const wholeRole = input.flag('RoleLevel') ?? true;
    const size = input.number('MaxResults', 0, LIST_PAGE) || LIST_PAGE;
    const token = input.text('NextToken');
    input.check();
    if (id !== undefined && (status !== undefined || cluster !== undefined || database !== undefined)) {
      throw validation('SessionId cannot be combined with Status, ClusterIdentifier, WorkgroupName or Database.');
    }
    if (id !== undefined && this.sessions.find(id) === undefined) {
      throw notFound(`Session with Id: ${id} does not exist.`, id);
    }
    this.parts.access?.authorize(request.principal, 'ListSessions', '*', {
      'redshift-data:session-owner-iam-userid': request.principal.userId,
    });
    const found = this.sessions
      .all()
      .filter((session) => owns(request.principal, session.owner, wholeRole))
      .filter((session) => id === undefined || session.id === id)
      .filter(
        (session) =>
          id !== undefined || (status === undefined ? session.status !== 'CLOSED' : session.status === status),
      )
      .filter((session) => cluster === undefined || session.clusterIdentifier === cluster)
      .filter((session) => database === undefined || session.database === database);
    const { items, NextToken } = pageOf(found, size, token);
    return { Sessions: items.map((session) => this.sessionMembers(session)), NextToken };
  }

  private sessionMembers(session: KeptSession): object {
    return {
      SessionId: session.id,
      Status: session.status,
      CreatedAt: seconds(session.createdAt),
      UpdatedAt: seconds(session.updatedAt),
      Database: session.database,
      DbUser: session.dbUser,
      ...endpointMembers(session.clusterIdentifier),
      SessionAliveSeconds: session.keepAliveSeconds,
      SessionTtl: seconds(session.expiresAt),
      CurrentStatementId: session.status === 'BUSY' ? session.currentStatementId : undefined,
    };
  }
}

/** A request of ExecuteStatement or BatchExecuteStatement. */
interface Order {
  readonly batch: boolean;
  readonly sqls: readonly string[];
  readonly target: ReturnType<typeof readTarget>;
  readonly sessionId?: string;
  readonly keepAlive?: number;
  readonly wait?: number;
  readonly clientToken?: string;
  readonly name?: string;
  readonly format: 'JSON' | 'CSV';
  readonly mode?: 'TRANSACTION' | 'AUTO_COMMIT';
  readonly parameters?: readonly { readonly name: string; readonly value: string }[];
}

/** @throws AwsError ValidationException */
function readOrder(members: Members, batch: boolean): Order {
  const input = new Input(members);
  const order = {
    batch,
    sqls: batch ? input.texts('Sqls', { min: 1, max: BATCH_LENGTH }) : [input.requiredText('Sql')],
    target: readTarget(input),
    sessionId: input.text('SessionId'),
    keepAlive: input.number('SessionKeepAliveSeconds', 0, LONGEST_KEEP_ALIVE),
    wait: input.number('WaitTimeSeconds', 1, LONGEST_WAIT),
    clientToken: input.text('ClientToken', { min: 1, max: 64 }),
    name: input.text('StatementName', { max: 2048 }),
    format: (input.text('ResultFormat', { values: ['JSON', 'CSV'] }) ?? 'JSON') as 'JSON' | 'CSV',
    mode: batch
      ? ((input.text('ExecutionMode', { values: ['TRANSACTION', 'AUTO_COMMIT'] }) ?? 'TRANSACTION') as 'TRANSACTION')
      : undefined,
    parameters: input.parameters(),
  };
  input.check();
  for (const sql of order.sqls) {
    if (Buffer.byteLength(sql) > STATEMENT_BYTES) {
      throw validation(
        `Cannot exceed query statement text limit: ${Buffer.byteLength(sql)} bytes, the limit is ${STATEMENT_BYTES} bytes.`,
      );
    }
  }
  const { clusterIdentifier, workgroupName } = order.target;
  if (order.sessionId !== undefined && (clusterIdentifier !== undefined || workgroupName !== undefined)) {
    throw validation('SessionId cannot be combined with ClusterIdentifier or WorkgroupName.');
  }
  return order;
}

/** Every parameter must be used by at least one of the texts. */
function checkParameters({ parameters, sqls }: Order): void {
  if (parameters === undefined) {
    return;
  }
  const used = new Set(sqls.flatMap((sql) => [...placeholders(sql)]));
  const unused = parameters.map(({ name }) => name).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw validation(`Parameters list contains unused parameters. Unused parameters: [${unused.join(', ')}]`);
  }
}

/** With `wholeRole` every session of the same role owns it, else only the same session. */
function owns(principal: Principal, owner: Principal, wholeRole: boolean): boolean {
  return (
    principal.userId === owner.userId ||
    (wholeRole && principal.roleArn !== undefined && principal.roleArn === owner.roleArn)
  );
}
