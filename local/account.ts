import { join } from 'node:path';
import type { AccountAccess } from './access/account-access';
import { keyedLogGroups } from './access/log-group-keys';
import { passingRoles } from './access/passed-roles';
import type { AwsService } from './aws/service';
import { bootstrapAccount } from './bootstrap';
import type { Clock, Ids } from './clock';
import { createResourceProviders } from './cloudformation/resources';
import { type CloudFormationService, createCloudFormationService } from './cloudformation/service';
import { openAlarmStore } from './cloudwatch/alarm-store';
import { createCloudWatchService } from './cloudwatch/cloudwatch-service';
import { openMetricStore } from './cloudwatch/metric-store';
import { queueMetrics } from './cloudwatch/queue-metrics';
import type { LocalHome } from './home';
import { createIdentityStore } from './iam/disk-identity-store';
import type { IdentityStore } from './iam/identity-store';
import { openResourcePolicies, type ResourcePolicies } from './iam/resource-policies';
import { createLambdaService, type LambdaServiceHandle } from './lambda/lambda-service';
import type { Log } from './log';
import { createLogsService } from './logs/logs-service';
import type { ClusterControl } from './redshift/cluster-control';
import { createClusterControl } from './redshift/clusters';
import { createDataApiService } from './redshift/data-api/data-api-service';
import { warehouseEndpoints } from './redshift/data-api/endpoint';
import { openWarehouse } from './redshift/open-warehouse';
import { openServerless } from './redshift/serverless/disk-serverless';
import type { ServerlessControl } from './redshift/serverless/serverless-control';
import type { DiskObjectStore } from './s3/disk-object-store';
import type { SchedulerControl } from './scheduler/scheduler-control';
import { createSchedulerService } from './scheduler/scheduler-service';
import { type ManagedSecret, openSecretVersions } from './secretsmanager/managed-secrets';
import { createSecretsManagerService } from './secretsmanager/secrets-manager-service';
import { createServerlessService } from './serverless/serverless-service';
import { createQueueStore } from './sqs/disk-queue-store';
import { createSqsService } from './sqs/sqs-service';
import { createParameterStore, type ParameterStore } from './ssm/parameter-store';
import { createSsmService } from './ssm/ssm-service';

/** One account of the local AWS: its own users and roles, stacks, functions, warehouses, schedules and queues. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly identities: IdentityStore;
  /** Policies on the account's buckets, keys, secrets, queues, topics and functions. */
  readonly policies: ResourcePolicies;
  readonly parameters: ParameterStore;
  readonly clusters: ClusterControl;
  readonly serverless: ServerlessControl;
  readonly lambda: LambdaServiceHandle;
  readonly scheduler: SchedulerControl;
  readonly cloudFormation: CloudFormationService;
  /** Its services, by signing name. */
  readonly services: ReadonlyMap<string, AwsService>;
  /** Takes up work that an earlier process left; to be called when the endpoint listens. */
  resume(): void;
  /** Stops functions, closes warehouses, writes what is not yet on disk. */
  close(): Promise<void>;
}

export interface AccountOptions {
  readonly id: string;
  readonly region: string;
  /** The account's own folders; buckets are of all accounts. */
  readonly home: LocalHome;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly objects: DiskObjectStore;
  /** What the account's services ask IAM. */
  readonly access: AccountAccess;
  endpointUrl(): string;
  /** Where a function answers CloudFormation. */
  responseUrl(account: string, token: string): string;
}

