import { jsonService } from '../aws/protocols/json';
import { AwsError, type AwsService, type Principal } from '../aws/service';
import type {
  NamespaceDescription,
  ServerlessControl,
  UsageLimit,
  WorkgroupDescription,
} from '../redshift/serverless/serverless-control';

type Input = Readonly<Record<string, unknown>>;

const BREACHES = ['log', 'emit-metric', 'deactivate'];
const PERIODS = ['daily', 'weekly', 'monthly'];

/**
 * Redshift Serverless' own API, as far as somebody asks: workgroups, namespaces and usage limits. What makes them is
 * CloudFormation, but for the limits, which it has no type for. Source: API Reference of Amazon Redshift Serverless.
 */
export function createServerlessService(options: {
  readonly serverless: ServerlessControl;
  readonly account: string;
  readonly region: string;
  /** Whether the caller may look at the one that it names. @throws AwsError AccessDeniedException */
  readonly authorize: (principal: Principal, action: string, resource: string) => void;
}): AwsService {
  const { serverless, account, region, authorize } = options;
  const limitArn = (id: string) => `arn:aws:redshift-serverless:${region}:${account}:usagelimit/${id}`;
  const limit = (each: UsageLimit) => ({ ...each, usageLimitArn: limitArn(each.usageLimitId) });
  return jsonService({
    signingName: 'redshift-serverless',
    operations: {
      GetNamespace(input, { principal }) {
        const namespace = named(serverless.namespaces(), 'namespaceName', input);
        authorize(principal, 'redshift-serverless:GetNamespace', namespace.arn);
        return { namespace: describeNamespace(namespace) };
      },
      ListNamespaces: () => ({ namespaces: serverless.namespaces().map(describeNamespace) }),
      GetWorkgroup(input, { principal }) {
        const workgroup = named(serverless.workgroups(), 'workgroupName', input);
        authorize(principal, 'redshift-serverless:GetWorkgroup', workgroup.arn);
        return { workgroup: describeWorkgroup(workgroup) };
      },
      ListWorkgroups: () => ({ workgroups: serverless.workgroups().map(describeWorkgroup) }),
      ListUsageLimits(input) {
        const resourceArn = typeof input.resourceArn === 'string' ? input.resourceArn : undefined;
        return { usageLimits: serverless.usageLimits(resourceArn).map(limit) };
      },
      CreateUsageLimit: (input) => ({
        usageLimit: limit(
          serverless.createUsageLimit({
            resourceArn: text(input, 'resourceArn'),
            usageType: oneOf(text(input, 'usageType'), 'usageType', ['serverless-compute', 'cross-region-datasharing']),
            amount: amount(input),
            period: oneOf(text(input, 'period', 'monthly'), 'period', PERIODS),
            breachAction: oneOf(text(input, 'breachAction', 'log'), 'breachAction', BREACHES),
          }),
        ),
      }),
      UpdateUsageLimit: (input) => ({
        usageLimit: limit(
          serverless.updateUsageLimit(text(input, 'usageLimitId'), {
            ...(input.amount !== undefined && { amount: amount(input) }),
            ...(input.breachAction !== undefined && {
              breachAction: oneOf(text(input, 'breachAction'), 'breachAction', BREACHES),
            }),
          }),
        ),
      }),
      DeleteUsageLimit: (input) => ({ usageLimit: limit(serverless.deleteUsageLimit(text(input, 'usageLimitId'))) }),
    },
  });
}

function describeNamespace(namespace: NamespaceDescription): object {
  return {
    namespaceArn: namespace.arn,
    namespaceId: namespace.namespaceId,
    namespaceName: namespace.namespaceName,
    dbName: namespace.database,
    adminUsername: namespace.adminUsername,
    adminPasswordSecretArn: namespace.adminSecretArn,
    adminPasswordSecretKmsKeyId: namespace.adminSecretKeyArn,
    iamRoles: namespace.roleArns,
    status: 'AVAILABLE',
  };
}

function describeWorkgroup(workgroup: WorkgroupDescription): object {
  return {
    workgroupArn: workgroup.arn,
    workgroupId: workgroup.workgroupId,
    workgroupName: workgroup.workgroupName,
    namespaceName: workgroup.namespaceName,
    baseCapacity: workgroup.baseCapacity,
    maxCapacity: workgroup.maxCapacity,
    port: workgroup.port,
    endpoint: { address: '127.0.0.1', port: workgroup.port },
    status: 'AVAILABLE',
  };
}

function named<T, K extends keyof T & string>(all: readonly T[], key: K, input: Input): T {
  const name = text(input, key);
  const found = all.find((each) => each[key] === name);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `${key} ${name} does not exist.`, 404);
  return found;
}

function text(input: Input, name: string, otherwise?: string): string {
  const value = input[name] ?? otherwise;
  if (typeof value !== 'string') throw new AwsError('ValidationException', `The member ${name} must be text.`);
  return value;
}

function amount(input: Input): number {
  if (typeof input.amount === 'number' && input.amount > 0) return input.amount;
  throw new AwsError('ValidationException', 'The member amount must be a number above 0.');
}

function oneOf(value: string, name: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw new AwsError('ValidationException', `The member ${name} must be one of ${allowed.join(', ')}.`);
}
