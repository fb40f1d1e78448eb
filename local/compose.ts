import { join } from 'node:path';
import { accountAccess } from './access/account-access';
import { allPolicies } from './access/all-policies';
import { guardedS3 } from './access/s3';
import { behindIam } from './access/services';
import { type Account, openAccount } from './account';
import { Accounts } from './accounts';
import { AnswerUrls } from './answer-urls';
import type { AwsService } from './aws/service';
import { bootstrapBucket, isBootstrapRole } from './bootstrap';
import type { Clock, Ids } from './clock';
import type { CloudFormationService } from './cloudformation/service';
import { accountHome, isAccountId, LOCAL_ACCOUNT, LOCAL_REGION, type LocalHome } from './home';
import { type Authorizer, createAuthorizer } from './iam/authorizer';
import type { AccessKeys, IdentityStore } from './iam/identity-store';
import { createUsageJournal, type UsageJournal } from './iam/usage-journal';
import type { LambdaServiceHandle } from './lambda/lambda-service';
import type { Log } from './log';
import type { ClusterControl } from './redshift/cluster-control';
import type { ServerlessControl } from './redshift/serverless/serverless-control';
import { createObjectStore, type DiskObjectStore } from './s3/disk-object-store';
import { createS3Service } from './s3/s3-service';
import type { SchedulerControl } from './scheduler/scheduler-control';
import { createStsService } from './sts/sts-service';

/** All services of the local AWS, wired to each other, over all its accounts. */
export interface LocalServices {
  /** One a signing name; each works in the account of the caller. */
  readonly services: readonly AwsService[];
  /** The keys of all accounts. */
  readonly keys: AccessKeys;
  readonly objects: DiskObjectStore;
  /** Checks and makes the URLs at which functions answer CloudFormation. */
  readonly answerUrls: AnswerUrls;
  /** An account by its twelve digits; it comes to be when it is addressed for the first time. @throws AwsError */
  openAccount(id: string): Account;
  /** What permissions have been used for, and what was refused, in all accounts. */
  readonly usage: UsageJournal;
  /** Those that have come to be. */
  accounts(): readonly Account[];
  /** The home's own account. */
  readonly identities: IdentityStore;
  readonly clusters: ClusterControl;
  readonly serverless: ServerlessControl;
  readonly lambda: LambdaServiceHandle;
  readonly scheduler: SchedulerControl;
  readonly cloudFormation: CloudFormationService;
  /** Takes up work that an earlier process left; to be called when the endpoint listens. */
  resume(): void;
  /** Stops functions, closes warehouses, writes what is not yet on disk. */
  close(): Promise<void>;
}

/** The CDK's asset bucket in the home's own account. */
export const BOOTSTRAP_BUCKET = bootstrapBucket(LOCAL_ACCOUNT);

export interface ComposeOptions {
  readonly home: LocalHome;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Known when the server listens; services ask when they need it. */
  endpointUrl(): string;
}

/** Builds every account of one home. Nothing runs and nobody listens yet. @throws StateFileError */
export function composeServices(options: ComposeOptions): LocalServices {
  const { home, clock, ids } = options;
  const objects = createObjectStore({ folder: home.s3, clock, ids });
  const answerUrls = new AnswerUrls({ folder: join(home.root, 'iam'), clock, ids, endpointUrl: options.endpointUrl });
  const usage = createUsageJournal({ file: join(home.root, 'iam', 'usage.json'), clock });
  const rolesOf = (account: string) => accounts.find(account)?.identities;
  const authorizer: Authorizer = createAuthorizer({
    identitiesOf: rolesOf,
    resourcePolicies: allPolicies(() => accounts, objects),
    region: LOCAL_REGION,
    clock,
    usage,
  });
  const accounts: Accounts = new Accounts(home, (id) =>
    openAccount({
      ...options,
      id,
      access: accountAccess({
        authorizer,
        place: { account: id, region: LOCAL_REGION },
        buckets: objects,
        identitiesOf: rolesOf,
      }),
      home: accountHome(home, id),
      region: LOCAL_REGION,
      objects,
      responseUrl: (account, token) => answerUrls.make(account, token),
    }),
  );
  const own = accounts.account(LOCAL_ACCOUNT);
  return {
    services: [
      createStsService({
        identitiesOf: (account, roleName) => identitiesOf(accounts, account, roleName),
        authorize: authorizer.authorize,
      }),
      guardedS3(createS3Service({ store: objects, folder: home.s3, clock, ids }), objects, authorizer),
      ...[...own.services.values()].map((service) =>
        behindIam(inCallersAccount(service, accounts), {
          authorizer,
          buckets: objects,
          region: LOCAL_REGION,
          identitiesOf: rolesOf,
        }),
      ),
    ],
    keys: accounts,
    usage,
    objects,
    answerUrls,
    openAccount: (id) => accounts.account(id),
    accounts: () => accounts.all(),
    identities: own.identities,
    clusters: own.clusters,
    serverless: own.serverless,
    lambda: own.lambda,
    scheduler: own.scheduler,
    cloudFormation: own.cloudFormation,
    resume: () => accounts.resume(),
    close: async () => {
      await accounts.close();
      usage.flush();
      objects.close();
    },
  };
}

/** A service that every account has for itself. */
function inCallersAccount({ signingName, operations }: AwsService, accounts: Accounts): AwsService {
  return {
    signingName,
    operations,
    handle: (request) => accounts.account(request.principal.account).services.get(signingName)!.handle(request),
  };
}

/** The CDK's roles make an account come to be; any other role is one that somebody has made in it. */
function identitiesOf(accounts: Accounts, account: string, roleName: string): IdentityStore | undefined {
  return isAccountId(account) && isBootstrapRole(roleName)
    ? accounts.account(account).identities
    : accounts.find(account)?.identities;
}
