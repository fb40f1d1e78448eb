import type { AwsRequest } from '../../aws/service';
import type { Session } from '../warehouse';
import type { DataApiAccess } from './access';
import { connectionFailed, validation } from './data-api-errors';
import type { WarehouseEndpoints } from './endpoint';
import { Input } from './input';
import { describeTable, listSchemas, listTables } from './metadata';
import { errorText } from './statement-runner';
import { readTarget, resolveTarget, type Target } from './target';

type Members = Readonly<Record<string, unknown>>;

const PAGE = 1000;

interface Call {
  readonly session: Session;
  readonly target: Target;
  text(name: string): string | undefined;
  page<T>(items: readonly T[]): { readonly items: readonly T[]; readonly NextToken?: string };
}

/** The metadata operations: each opens a session of its own, asks the catalogue and answers at once. */
export class MetadataApi {
  constructor(
    private readonly warehouses: WarehouseEndpoints,
    private readonly access?: DataApiAccess,
  ) {}

  operations(): Readonly<Record<string, (members: Members, request: AwsRequest) => Promise<object>>> {
    const operation =
      (name: string, answer: (call: Call) => Promise<object>) => (members: Members, request: AwsRequest) =>
        this.ask(name, members, request, answer);
    return {
      ListDatabases: operation('ListDatabases', async ({ target, page }) => {
        const warehouse = await this.warehouses.warehouse(target.clusterIdentifier);
        const { items, NextToken } = page(await warehouse.listDatabases());
        return { Databases: items, NextToken };
      }),
      ListSchemas: operation('ListSchemas', async ({ session, text, page }) => {
        const { items, NextToken } = page(await listSchemas(session, text('SchemaPattern') ?? '%'));
        return { Schemas: items, NextToken };
      }),
      ListTables: operation('ListTables', async ({ session, text, page }) => {
        const tables = await listTables(session, text('SchemaPattern') ?? '%', text('TablePattern') ?? '%');
        const { items, NextToken } = page(tables);
        return { Tables: items, NextToken };
      }),
      DescribeTable: operation('DescribeTable', async ({ session, text, page }) => {
        const table = text('Table');
        if (table === undefined) {
          throw validation('Table is required.');
        }
        const { items, NextToken } = page(await describeTable(session, text('Schema') ?? 'public', table));
        return { TableName: table, ColumnList: items, NextToken };
      }),
    };
  }

  private async ask(
    name: string,
    members: Members,
    request: AwsRequest,
    answer: (call: Call) => Promise<object>,
  ): Promise<object> {
    const input = new Input(members);
    const targetMembers = readTarget(input);
    const size = input.number('MaxResults', 0, PAGE) || PAGE;
    const token = input.text('NextToken');
    const texts = new Map(['SchemaPattern', 'TablePattern', 'Schema', 'Table'].map((name) => [name, input.text(name)]));
    input.check();
    const target = resolveTarget(targetMembers, this.warehouses, request.principal);
    this.access?.authorize(request.principal, name, target.arn);
    this.access?.authorizeSignIn(request.principal, target);
    const session = await this.connect(target);
    try {
      return await answer({
        session,
        target,
        text: (name) => texts.get(name),
        page: (items) => pageOf(items, size, token),
      });
    } finally {
      await session.close();
    }
  }

  private async connect(target: Target): Promise<Session> {
    try {
      const warehouse = await this.warehouses.warehouse(target.clusterIdentifier);
      return await warehouse.connect({ database: target.database, user: target.dbUser });
    } catch (error) {
      throw connectionFailed(errorText(error));
    }
  }
}

/** One page of a list; tokens are offsets, opaque to the caller. */
export function pageOf<T>(
  items: readonly T[],
  size: number,
  token: string | undefined,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : decodeToken(token);
  const end = start + size;
  return { items: items.slice(start, end), NextToken: end < items.length ? encodeToken(end) : undefined };
}

export function encodeToken(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64');
}

/** @throws AwsError ValidationException for a token that no answer gave out */
export function decodeToken(token: string): number {
  const offset = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'))?.[1];
  if (offset === undefined) {
    throw validation('Invalid NextToken.');
  }
  return Number(offset);
}
