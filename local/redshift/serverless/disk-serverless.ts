import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomicSync } from 'write-file-atomic';
import { AwsError } from '../../aws/service';
import type { Ids } from '../../clock';
import type { ClusterControl, ClusterSpec } from '../cluster-control';
import { type ClusterControlOptions, createClusterControl } from '../clusters';
import type {
  NamespaceDescription,
  NamespaceSpec,
  ServerlessControl,
  UsageLimit,
  WorkgroupDescription,
  WorkgroupSpec,
} from './serverless-control';

/** What is kept between starts, besides the namespaces' engines. */
interface State {
  /** Ids of namespaces, by name. */
  readonly namespaceIds: Record<string, string>;
  readonly workgroups: Record<string, WorkgroupDescription>;
  usageLimits: UsageLimit[];
}

const EMPTY: State = { namespaceIds: {}, workgroups: {}, usageLimits: [] };

/**
 * Namespaces are engines as clusters are, in a folder of their own; workgroups and usage limits are records.
 * @throws Error when the state's file cannot be read
 */
export function openServerless(
  options: ClusterControlOptions & { readonly account: string; readonly region: string },
): ServerlessControl {
  return new DiskServerless(options, options.ids);
}

class DiskServerless implements ServerlessControl {
  private readonly engines: ClusterControl;
  private readonly file: string;
  private readonly state: State;
  private readonly prefix: string;

