import type { ClusterControl, ClusterDescription, ClusterSpec } from '../../redshift/cluster-control';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { boolean, number, requiredText, text, texts } from './names';
import { keyArn } from './record';

/** AWS::Redshift::Cluster on the local engine. */
export function clusterProvider(clusters: ClusterControl): ResourceProvider {
  return {
    replaceOn: [
      'ClusterIdentifier',
      'DBName',
      'MasterUsername',
      'ClusterSubnetGroupName',
      'OwnerAccount',
      'SnapshotClusterIdentifier',
      'SnapshotIdentifier',
    ],
    async create(context, properties) {
      const identifier = text(properties, 'ClusterIdentifier') ?? context.generateName(63);
      const cluster = await clusters.create(spec(context, identifier.toLowerCase(), properties));
      return { physicalId: cluster.clusterIdentifier, attributes: attributes(cluster) };
    },
    async update(context, clusterIdentifier, properties) {
      const cluster = await clusters.modify(spec(context, clusterIdentifier, properties));
      return { physicalId: clusterIdentifier, attributes: attributes(cluster) };
    },
    delete: (_context, clusterIdentifier, _properties, options) => clusters.delete(clusterIdentifier, options),
  };
}

function spec(context: ResourceContext, clusterIdentifier: string, properties: Properties): ClusterSpec {
  const manageMasterPassword = boolean(properties, 'ManageMasterPassword', false);
  const password = text(properties, 'MasterUserPassword');
  if (manageMasterPassword === (password !== undefined)) {
    throw new ResourceFailedError(
      `Cluster ${clusterIdentifier} must have exactly one of ManageMasterPassword: true and MasterUserPassword.`,
    );
  }
  const single = text(properties, 'ClusterType') === 'single-node';
  const secretKey = text(properties, 'MasterPasswordSecretKmsKeyId');
  const nodes = number(properties, 'NumberOfNodes', 1);
  if (single && nodes !== 1) {
    throw new ResourceFailedError('Number of nodes for cluster type single-node must be 1 or left out.');
  }
  return {
    clusterIdentifier,
    database: text(properties, 'DBName') ?? 'dev',
    masterUsername: requiredText(properties, 'MasterUsername'),
    port: number(properties, 'Port', 5439),
    nodeType: requiredText(properties, 'NodeType'),
    numberOfNodes: nodes,
    clusterViews: !boolean(properties, 'MultiAZ', false),
    roleArns: texts(properties, 'IamRoles'),
    manageMasterPassword,
    snapshotIdentifier: text(properties, 'SnapshotIdentifier'),
    ...(secretKey !== undefined && { masterPasswordSecretKeyArn: keyArn(context, secretKey) }),
  };
}

function attributes(cluster: ClusterDescription): Record<string, unknown> {
  const namespace = cluster.arn.replace(/:cluster:.*$/, `:namespace:${cluster.clusterIdentifier}`);
  return {
    Id: cluster.clusterIdentifier,
    'Endpoint.Address': cluster.endpoint.address,
    'Endpoint.Port': String(cluster.endpoint.port),
    ClusterNamespaceArn: namespace,
    ...(cluster.masterPasswordSecretArn === undefined
      ? {}
      : { MasterPasswordSecretArn: cluster.masterPasswordSecretArn }),
  };
}
