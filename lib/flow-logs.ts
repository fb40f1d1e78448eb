import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type LogKeeping, makeLogGroup } from './log-group';
import { ManagedRole } from './managed-role';

/** Who spoke to whom in the VPC, and what was refused. With no way in and one way out it is little, and cheap to keep. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: { readonly vpc: ec2.IVpc; readonly keeping: LogKeeping }) {
    super(scope, id);
    const role = new ManagedRole(this, 'Role', {
      description: 'VPC flow logs of the Sparkify warehouse: writes them',
      assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    new ec2.FlowLog(this, 'FlowLog', {
      resourceType: ec2.FlowLogResourceType.fromVpc(props.vpc),
      trafficType: ec2.FlowLogTrafficType.ALL,
      destination: ec2.FlowLogDestination.toCloudWatchLogs(makeLogGroup(this, 'Logs', props.keeping), role),
    });
  }
}
