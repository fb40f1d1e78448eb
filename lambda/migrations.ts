import { ConfigurationError } from './errors';
import { type Migration, tagged } from './sql-files';

/** A row of etl.migrations. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** With the lock and the row of etl.migrations at most 40 statements, the Data API's limit. */
const BATCH_SIZE = 38;

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

/** The next migrations and their rows, as one transaction; what is left over comes with the next batch. */
export function migrationStatements(pending: readonly Migration[], runId: string): readonly string[] {
  const batch = pending.slice(0, BATCH_SIZE);
  const rows = batch.map(({ version, name, checksum }) => `    (${version}, '${name}', '${checksum}', '${runId}')`);
  const record = `insert into etl.migrations (version, name, checksum, run_id)\nvalues\n${rows.join(',\n')}`;
  return [...batch.map(({ sql }) => tagged(sql.file, runId, sql.text.trimEnd())), tagged('migrations', runId, record)];
}

/** The applied migrations that this version of the code does not know. */
export function unknownMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly AppliedMigration[] {
  return applied.slice(files.length);
}
