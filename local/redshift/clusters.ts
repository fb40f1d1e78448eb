import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sync as writeFileAtomicSync } from 'write-file-atomic';
import { AwsError } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { ObjectStore } from '../s3/object-store';
import type { ClusterControl, ClusterDescription, ClusterSpec } from './cluster-control';
import { type CopyAccess, createCopyRunner } from './copy/create-copy-runner';
import type { OpenWarehouseOptions } from './open-warehouse';
import type { Warehouse } from './warehouse';

const DEFAULT_SCOPE = { account: '000000000000', region: 'us-west-2' };
const IDENTIFIER = /^[a-z](?:-?[a-z0-9])*$/;
const IDENTIFIER_LENGTH = 63;
const SECRET_SUFFIX_LENGTH = 6;

export interface ClusterControlOptions {
  /** Folders for the clusters' files and for the snapshots of deleted ones. */
  readonly home: { readonly redshift: string; readonly snapshots: string };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly objects: ObjectStore;
  readonly openWarehouse: (options: OpenWarehouseOptions) => Promise<Warehouse>;
  readonly account?: string;
  readonly region?: string;
  /** Of an engine that is not a cluster's. */
  readonly arnOf?: (identifier: string) => string;
  /** What COPY's roles may read; see CopyRunnerOptions. */
  readonly copyAccess?: (clusterArn: string) => CopyAccess;
}

/** What is kept of a cluster between starts. */
interface StoredCluster {
  readonly spec: ClusterSpec;
  readonly masterPasswordSecretArn?: string;
}

/**
 * The clusters of one home: their properties in `clusters.json`, their data in one engine file each, opened on
 * first use. A deleted cluster's snapshot is its file, moved aside after a checkpoint.
 */
export function createClusterControl(options: ClusterControlOptions): ClusterControl {
  return new FileClusterControl(options);
}

class FileClusterControl implements ClusterControl {
  private readonly clusters: Map<string, StoredCluster>;
  private readonly open = new Map<string, Promise<Warehouse>>();
  private readonly file: string;
  private readonly scope: { readonly account: string; readonly region: string };

  constructor(private readonly options: ClusterControlOptions) {
    const { account = DEFAULT_SCOPE.account, region = DEFAULT_SCOPE.region } = options;
    this.scope = { account, region };
    this.file = join(options.home.redshift, 'clusters.json');
    this.clusters = new Map(readClusters(this.file).map((cluster) => [cluster.spec.clusterIdentifier, cluster]));
  }

  async create(wanted: ClusterSpec): Promise<ClusterDescription> {
    const id = wanted.clusterIdentifier;
    if (id.length > IDENTIFIER_LENGTH || !IDENTIFIER.test(id)) {
      throw new AwsError(
        'InvalidParameterValue',
        `The parameter ClusterIdentifier is not a valid identifier: '${id}'. It has 1 to 63 lower-case letters, ` +
          'digits and single hyphens and begins with a letter.',
      );
    }
    if (this.clusters.has(id)) {
      throw new AwsError('ClusterAlreadyExists', 'Cluster already exists');
    }
    // Without a cluster of that name its file is what an interrupted deletion left behind.
    this.removeFiles(id);
    const spec = wanted.snapshotIdentifier === undefined ? wanted : this.restored(wanted, wanted.snapshotIdentifier);
    const masterPasswordSecretArn = spec.manageMasterPassword ? this.newSecretArn(spec) : undefined;
    this.clusters.set(id, { spec, masterPasswordSecretArn });
    this.save();
    return this.described(id);
  }

  async modify(spec: ClusterSpec): Promise<ClusterDescription> {
    const { spec: before, masterPasswordSecretArn } = this.found(spec.clusterIdentifier);
    if (before.database !== spec.database || before.masterUsername !== spec.masterUsername) {
      throw new AwsError(
        'InvalidParameterValue',
        `The database name and the master user name of cluster '${spec.clusterIdentifier}' can't be changed; ` +
          'replace the cluster.',
      );
    }
    const secret = spec.manageMasterPassword ? (masterPasswordSecretArn ?? this.newSecretArn(spec)) : undefined;
    this.clusters.set(spec.clusterIdentifier, { spec, masterPasswordSecretArn: secret });
    this.save();
    return this.described(spec.clusterIdentifier);
  }

  async delete(id: string, { snapshot }: { readonly snapshot: boolean | string }): Promise<void> {
    const cluster = this.clusters.get(id);
    if (cluster === undefined) {
      return;
    }
    if (typeof snapshot === 'string' && existsSync(this.snapshotFile(snapshot))) {
      throw new AwsError('ClusterSnapshotAlreadyExists', `Snapshot already exists: ${snapshot}`);
    }
    await this.closeWarehouse(id);
    if (snapshot !== false && existsSync(this.dataFile(id))) {
      this.moveToSnapshots(id, cluster, snapshot === true ? `${id}-${this.timeInName()}` : snapshot);
    }
    this.clusters.delete(id);
    this.save();
    this.removeFiles(id);
  }

