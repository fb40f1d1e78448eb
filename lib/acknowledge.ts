import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The rule packs of `npm run compliance`, by the names that their findings carry in front. */
export type Pack =
  | 'AwsSolutions'
  | 'HIPAA.Security'
  | 'NIST.800.53.R5'
  | 'PCI.DSS.321'
  | 'Serverless'
  | 'cdk-validator-cfnguard'
  | 'CloudFormation-Validate';

/** Metadata that tells our acknowledgements from those that the CDK makes in its own constructs. */
export const ACKNOWLEDGED_HERE = 'sparkify:acknowledged';

/** Packs that answer to the same names of rules: a finding of one of them is `PACK-RULE`. */
type NamedPack = 'HIPAA.Security' | 'NIST.800.53.R5' | 'PCI.DSS.321' | 'Serverless';

/**
 * Says why findings at a construct (or below it) are accepted. The ids are exact, `PACK::FINDING`: with the pack in
 * front the CDK itself matches them and reports which finding each has answered, so that `npm run compliance` can refuse
 * an acknowledgement that answers none.
 * @param reason for an auditor: what protects instead, or why the rule's question does not arise here
 */
export function acknowledge(at: IConstruct, reason: string, ...ids: readonly `${Pack}::${string}`[]): void {
  Validations.of(at).acknowledge(...ids.map((id) => ({ id, reason })));
  for (const id of ids) at.node.addMetadata(ACKNOWLEDGED_HERE, id);
}

/** The ids of one rule's findings in several packs. */
export function inPacks(rule: string, ...packs: readonly NamedPack[]): readonly `${Pack}::${string}`[] {
  return packs.map((pack) => `${pack}::${pack}-${rule}` as const);
}

/**
 * Says why a policy may name resources by a pattern.
 * @param resources as the policy names them; those that hold no `*` are no findings and must not be given
 */
export function acknowledgeWildcards(at: IConstruct, reason: string, ...resources: readonly string[]): void {
  const ids = resources.map((arn) => `AwsSolutions::AwsSolutions-IAM5[Resource::${flattened(at, arn)}]` as const);
  acknowledge(at, reason, ...ids);
}

/** An ARN as cdk-nag writes it: references as `<LogicalId>` or `<LogicalId.Attribute>`. */
function flattened(at: IConstruct, arn: string): string {
  const resolved: unknown = Stack.of(at).resolve(arn);
  return flatten(resolved);
}

function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Partial<Intrinsics>;
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(flatten).join(join[0]);
  throw new TypeError(`An ARN of Ref, Fn::GetAtt and Fn::Join is needed, not ${JSON.stringify(value)}`);
}

interface Intrinsics {
  readonly Ref: string;
  readonly 'Fn::GetAtt': readonly string[];
  readonly 'Fn::Join': readonly [string, readonly unknown[]];
}