  constructor(
    options: ClusterControlOptions & { readonly account: string; readonly region: string },
    private readonly ids: Ids,
  ) {
    const folder = join(options.home.redshift, 'serverless');
    this.prefix = `arn:aws:redshift-serverless:${options.region}:${options.account}:`;
    this.file = join(folder, 'serverless.json');
    this.state = existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, 'utf8')) as State)
      : structuredClone(EMPTY);
    this.engines = createClusterControl({
      ...options,
      home: { ...options.home, redshift: folder },
      arnOf: (name) => this.namespaceArn(name),
    });
  }

  async createNamespace(spec: NamespaceSpec): Promise<NamespaceDescription> {
    const { namespaceName } = spec;
    if (this.engines.describe(namespaceName) !== undefined) {
      throw new AwsError('ConflictException', `The namespace ${namespaceName} already exists.`);
    }
    this.state.namespaceIds[namespaceName] = this.ids.uuid();
    await this.engines.create(engineSpec(spec));
    this.save();
    return this.namespace(namespaceName);
  }

  async modifyNamespace(spec: NamespaceSpec): Promise<NamespaceDescription> {
    this.namespace(spec.namespaceName);
    await this.engines.modify(engineSpec(spec));
    return this.namespace(spec.namespaceName);
  }

  async deleteNamespace(namespaceName: string, options: { readonly finalSnapshotName?: string }): Promise<void> {
    const snapshot = options.finalSnapshotName ?? false;
    await inServerlessWords(this.engines.delete(namespaceName, { snapshot }));
    delete this.state.namespaceIds[namespaceName];
    this.save();
  }

  namespaces(): readonly NamespaceDescription[] {
    return this.engines.list().map(({ clusterIdentifier }) => this.namespace(clusterIdentifier));
  }

  async createWorkgroup(spec: WorkgroupSpec): Promise<WorkgroupDescription> {
    const { workgroupName, namespaceName } = spec;
    if (this.state.workgroups[workgroupName] !== undefined) {
      throw new AwsError('ConflictException', `The workgroup ${workgroupName} already exists.`);
    }
    this.namespace(namespaceName);
    const taken = this.workgroups().find((workgroup) => workgroup.namespaceName === namespaceName);
    if (taken !== undefined) {
      throw new AwsError(
        'ConflictException',
        `The namespace ${namespaceName} has the workgroup ${taken.workgroupName}.`,
      );
    }
    await this.fill(spec);
    const workgroupId = this.ids.uuid();
    return this.put({ ...spec, workgroupId, arn: `${this.prefix}workgroup/${workgroupId}` });
  }

  async modifyWorkgroup(spec: WorkgroupSpec): Promise<WorkgroupDescription> {
    const { arn, workgroupId, snapshotName } = this.workgroup(spec.workgroupName);
    if (spec.snapshotName !== snapshotName) await this.fill(spec);
    return this.put({ ...spec, arn, workgroupId });
  }

  deleteWorkgroup(workgroupName: string): void {
    const workgroup = this.state.workgroups[workgroupName];
    if (workgroup === undefined) return;
    this.state.usageLimits = this.state.usageLimits.filter(({ resourceArn }) => resourceArn !== workgroup.arn);
    delete this.state.workgroups[workgroupName];
    this.save();
  }

  workgroups(): readonly WorkgroupDescription[] {
    return Object.values(this.state.workgroups);
  }

  usageLimits(resourceArn?: string): readonly UsageLimit[] {
    return this.state.usageLimits.filter((limit) => resourceArn === undefined || limit.resourceArn === resourceArn);
  }

  createUsageLimit(limit: Omit<UsageLimit, 'usageLimitId'>): UsageLimit {
    const { resourceArn, usageType, period, breachAction } = limit;
    if (!this.workgroups().some(({ arn }) => arn === resourceArn)) throw notFound(`The resource ${resourceArn}`);
    const same = this.usageLimits(resourceArn).some(
      (each) => each.usageType === usageType && each.period === period && each.breachAction === breachAction,
    );
    if (same) {
      throw new AwsError('ConflictException', `There is a ${period} ${usageType} limit with ${breachAction} already.`);
    }
    const made = { ...limit, usageLimitId: this.ids.uuid() };
    this.state.usageLimits.push(made);
    this.save();
    return made;
  }

  updateUsageLimit(id: string, change: Partial<Pick<UsageLimit, 'amount' | 'breachAction'>>): UsageLimit {
    const updated = { ...this.usageLimit(id), ...change };
    this.state.usageLimits = this.state.usageLimits.map((each) => (each.usageLimitId === id ? updated : each));
    this.save();
    return updated;
  }

  deleteUsageLimit(id: string): UsageLimit {
    const limit = this.usageLimit(id);
    this.state.usageLimits = this.state.usageLimits.filter(({ usageLimitId }) => usageLimitId !== id);
    this.save();
    return limit;
  }

  warehouse(workgroupName: string) {
    return this.engines.warehouse(this.workgroup(workgroupName).namespaceName);
  }

  close(): Promise<void> {
    return this.engines.close();
  }

  private async fill({ namespaceName, snapshotName }: WorkgroupSpec): Promise<void> {
    if (snapshotName !== undefined) await inServerlessWords(this.engines.restore(namespaceName, snapshotName));
  }

  private namespace(name: string): NamespaceDescription {
    const engine = this.engines.describe(name);
    if (engine === undefined) throw notFound(`The namespace ${name}`);
    return {
      namespaceName: name,
      database: engine.database,
      adminUsername: engine.masterUsername,
      roleArns: engine.roleArns,
      manageAdminPassword: engine.manageMasterPassword,
      arn: engine.arn,
      namespaceId: this.state.namespaceIds[name] ?? '',
      ...(engine.masterPasswordSecretArn && { adminSecretArn: engine.masterPasswordSecretArn }),
      ...(engine.masterPasswordSecretKeyArn && { adminSecretKeyArn: engine.masterPasswordSecretKeyArn }),
    };
  }

  private workgroup(name: string): WorkgroupDescription {
    const workgroup = this.state.workgroups[name];
    if (workgroup === undefined) throw notFound(`The workgroup ${name}`);
    return workgroup;
  }

  private usageLimit(id: string): UsageLimit {
    const limit = this.state.usageLimits.find(({ usageLimitId }) => usageLimitId === id);
    if (limit === undefined) throw notFound(`The usage limit ${id}`);
    return limit;
  }

  private namespaceArn(name: string): string {
    return `${this.prefix}namespace/${this.state.namespaceIds[name]}`;
  }

  private put(workgroup: WorkgroupDescription): WorkgroupDescription {
    this.state.workgroups[workgroup.workgroupName] = workgroup;
    this.save();
    return workgroup;
  }

  private save(): void {
    mkdirSync(join(this.file, '..'), { recursive: true });
    writeFileAtomicSync(this.file, `${JSON.stringify(this.state, null, 1)}\n`);
  }
}

/** The engines say what they refuse as clusters do. @throws AwsError ResourceNotFoundException, ConflictException */
async function inServerlessWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ClusterSnapshotNotFound')
      throw new AwsError('ResourceNotFoundException', error.message, 404);
    if (error instanceof AwsError && error.code === 'ClusterSnapshotAlreadyExists')
      throw new AwsError('ConflictException', error.message);
    throw error;
  }
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);
}

function engineSpec(spec: NamespaceSpec): ClusterSpec {
  return {
    clusterIdentifier: spec.namespaceName,
    database: spec.database,
    masterUsername: spec.adminUsername,
    port: 5439,
    nodeType: 'serverless',
    numberOfNodes: 1,
    clusterViews: false,
    roleArns: spec.roleArns,
    manageMasterPassword: spec.manageAdminPassword,
    ...(spec.adminSecretKeyArn && { masterPasswordSecretKeyArn: spec.adminSecretKeyArn }),
  };
}
