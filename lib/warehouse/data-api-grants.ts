import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * The Data API permissions of a role that owns its statements. Describe, results, list and cancel take no resource
 * (Service Authorization Reference): `*`, narrowed by the statement's owner.
 */
export function dataApiStatements(warehouseArn: string): readonly iam.PolicyStatement[] {
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
