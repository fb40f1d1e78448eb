import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * A role whose permissions stand in one customer managed policy: inline policies are seen by nobody who reviews
 * policies, and HIPAA, NIST 800-53 and PCI DSS ask for none. All grants of the CDK end up in it. IAM takes policies of
 * up to 6,144 characters.
 */
export class ManagedRole extends iam.Role {
  private policy?: iam.ManagedPolicy;

  override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.policy ??= new iam.ManagedPolicy(this, 'Policy', { roles: [this] });
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.policy };
  }
}
