/** What a deploy does to one resource. */
export type Effect = 'add' | 'change' | 'may replace' | 'replace' | 'remove' | 'let go' | 'import';

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly effect: Effect;
  /** The properties that differ. */
  readonly properties: readonly string[];
  /** Why data would be lost; absent where none is. */
  readonly destroys?: string;
}

export interface PendingMigration {
  /** `migrations/0003_users.sql`. */
  readonly file: string;
  readonly destroys?: string;
}

/** What loading will cost. */
export interface LoadCost {
  /** Rebuilds the star from all files, or loads what is new. */
  readonly mode: 'refresh' | 'incremental';
  readonly why: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

/** What a deploy would change in an environment. */
export interface Plan {
  readonly environment: string;
  readonly stackName: string;
  /** Both halves: what would be deployed, and over what. `-c plan=HASH` and `--expect HASH` take it. */
  readonly hash: string;
  /** Nothing is deployed there yet. */
  readonly first: boolean;
  readonly infrastructure: readonly ResourceChange[];
  /** Names of the stack's outputs that are made, changed or removed. */
  readonly outputs: readonly string[];
  readonly migrations: readonly PendingMigration[];
  /** Why the function would refuse to migrate: applied migrations that were edited, gaps. */
  readonly refused: readonly string[];
  /** Undefined where nobody can tell before the first deploy. */
  readonly load?: LoadCost;
  /** Everything that would lose data, in a sentence each. */
  readonly destructive: readonly string[];
}

/** True when the deploy would do nothing at all. */
export function isEmpty(plan: Plan): boolean {
  const { infrastructure, outputs, migrations, first } = plan;
  return infrastructure.length + outputs.length + migrations.length === 0 && !first;
}
