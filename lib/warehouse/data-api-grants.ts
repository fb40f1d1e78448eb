import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge';

/** Lets a role run statements in one warehouse, and see and cancel its own ones only. */
export function grantDataApi(grantee: iam.IGrantable, warehouseArn: string): void {
  const { grantPrincipal } = grantee;
  for (const statement of dataApiStatements(warehouseArn)) grantPrincipal.addToPrincipalPolicy(statement);
  if (!Construct.isConstruct(grantPrincipal)) return;
  acknowledgeWildcards(
    grantPrincipal,
    'DescribeStatement, GetStatementResult, ListStatements and CancelStatement of the Redshift Data API take no resource (Service Authorization Reference). A condition limits them to statements that the same identity has sent.',
    '*',
  );
}

/**
 * The Data API permissions of a role that owns its statements. Describe, results, list and cancel take no resource
 * (Service Authorization Reference): `*`, narrowed by the statement's owner.
 */
function dataApiStatements(warehouseArn: string): readonly iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement'],
      resources: [warehouseArn],
    }),
    new iam.PolicyStatement({
      actions: [
        'redshift-data:DescribeStatement',
        'redshift-data:GetStatementResult',
        'redshift-data:ListStatements',
        'redshift-data:CancelStatement',
      ],
      resources: ['*'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, resolved by IAM
      conditions: { StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } },
    }),
  ];
}
