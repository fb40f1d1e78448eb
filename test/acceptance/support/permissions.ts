import type { StackTemplate } from '../../support/local-world/stack';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

type Resource = StackTemplate['Resources'][string];

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

const documentOf = (resource: Resource, property: string) =>
  resource.Properties?.[property] as { readonly Statement: Statement | readonly Statement[] };

const statementsOf = (resource: Resource, property = 'PolicyDocument'): readonly Statement[] =>
  listOf(documentOf(resource, property).Statement);

function withStatements(resource: Resource, statements: readonly Statement[], property = 'PolicyDocument'): Resource {
  const document = { ...documentOf(resource, property), Statement: statements };
  return { ...resource, Properties: { ...resource.Properties, [property]: document } };
}

function change(
  template: StackTemplate,
  chosen: (id: string, resource: Resource) => boolean,
  how: (resource: Resource) => Resource,
): StackTemplate {
  const found = Object.entries(template.Resources).filter(([id, resource]) => chosen(id, resource));
  if (found.length === 0) throw new Error('the template has nothing of the kind');
  return {
    ...template,
    Resources: { ...template.Resources, ...Object.fromEntries(found.map(([id, resource]) => [id, how(resource)])) },
  };
}

const isPolicyOf =
  (role: string) =>
  (_id: string, { Type, Properties }: Resource) =>
    Type === 'AWS::IAM::ManagedPolicy' && JSON.stringify(Properties?.Roles).includes(`"${role}`);

/** The template without one action in the policies of the role whose logical id begins so. Fails when there is none. */
export function without(template: StackTemplate, role: string, action: string): StackTemplate {
  let taken = 0;
  const stripped = change(template, isPolicyOf(role), (policy) =>
    withStatements(
      policy,
      statementsOf(policy).flatMap((statement) => {
        const left = listOf(statement.Action).filter((each) => each !== action);
        if (left.length < listOf(statement.Action).length) taken += 1;
        return left.length === 0 ? [] : [{ ...statement, Action: left }];
      }),
    ),
  );
  if (taken === 0) throw new Error(`no policy of ${role} has ${action}`);
  return stripped;
}

/** The template in which another service is trusted by the role whose logical id begins so. */
export function trustingOnly(template: StackTemplate, role: string, service: string): StackTemplate {
  return change(
    template,
    (id, { Type }) => Type === 'AWS::IAM::Role' && id.startsWith(role),
    (resource) =>
      withStatements(
        resource,
        statementsOf(resource, 'AssumeRolePolicyDocument').map((each) => ({
          ...each,
          Principal: { Service: service },
        })),
        'AssumeRolePolicyDocument',
      ),
  );
}

/** The template with one statement more in the policies of a type: bucket policies, key policies. */
export function withStatement(
  template: StackTemplate,
  type: string,
  statement: Statement,
  property = 'PolicyDocument',
): StackTemplate {
  return change(
    template,
    (_id, resource) => resource.Type === type,
    (resource) => withStatements(resource, [...statementsOf(resource, property), statement], property),
  );
}
