import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from '../service';
import { writeXml } from './xml';

/** A query parameter after nesting: text, a structure, or a list (`member.1`, `member.2` ... or `.1`, `.2` ...). */
export type QueryValue = string | QueryStructure | readonly QueryValue[];
export interface QueryStructure {
  readonly [name: string]: QueryValue | undefined;
}

/** An operation of a query service: nested parameters in, members of `<Operation>Result` out. */
export type QueryOperation = (input: QueryStructure, request: AwsRequest) => Promise<object> | object;

type Tree = Map<string, Tree | string>;

/**
 * The nested parameters of a query-protocol request body or query string: `Tags.member.1.Key=a` becomes
 * `{ Tags: [{ Key: 'a' }] }`. `Action` and `Version` are kept as they are. An empty list (`Tags=`) becomes ''.
 * Source: AWS Query protocol (Smithy 2.0, awsQuery).
 */
export function parseQuery(body: Buffer | string | URLSearchParams): QueryStructure {
  const parameters = body instanceof URLSearchParams ? body : new URLSearchParams(body.toString());
  const root: Tree = new Map();
  for (const [name, value] of parameters) {
    insert(root, name, value);
  }
  return collapseStructure(root);
}

function insert(root: Tree, name: string, value: string): void {
  const path = name.split('.');
  let node = root;
  for (const segment of path.slice(0, -1)) {
    const next = node.get(segment);
    if (next instanceof Map) {
      node = next;
    } else {
      const made: Tree = new Map();
      node.set(segment, made);
      node = made;
    }
  }
  node.set(path.at(-1)!, value);
}

function collapse(node: Tree | string): QueryValue {
  if (typeof node === 'string') {
    return node;
  }
  const list = listItems(node);
  return list ? list.map(collapse) : collapseStructure(node);
}

function collapseStructure(node: Tree): QueryStructure {
  const structure: Record<string, QueryValue> = Object.create(null);
  for (const [name, child] of node) {
    structure[name] = collapse(child);
  }
  return structure;
}

/** The items in order when the node is a list, `member.N` or plain `N`. */
function listItems(node: Tree): (Tree | string)[] | undefined {
  const members = node.size === 1 ? (node.get('member') ?? node.get('entry')) : undefined;
  const numbered = members instanceof Map ? members : node;
  const keys = [...numbered.keys()];
  if (keys.length === 0 || !keys.every((key) => /^\d+$/.test(key))) {
    return undefined;
  }
  return keys.sort((left, right) => Number(left) - Number(right)).map((key) => numbered.get(key)!);
}

/** A required text parameter. @throws AwsError ValidationError */
export function requiredText(input: QueryStructure, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') {
    throw new AwsError('ValidationError', `The request must contain the parameter ${name}.`);
  }
  return value;
}

/** An optional text parameter; undefined when absent or not text. */
export function optionalText(input: QueryStructure, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

/** A list parameter; empty when absent. */
export function listOf(input: QueryStructure, name: string): readonly QueryValue[] {
  const value = input[name];
  return Array.isArray(value) ? value : [];
}

/** `<ActionResponse><ActionResult>...</ActionResult><ResponseMetadata/></ActionResponse>`. Arrays become `<member>`. */
export function queryResponse(action: string, xmlns: string, result: object, requestId: string): AwsResponse {
  const body = writeXml(
    `${action}Response`,
    { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
    { xmlns, lists: 'member' },
  );
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

/** A service in the AWS query protocol, dispatched by `Action`. An unknown action answers InvalidAction. */
export function queryService(options: {
  readonly signingName: string;
  readonly xmlns: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
}): AwsService {
  return {
    signingName: options.signingName,
    operations: Object.keys(options.operations),
    async handle(request) {
      const input = parseQuery(request.body.length > 0 ? request.body : request.query);
      const action = optionalText(input, 'Action') ?? '';
      const operation = Object.hasOwn(options.operations, action) ? options.operations[action] : undefined;
      if (!operation) {
        throw new AwsError(
          'InvalidAction',
          `The local AWS does not have ${options.signingName} ${action || '(no Action)'}.`,
        );
      }
      return queryResponse(action, options.xmlns, await operation(input, request), request.requestId);
    },
  };
}
