import type { Ids } from '../../clock';
import type { AlarmStore } from '../../cloudwatch/alarm-store';
import type { IdentityStore } from '../../iam/identity-store';
import type { ResourcePolicies } from '../../iam/resource-policies';
import type { LambdaControl } from '../../lambda/lambda-control';
import type { ClusterControl } from '../../redshift/cluster-control';
import type { ServerlessControl } from '../../redshift/serverless/serverless-control';
import type { SchedulerControl } from '../../scheduler/scheduler-control';
import type { QueueStore } from '../../sqs/queue-store';
import type { ResourceProvider } from '../resource-provider';
import { cloudWatchProviders } from './cloudwatch';
import { ec2Providers } from './ec2';
import { forgivingDelete } from './forgiving';
import { iamProviders } from './iam';
import { lambdaProviders } from './lambda';
import { policyProviders } from './policies';
import { recordProviders } from './records';
import { clusterProvider } from './redshift';
import { serverlessProviders } from './redshift-serverless';
import { type BucketStore, bucketProvider } from './s3';
import { schedulerProviders } from './scheduler';
import { queueProvider } from './sqs';
import { type ParameterSink, parameterProvider } from './ssm';

/** The local services that resources are made in. */
export interface ResourceDeps {
  readonly ids: Ids;
  readonly objects: BucketStore;
  readonly lambda: LambdaControl;
  readonly clusters: ClusterControl;
  readonly serverless: ServerlessControl;
  readonly scheduler: SchedulerControl;
  readonly identities: IdentityStore;
  readonly queues: QueueStore;
  readonly parameters: ParameterSink;
  readonly policies: ResourcePolicies;
  readonly alarms: AlarmStore;
}

/** Every resource type the local CloudFormation can make, custom resources excepted, by its name. */
export function createResourceProviders(deps: ResourceDeps): ReadonlyMap<string, ResourceProvider> {
  const providers: Readonly<Record<string, ResourceProvider>> = {
    ...recordProviders(deps.ids),
    ...ec2Providers(deps.ids),
    ...iamProviders(deps.identities, deps.policies),
    ...policyProviders(deps.policies, deps.ids),
    ...cloudWatchProviders(deps.alarms),
    ...lambdaProviders(deps.lambda),
    ...schedulerProviders(deps.scheduler),
    ...serverlessProviders(deps.serverless),
    'AWS::S3::Bucket': bucketProvider(deps.objects),
    'AWS::Redshift::Cluster': clusterProvider(deps.clusters),
    'AWS::SQS::Queue': queueProvider(deps.queues),
    'AWS::SSM::Parameter': parameterProvider(deps.parameters),
  };
  return new Map(Object.entries(providers).map(([type, provider]) => [type, forgivingDelete(provider)]));
}
