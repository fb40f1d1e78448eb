import { join } from 'node:path';
import type { AwsService } from './aws/service';
import type { Clock, Ids } from './clock';
import { createResourceProviders } from './cloudformation/resources';
import { type CloudFormationService, createCloudFormationService } from './cloudformation/service';
import { LOCAL_ACCOUNT, LOCAL_REGION, type LocalHome } from './home';
import { createIdentityStore } from './iam/disk-identity-store';
import type { IdentityStore } from './iam/identity-store';
import { createLambdaService, type LambdaServiceHandle } from './lambda/lambda-service';
import type { Log } from './log';
import { createLogsService } from './logs/logs-service';
import type { ClusterControl } from './redshift/cluster-control';
import { createClusterControl } from './redshift/clusters';
import { createDataApiService } from './redshift/data-api/data-api-service';
import { openWarehouse } from './redshift/open-warehouse';
import { createObjectStore, type DiskObjectStore } from './s3/disk-object-store';
import { createS3Service } from './s3/s3-service';
import type { SchedulerControl } from './scheduler/scheduler-control';
import { createSchedulerService } from './scheduler/scheduler-service';
import { createQueueStore } from './sqs/disk-queue-store';
import { createSqsService } from './sqs/sqs-service';
import { createParameterStore } from './ssm/parameter-store';
import { createSsmService } from './ssm/ssm-service';
import { createStsService } from './sts/sts-service';

/** All services of the local AWS, wired to each other. */
export interface LocalServices {
  readonly services: readonly AwsService[];
  readonly identities: IdentityStore;
  readonly objects: DiskObjectStore;
  readonly clusters: ClusterControl;
  readonly lambda: LambdaServiceHandle;
  readonly scheduler: SchedulerControl;
  readonly cloudFormation: CloudFormationService;
  /** Takes up work that an earlier process left; to be called when the endpoint listens. */
  resume(): void;
  /** Stops functions, closes warehouses, writes what is not yet on disk. */
  close(): Promise<void>;
}

/** The CDK's asset bucket: the local account counts as bootstrapped. */
export const BOOTSTRAP_BUCKET = `cdk-hnb659fds-assets-${LOCAL_ACCOUNT}-${LOCAL_REGION}`;

export interface ComposeOptions {
  readonly home: LocalHome;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Known when the server listens; services ask when they need it. */
  endpointUrl(): string;
}

/** Builds every service over one home. Nothing runs and nobody listens yet. @throws StateFileError */
export function composeServices(options: ComposeOptions): LocalServices {
  const { home, clock, ids, log, endpointUrl } = options;
  const scope = { account: LOCAL_ACCOUNT, region: LOCAL_REGION };
  const identities = createIdentityStore({ folder: home.iam, account: LOCAL_ACCOUNT, clock, ids });
  const objects = createObjectStore({ folder: home.s3, clock, ids });
  if (!objects.bucketExists(BOOTSTRAP_BUCKET)) {
    objects.createBucket(BOOTSTRAP_BUCKET, LOCAL_REGION);
  }
  const parameters = createParameterStore({ folder: join(home.root, 'ssm'), clock });
  const queues = createQueueStore({ folder: home.sqs, ...scope, clock, ids, endpointUrl });
  const clusters = createClusterControl({ home, ...scope, clock, ids, objects, openWarehouse });
  const dataApi = createDataApiService({ clusters, clock, ids, folder: join(home.redshift, 'data-api') });
  const lambda = createLambdaService({ home, ...scope, clock, ids, objects, identities, queues, log, endpointUrl });
  const scheduler = createSchedulerService({ home, ...scope, clock, ids, lambda: lambda.control, queues, log });
  const providers = createResourceProviders({
    ids,
    objects,
    clusters,
    identities,
    queues,
    parameters,
    lambda: lambda.control,
    scheduler: scheduler.control,
  });
  const cloudFormation = createCloudFormationService({
    home,
    ...scope,
    clock,
    ids,
    objects,
    providers,
    log,
    customResources: {
      invoke: (functionArn, payload) => lambda.control.invokeAsync(functionArn, payload),
      responseUrl: (token) => `${endpointUrl()}${RESPONSE_PATH}${token}`,
    },
    ssmParameter: (name) => parameters.get(name)?.value,
  });
  return {
    services: [
      createStsService({ identities, account: LOCAL_ACCOUNT }),
      createSsmService({ parameters, ...scope }),
      createS3Service({ store: objects, folder: home.s3, clock, ids }),
      createSqsService({ queues, clock, ids }),
      createLogsService({ folder: home.logs }),
      cloudFormation,
      lambda.service,
      scheduler.service,
      dataApi,
    ],
    identities,
    objects,
    clusters,
    lambda,
    scheduler: scheduler.control,
    cloudFormation,
    resume: () => {
      lambda.resume();
      cloudFormation.recover();
    },
    close: async () => {
      await lambda.close();
      await dataApi.close();
      await clusters.close();
      objects.close();
    },
  };
}

/** Where functions PUT a custom resource's answer; the token follows. */
export const RESPONSE_PATH = '/_cloudformation/response/';