/** Opens an account over its folders, making it when it is not there. Nothing runs yet. @throws StateFileError */
export function openAccount(options: AccountOptions): Account {
  const { id, region, home, clock, ids, log, objects, access, endpointUrl } = options;
  const scope = { account: id, region };
  const identities = createIdentityStore({ folder: home.iam, account: id, clock, ids });
  const parameters = createParameterStore({ folder: join(home.root, 'ssm'), clock });
  bootstrapAccount({ id, identities, parameters }, objects);
  const queues = createQueueStore({ folder: home.sqs, ...scope, clock, ids, endpointUrl });
  const engines = { home, ...scope, clock, ids, objects, openWarehouse, copyAccess: access.copy };
  const clusters = createClusterControl(engines);
  const serverless = openServerless(engines);
  const dataApi = createDataApiService({
    warehouses: warehouseEndpoints(clusters, serverless),
    clock,
    ids,
    folder: join(home.redshift, 'data-api'),
    access: access.dataApi,
  });
  const lambda = createLambdaService({
    ...options,
    account: id,
    identities,
    queues,
    access: access.lambda,
  });
  const scheduler = createSchedulerService({
    ...options,
    account: id,
    lambda: lambda.control,
    queues,
    access: access.scheduler,
  });
  const policies = openResourcePolicies(home.iam);
  const alarms = openAlarmStore(join(home.root, 'cloudwatch'));
  const metrics = openMetricStore({
    folder: join(home.root, 'cloudwatch'),
    logs: home.logs,
    services: () => queueMetrics(queues, clock),
  });
  const made = createResourceProviders({
    ids,
    alarms,
    policies,
    objects,
    clusters,
    serverless,
    identities,
    queues,
    parameters,
    lambda: lambda.control,
    scheduler: scheduler.control,
  });
  const authorizePassing = (stackRole: string, { roleArn, service }: { roleArn: string; service: string }) =>
    access.authorizeStackRole(stackRole, 'iam:PassRole', roleArn, { 'iam:PassedToService': service });
  const providers = new Map(
    [...made].map(([type, provider]) => {
      const keyed = type === 'AWS::Logs::LogGroup' ? keyedLogGroups(provider, access.logsMayUseKey) : provider;
      return [type, passingRoles(type, keyed, authorizePassing)];
    }),
  );
  const cloudFormation = createCloudFormationService({
    home,
    ...scope,
    clock,
    ids,
    objects,
    providers,
    log,
    customResources: {
      invoke(functionArn, payload, roleArn) {
        // Without a role CloudFormation works as whoever called it, which is not remembered.
        if (roleArn !== undefined) access.authorizeStackRole(roleArn, 'lambda:InvokeFunction', functionArn);
        return lambda.control.invokeAsync(functionArn, payload);
      },
      responseUrl: (token) => options.responseUrl(id, token),
    },
    ssmParameter: (name) => parameters.get(name)?.value,
  });
  const services = [
    createSsmService({ parameters, ...scope }),
    createSqsService({ queues, clock, ids }),
    createLogsService({ folder: home.logs }),
    createCloudWatchService({ ...scope, clock, metrics, alarms }),
    createServerlessService({ serverless, ...scope, authorize: access.authorize }),
    createSecretsManagerService({
      secrets: () => adminSecrets(clusters, serverless),
      versions: openSecretVersions({ folder: join(home.root, 'secretsmanager'), clock, ids }),
      access: access.secrets,
    }),
    cloudFormation,
    lambda.service,
    scheduler.service,
    dataApi,
  ];
  return {
    id,
    identities,
    policies,
    parameters,
    clusters,
    serverless,
    lambda,
    scheduler: scheduler.control,
    cloudFormation,
    services: new Map(services.map((service) => [service.signingName, service])),
    resume: () => {
      lambda.resume();
      cloudFormation.recover();
    },
    close: async () => {
      await lambda.close();
      await dataApi.close();
      await clusters.close();
      await serverless.close();
    },
  };
}

/** The passwords that Redshift keeps in Secrets Manager. */
function adminSecrets(clusters: ClusterControl, serverless: ServerlessControl): readonly ManagedSecret[] {
  const found = [
    ...clusters.list().map((each) => ({
      arn: each.masterPasswordSecretArn,
      username: each.masterUsername,
      keyArn: each.masterPasswordSecretKeyArn,
    })),
    ...serverless.namespaces().map((each) => ({
      arn: each.adminSecretArn,
      username: each.adminUsername,
      keyArn: each.adminSecretKeyArn,
    })),
  ];
  return found.flatMap(({ arn, ...secret }) => (arn === undefined ? [] : [{ arn, ...secret }]));
}
