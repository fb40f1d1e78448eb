import type { NamespaceSpec, ServerlessControl, WorkgroupSpec } from '../../redshift/serverless/serverless-control';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { boolean, number, requiredText, text, texts } from './names';
import { keyArn } from './record';

/** AWS::RedshiftServerless::Namespace and ::Workgroup on the local engine. */
export function serverlessProviders(serverless: ServerlessControl): Record<string, ResourceProvider> {
  return {
    'AWS::RedshiftServerless::Namespace': namespaceProvider(serverless),
    'AWS::RedshiftServerless::Workgroup': workgroupProvider(serverless),
  };
}

function namespaceProvider(serverless: ServerlessControl): ResourceProvider {
  const attributes = (name: string) => {
    const namespace = serverless.namespaces().find(({ namespaceName }) => namespaceName === name);
    return {
      'Namespace.NamespaceArn': namespace?.arn,
      'Namespace.NamespaceId': namespace?.namespaceId,
      'Namespace.NamespaceName': name,
      'Namespace.DbName': namespace?.database,
      'Namespace.AdminUsername': namespace?.adminUsername,
      'Namespace.Status': 'AVAILABLE',
    };
  };
  return {
    replaceOn: ['NamespaceName', 'DbName', 'AdminUsername'],
    async create(context, properties) {
      const { namespaceName } = await serverless.createNamespace(namespaceSpec(context, properties));
      return { physicalId: namespaceName, attributes: attributes(namespaceName) };
    },
    async update(context, namespaceName, properties) {
      await serverless.modifyNamespace(namespaceSpec(context, properties));
      return { physicalId: namespaceName, attributes: attributes(namespaceName) };
    },
    delete: (_context, namespaceName, properties) =>
      serverless.deleteNamespace(namespaceName, { finalSnapshotName: text(properties, 'FinalSnapshotName') }),
  };
}

function namespaceSpec(context: ResourceContext, properties: Properties): NamespaceSpec {
  const namespaceName = requiredText(properties, 'NamespaceName');
  const manageAdminPassword = boolean(properties, 'ManageAdminPassword', false);
  if (manageAdminPassword === (text(properties, 'AdminUserPassword') !== undefined)) {
    throw new ResourceFailedError(
      `Namespace ${namespaceName} must have exactly one of ManageAdminPassword: true and AdminUserPassword.`,
    );
  }
  const secretKey = text(properties, 'AdminPasswordSecretKmsKeyId');
  return {
    namespaceName,
    database: text(properties, 'DbName') ?? 'dev',
    adminUsername: text(properties, 'AdminUsername') ?? 'admin',
    roleArns: texts(properties, 'IamRoles'),
    manageAdminPassword,
    ...(secretKey !== undefined && { adminSecretKeyArn: keyArn(context, secretKey) }),
  };
}

function workgroupProvider(serverless: ServerlessControl): ResourceProvider {
  const attributes = (name: string) => {
    const workgroup = serverless.workgroups().find(({ workgroupName }) => workgroupName === name);
    return {
      'Workgroup.WorkgroupArn': workgroup?.arn,
      'Workgroup.WorkgroupId': workgroup?.workgroupId,
      'Workgroup.WorkgroupName': name,
      'Workgroup.NamespaceName': workgroup?.namespaceName,
      'Workgroup.Status': 'AVAILABLE',
      'Workgroup.Endpoint.Address': '127.0.0.1',
      'Workgroup.Endpoint.Port': String(workgroup?.port),
    };
  };
  return {
    replaceOn: ['WorkgroupName', 'NamespaceName'],
    async create(context, properties) {
      const { workgroupName } = await serverless.createWorkgroup(workgroupSpec(context, properties));
      return { physicalId: workgroupName, attributes: attributes(workgroupName) };
    },
    async update(context, workgroupName, properties) {
      await serverless.modifyWorkgroup(workgroupSpec(context, properties));
      return { physicalId: workgroupName, attributes: attributes(workgroupName) };
    },
    async delete(_context, workgroupName) {
      serverless.deleteWorkgroup(workgroupName);
    },
  };
}

function workgroupSpec(context: ResourceContext, properties: Properties): WorkgroupSpec {
  const maxCapacity = number(properties, 'MaxCapacity', 0);
  const snapshot = snapshotName(context, properties);
  return {
    workgroupName: requiredText(properties, 'WorkgroupName'),
    namespaceName: requiredText(properties, 'NamespaceName'),
    baseCapacity: number(properties, 'BaseCapacity', 128),
    ...(maxCapacity > 0 && { maxCapacity }),
    port: number(properties, 'Port', 5439),
    ...(snapshot !== undefined && { snapshotName: snapshot }),
  };
}

/** @throws ResourceFailedError for what a namespace may be filled from on AWS, and here not */
function snapshotName({ account }: ResourceContext, properties: Properties): string | undefined {
  const owner = text(properties, 'SnapshotOwnerAccount');
  if (text(properties, 'RecoveryPointId') !== undefined || (owner !== undefined && owner !== account)) {
    throw new ResourceFailedError(
      'The local AWS has neither recovery points nor snapshots of another account: give a snapshot of its own.',
    );
  }
  const arn = text(properties, 'SnapshotArn');
  const name = text(properties, 'SnapshotName');
  if (arn !== undefined && name !== undefined) {
    throw new ResourceFailedError('SnapshotName and SnapshotArn cannot both be given.');
  }
  if (arn === undefined) return name;
  // That of a cluster has its name; that of a namespace an id, which snapshots here do not have.
  const ofCluster = /^arn:[^:]+:redshift:[^:]+:\d{12}:snapshot:[^/]+\/(.+)$/.exec(arn)?.[1];
  if (ofCluster === undefined) {
    throw new ResourceFailedError(
      `SnapshotArn ${arn}: the local AWS knows a namespace's snapshot by SnapshotName only.`,
    );
  }
  return ofCluster;
}