  async restore(id: string, snapshot: string): Promise<ClusterDescription> {
    const { spec, masterPasswordSecretArn } = this.found(id);
    this.requireSnapshot(snapshot);
    await this.closeWarehouse(id);
    this.removeFiles(id);
    this.clusters.set(id, { spec: this.restored(spec, snapshot), masterPasswordSecretArn });
    this.save();
    return this.described(id);
  }

  describe(id: string): ClusterDescription | undefined {
    return this.clusters.has(id) ? this.described(id) : undefined;
  }

  list(): readonly ClusterDescription[] {
    return [...this.clusters.keys()].map((id) => this.described(id));
  }

  warehouse(id: string): Promise<Warehouse> {
    let warehouse = this.open.get(id);
    if (warehouse === undefined) {
      warehouse = this.openWarehouse(id);
      this.open.set(id, warehouse);
      // A failed opening may succeed later, for example when another process has let go of the file.
      warehouse.catch(() => this.open.delete(id));
    }
    return warehouse;
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.closeWarehouse(id)));
  }

  private async openWarehouse(id: string): Promise<Warehouse> {
    const { spec } = this.found(id);
    const { objects, clock, copyAccess } = this.options;
    mkdirSync(this.options.home.redshift, { recursive: true });
    return this.options.openWarehouse({
      file: this.dataFile(id),
      database: spec.database,
      masterUser: spec.masterUsername,
      clusterViews: spec.clusterViews,
      clock,
      copy: createCopyRunner({
        objects,
        clusterIdentifier: id,
        attachedRoles: () => this.clusters.get(id)?.spec.roleArns ?? [],
        access: copyAccess?.(this.described(id).arn),
      }),
    });
  }

  private async closeWarehouse(id: string): Promise<void> {
    const warehouse = this.open.get(id);
    this.open.delete(id);
    // What could not be opened need not be closed.
    await (await warehouse?.catch(() => undefined))?.close();
  }

  private found(id: string): StoredCluster {
    const cluster = this.clusters.get(id);
    if (cluster === undefined) {
      throw new AwsError('ClusterNotFound', `Cluster ${id} not found.`, 404);
    }
    return cluster;
  }

  private described(id: string): ClusterDescription {
    const { spec, masterPasswordSecretArn } = this.found(id);
    const { account, region } = this.scope;
    return {
      ...spec,
      status: 'available',
      arn: this.options.arnOf?.(id) ?? `arn:aws:redshift:${region}:${account}:cluster:${id}`,
      endpoint: { address: '127.0.0.1', port: spec.port },
      masterPasswordSecretArn,
    };
  }

  private newSecretArn(spec: ClusterSpec): string {
    const { account, region } = this.scope;
    const suffix = this.options.ids.uuid().replaceAll('-', '').slice(0, SECRET_SUFFIX_LENGTH);
    return `arn:aws:secretsmanager:${region}:${account}:secret:redshift!${spec.clusterIdentifier}-${spec.masterUsername}-${suffix}`;
  }

  private moveToSnapshots(id: string, cluster: StoredCluster, name: string): void {
    mkdirSync(this.options.home.snapshots, { recursive: true });
    renameSync(this.dataFile(id), this.snapshotFile(name));
    writeFileAtomicSync(this.snapshotFile(name, 'json'), `${JSON.stringify(cluster.spec, null, 1)}\n`);
  }

  private timeInName(): string {
    return new Date(this.options.clock.now()).toISOString().replace(/[:.]/g, '-');
  }

  /** @throws AwsError ClusterSnapshotNotFound */
  private requireSnapshot(snapshot: string): void {
    if (snapshot.includes('/') || !existsSync(this.snapshotFile(snapshot))) {
      throw new AwsError('ClusterSnapshotNotFound', `Snapshot not found: ${snapshot}`, 404);
    }
  }

  /** @returns the specification with what comes from the snapshot @throws AwsError ClusterSnapshotNotFound */
  private restored(wanted: ClusterSpec, snapshot: string): ClusterSpec {
    this.requireSnapshot(snapshot);
    const { database, masterUsername } = JSON.parse(
      readFileSync(this.snapshotFile(snapshot, 'json'), 'utf8'),
    ) as ClusterSpec;
    mkdirSync(this.options.home.redshift, { recursive: true });
    copyFileSync(this.snapshotFile(snapshot), this.dataFile(wanted.clusterIdentifier));
    return { ...wanted, database, masterUsername };
  }

  private snapshotFile(name: string, ending: 'duckdb' | 'json' = 'duckdb'): string {
    return join(this.options.home.snapshots, `${name}.${ending}`);
  }

  private dataFile(id: string): string {
    return join(this.options.home.redshift, `${id}.duckdb`);
  }

  private removeFiles(id: string): void {
    for (const suffix of ['', '.wal', '.tmp']) {
      rmSync(`${this.dataFile(id)}${suffix}`, { recursive: true, force: true });
    }
  }

  private save(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileAtomicSync(this.file, `${JSON.stringify([...this.clusters.values()], null, 1)}\n`);
  }
}

function readClusters(file: string): readonly StoredCluster[] {
  if (!existsSync(file)) {
    return [];
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StoredCluster[];
  } catch (cause) {
    throw new Error(`The clusters' file ${file} can't be read: ${(cause as Error).message}. Begin anew with --fresh.`, {
      cause,
    });
  }
}
