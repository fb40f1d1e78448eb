import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const WAREHOUSE_KINDS = ['provisioned', 'serverless'] as const;
export type WarehouseKind = (typeof WAREHOUSE_KINDS)[number];

/** What the local stack was last deployed with. */
export interface LocalDeploy {
  readonly sourceBucket?: string;
  readonly warehouse: WarehouseKind;
}

const FILE = 'local-deploy.json';

/** What was remembered in a home; a provisioned warehouse where nothing was. */
export function localDeploy(home: string): LocalDeploy {
  const file = join(home, FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LocalDeploy) : { warehouse: 'provisioned' };
}

/** Remembers it, so that destroy, plan and the next start mean the same stack. */
export function rememberLocalDeploy(home: string, deploy: LocalDeploy): void {
  writeFileSync(join(home, FILE), JSON.stringify(deploy));
}

/** The context (`-c name=value`) under which the CDK app is the local stack. */
export function localContext({ sourceBucket, warehouse }: LocalDeploy): readonly string[] {
  const values = ['env=local', 'allowDataLoss=local', `warehouse=${warehouse}`];
  if (sourceBucket !== undefined) values.push(`sourceBucket=${sourceBucket}`);
  return values.flatMap((value) => ['-c', value]);
}
