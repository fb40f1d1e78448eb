import { tagged } from '../statements/render';
import type { Migration } from '../statements/tree';
import { ConfigurationError } from './errors';

/** A row of etl.migrations. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** With sql/run/migrate and the rows of etl.migrations at most 40 statements, the Data API's limit. */
const BATCH_SIZE = 35;

/**
 * What Redshift refuses in a transaction block, and TRUNCATE, which would commit what stands before it.
 * Source: Redshift Database Developer Guide, the pages of these commands.
 */
const ALONE = [
  /^vacuum\b/,
  /^truncate\b/,
  /^alter table .+ alter column\b/,
  /^alter table .+ alter \S+ type\b/,
  /^alter table \S+ append from\b/,
  // Of external tables.
  /^alter table \S+ (add (if not exists )?partition|drop partition|partition \(.+\) set location|set (location|file format|table properties))\b/,
  /^(create|drop|alter) database\b/,
  /^create external table\b/,
  /^(create|drop) library\b/,
  /^create external schema .+ create external database if not exists\b/,
  /^copy .+ job create\b/,
  /^copy job drop\b/,
];

/**
 * True for a statement that must run by itself, outside of a transaction. Its row in etl.migrations then follows in a
 * transaction of its own; a run that dies between the two leaves it to the next one, which runs the statement again.
 * So such a migration must do no harm twice, as all of these do: VACUUM, APPEND from a table that is empty by now, TYPE
 * with the same length; CREATE and DROP say `if exists`.
 */
export function standsAlone(sql: string): boolean {
  const statement = sql
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--.*$/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return ALONE.some((pattern) => pattern.test(statement));
}

/** The next migration where it stands alone. */
export function nextAlone(pending: readonly Migration[]): Migration | undefined {
  const [first] = pending;
  return first !== undefined && standsAlone(first.sql.text) ? first : undefined;
}

/**
 * The migrations that the warehouse still lacks, in order. A warehouse that is ahead lacks none: a deploy that was rolled
 * back leaves its migrations applied, and the older code has to go on loading.
 * @throws ConfigurationError when an applied one was edited or renamed, or the versions have a gap
 */
export function pendingMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const [index, row] of applied.entries()) {
    const label = `migration ${String(row.version).padStart(4, '0')}_${row.name}`;
    if (row.version !== index + 1)
      throw new ConfigurationError(
        `${label} is applied but ${String(index + 1).padStart(4, '0')} is not`,
        'Mend etl.migrations by hand: its versions must have no gap.',
      );
    const file = files[index];
    if (file === undefined) continue;
    if (file.checksum !== row.checksum || file.name !== row.name)
      throw new ConfigurationError(
        `${label} was applied with checksum ${row.checksum.slice(0, 12)}, but sql/${file.sql.file} has ` +
          `${file.checksum.slice(0, 12)}: it was edited after it was applied`,
        `Restore the file and put the change into a new migration ${String(files.length + 1).padStart(4, '0')}_….sql.`,
      );
  }
  return files.slice(applied.length);
}

/** The next migrations and their rows, as one transaction; what is left over comes later. */
export function migrationStatements(pending: readonly Migration[], runId: string): readonly string[] {
  const alone = pending.findIndex(({ sql }) => standsAlone(sql.text));
  const batch = pending.slice(0, Math.min(BATCH_SIZE, alone < 0 ? BATCH_SIZE : alone));
  const rows = batch.map(({ version, name, checksum }) => `    (${version}, '${name}', '${checksum}', '${runId}')`);
  const record = `insert into etl.migrations (version, name, checksum, run_id)\nvalues\n${rows.join(',\n')}`;
  return [...batch.map(({ sql }) => tagged(sql.file, runId, sql.text.trimEnd())), tagged('migrations', runId, record)];
}

/** The row of a migration that stands alone; none where another run has written it. */
export function recordStatement({ version, name, checksum }: Migration, runId: string): string {
  const record = `insert into etl.migrations (version, name, checksum, run_id)
select
    ${version},
    '${name}',
    '${checksum}',
    '${runId}'
where not exists (select 1 from etl.migrations where version = ${version})`;
  return tagged('migrations', runId, record);
}

/** Reads what sql/run/prepare reads, for a run that does not prepare or has forgotten. */
export function appliedStatement(runId: string): string {
  return tagged('applied', runId, 'select version, name, checksum from etl.migrations order by version');
}

/** The applied migrations that this version of the code does not know. */
export function unknownMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly AppliedMigration[] {
  return applied.slice(files.length);
}
