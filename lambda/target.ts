import type { FunctionConfig } from './config';
import type { Identity, Target } from './warehouse';

/** How the Data API is told the warehouse and the database user of an identity: by temporary credentials of that user. */
export function dataApiTarget(config: FunctionConfig, identity: Identity): Target {
  return {
    ClusterIdentifier: config.clusterIdentifier,
    Database: config.database,
    DbUser: identity === 'admin' ? config.databaseUser : config.loaderUser,
  };
}
