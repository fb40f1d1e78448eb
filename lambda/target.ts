import type { FunctionConfig } from './config';
import type { Identity, Target } from './warehouse';

/**
 * How the Data API is told the warehouse and the database user of an identity. A cluster: temporary credentials of that
 * user. A workgroup: the admin by its secret, and else by nothing, for the function's role itself is a user there.
 */
export function dataApiTarget({ warehouse, database, loaderUser }: FunctionConfig, identity: Identity): Target {
  if (warehouse.kind === 'provisioned') {
    const DbUser = identity === 'admin' ? warehouse.adminUser : loaderUser;
    return { ClusterIdentifier: warehouse.clusterIdentifier, Database: database, DbUser };
  }
  const { workgroupName, adminSecret } = warehouse;
  return {
    WorkgroupName: workgroupName,
    Database: database,
    ...(identity === 'admin' && { SecretArn: adminSecret }),
  };
}
