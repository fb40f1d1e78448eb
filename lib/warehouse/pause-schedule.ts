import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnScheduledAction } from 'aws-cdk-lib/aws-redshift';
import { Construct } from 'constructs';
import type { PauseConfig } from '../config/environment';
import { ManagedRole } from '../managed-role';

/**
 * Lets a cluster sleep: from `pauseAt` to `resumeAt` only its storage is paid for. Redshift's own scheduler does it, as
 * a role that may do these two things to this one cluster. A load that comes meanwhile waits until its deadline.
 */
export class PauseSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly pause: PauseConfig;
      readonly clusterIdentifier: string;
      readonly clusterArn: string;
      readonly environmentName: string;
    },
  ) {
    super(scope, id);
    const { pause, clusterIdentifier, clusterArn, environmentName } = props;
    const role = new ManagedRole(this, 'Role', {
      description: `Redshift's scheduler: pauses and resumes the cluster of Sparkify ${environmentName}`,
      assumedBy: new iam.ServicePrincipal('scheduler.redshift.amazonaws.com'),
    });
    const allowed = role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['redshift:PauseCluster', 'redshift:ResumeCluster'],
        resources: [clusterArn],
      }),
    );
    const action = (name: 'pause' | 'resume', schedule: string, targetAction: object) => {
      const made = new CfnScheduledAction(this, name === 'pause' ? 'Pause' : 'Resume', {
        scheduledActionName: `sparkify-${environmentName}-${name}`,
        scheduledActionDescription: `Cluster of Sparkify ${environmentName}: ${name}`,
        enable: true,
        iamRole: role.roleArn,
        schedule,
        targetAction,
      });
      // Redshift tries the role when the action is made.
      if (allowed.policyDependable !== undefined) made.node.addDependency(allowed.policyDependable);
    };
    action('pause', pause.pauseAt, { pauseCluster: { clusterIdentifier } });
    action('resume', pause.resumeAt, { resumeCluster: { clusterIdentifier } });
  }
}
