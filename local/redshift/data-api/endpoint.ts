import type { ClusterControl } from '../cluster-control';
import type { ServerlessControl } from '../serverless/serverless-control';
import type { Warehouse } from '../warehouse';

/** What the Data API has to know of a cluster or a workgroup. */
export interface WarehouseEndpoint {
  /** The one name under which its statements are kept. */
  readonly name: string;
  /** The ARN on which statements are granted. */
  readonly arn: string;
  readonly admin: string;
  readonly adminSecretArn?: string;
  /** The customer managed key of the secret, if it has one. */
  readonly adminSecretKeyArn?: string;
}

/**
 * Clusters and workgroups alike. A name is a cluster's identifier or what `workgroupEndpoint` makes of a workgroup's
 * name; a workgroup is found by its ARN instead of its name, too.
 */
export interface WarehouseEndpoints {
  find(name: string): WarehouseEndpoint | undefined;
  /** Opens the engine on first use. @throws AwsError when it is not there any more */
  warehouse(name: string): Promise<Warehouse>;
}

/** No cluster's identifier has a slash. */
const WORKGROUP = 'workgroup/';

/** The name under which the statements of a workgroup are kept. */
export function workgroupEndpoint(workgroupName: string): string {
  return `${WORKGROUP}${workgroupName}`;
}

/** The member by which an answer names a warehouse. */
export function endpointMembers(name: string): {
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
} {
  return name.startsWith(WORKGROUP) ? { WorkgroupName: name.slice(WORKGROUP.length) } : { ClusterIdentifier: name };
}

/** Looks a name up where it belongs. */
export function warehouseEndpoints(clusters: ClusterControl, serverless?: ServerlessControl): WarehouseEndpoints {
  const workgroupOf = (name: string) => {
    const { WorkgroupName } = endpointMembers(name);
    return serverless
      ?.workgroups()
      .find(({ workgroupName, arn }) => [workgroupName, arn].includes(WorkgroupName ?? ''));
  };
  return {
    find(name) {
      if (!name.startsWith(WORKGROUP)) {
        const cluster = clusters.describe(name);
        return (
          cluster && {
            name,
            arn: cluster.arn,
            admin: cluster.masterUsername,
            adminSecretArn: cluster.masterPasswordSecretArn,
            adminSecretKeyArn: cluster.masterPasswordSecretKeyArn,
          }
        );
      }
      const workgroup = workgroupOf(name);
      const namespace = serverless
        ?.namespaces()
        .find(({ namespaceName }) => namespaceName === workgroup?.namespaceName);
      return (
        workgroup &&
        namespace && {
          name: workgroupEndpoint(workgroup.workgroupName),
          arn: workgroup.arn,
          admin: namespace.adminUsername,
          adminSecretArn: namespace.adminSecretArn,
          adminSecretKeyArn: namespace.adminSecretKeyArn,
        }
      );
    },
    warehouse: (name) =>
      serverless !== undefined && name.startsWith(WORKGROUP)
        ? serverless.warehouse(name.slice(WORKGROUP.length))
        : clusters.warehouse(name),
  };
}
