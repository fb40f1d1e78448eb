import { parseJsonObject, targetOperation } from '../aws/protocols/json';
import { optionalText, parseQuery, type QueryStructure } from '../aws/protocols/query';
import type { AwsService } from '../aws/service';
import type { Authorizer } from '../iam/authorizer';
import type { Need, NeedsOf, Place } from './need';

/** A service of the local AWS has operations of which nobody has said what permission they take. */
export class UnguardedOperationError extends Error {
  override readonly name = 'UnguardedOperationError';
  constructor(signingName: string, operations: readonly string[]) {
    super(
      `The service ${signingName} of the local AWS has operations without a permission: ${operations.join(', ')}. ` +
        'Name what each takes in local/access.',
    );
  }
}

/** By operation what it takes. */
export type OperationNeeds<Input> = Readonly<Record<string, (input: Input, place: Place) => readonly Need[]>>;

/** The service behind IAM: it hears of no call that the deployed policies do not allow. */
export function guarded(service: AwsService, needsOf: NeedsOf, authorizer: Pick<Authorizer, 'authorize'>): AwsService {
  return {
    ...service,
    async handle(request) {
      for (const need of needsOf(request)) {
        authorizer.authorize({ ...need, principal: request.principal, context: need.context ?? {} });
      }
      return service.handle(request);
    },
  };
}

/** Of a service in the JSON protocol. @throws UnguardedOperationError */
export function jsonNeeds(
  service: AwsService,
  region: string,
  needs: OperationNeeds<Readonly<Record<string, unknown>>>,
): NeedsOf {
  checkComplete(service, needs);
  return (request) => {
    const operation = targetOperation(request) ?? '';
    const place = { account: request.principal.account, region };
    // What is not there is for the service to say.
    return Object.hasOwn(needs, operation) ? needs[operation]!(parseJsonObject(request.body), place) : [];
  };
}

/** Of a service in the query protocol. @throws UnguardedOperationError */
export function queryNeeds(service: AwsService, region: string, needs: OperationNeeds<QueryStructure>): NeedsOf {
  checkComplete(service, needs);
  return (request) => {
    const input = parseQuery(request.body.length > 0 ? request.body : request.query);
    const operation = optionalText(input, 'Action') ?? '';
    const place = { account: request.principal.account, region };
    return Object.hasOwn(needs, operation) ? needs[operation]!(input, place) : [];
  };
}

function checkComplete({ signingName, operations = [] }: AwsService, needs: Readonly<Record<string, unknown>>): void {
  const open = operations.filter((operation) => !Object.hasOwn(needs, operation));
  if (open.length > 0) throw new UnguardedOperationError(signingName, open);
}
