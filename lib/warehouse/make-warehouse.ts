import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/environment';
import { ProvisionedWarehouse } from './provisioned-warehouse';
import { ServerlessWarehouse } from './serverless-warehouse';
import type { IWarehouse, WarehouseProps } from './warehouse';

/** The warehouse of the kind that the environment names. The kinds are different resources: another kind is another warehouse. */
export function makeWarehouse(scope: Construct, config: EnvironmentConfig, props: WarehouseProps): IWarehouse {
  const { warehouse } = config;
  return warehouse.kind === 'provisioned'
    ? new ProvisionedWarehouse(scope, 'Warehouse', { ...props, config: warehouse })
    : new ServerlessWarehouse(scope, 'Serverless', { ...props, config: warehouse });
}
