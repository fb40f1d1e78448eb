import { createHash } from 'node:crypto';
import type { PendingMigration } from './plan';

/** A file of sql/migrations. */
export interface MigrationFile {
  /** `0003_users.sql`. */
  readonly name: string;
  readonly text: string;
}

/** A row of etl.migrations. */
export interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const DESTRUCTIVE = [
  [/^drop (table|schema|database|materialized view)\b/, 'drops'],
  [/^truncate\b/, 'empties a table'],
  [/^delete from\b/, 'deletes rows'],
  [/^alter table .+ drop column\b/, 'drops a column'],
] as const;

/** Which migrations a deploy would apply, and what the function would refuse; in the order of their versions. */
export function migrationPlan(
  files: readonly MigrationFile[],
  applied: readonly AppliedRow[],
): { readonly pending: readonly PendingMigration[]; readonly refused: readonly string[] } {
  const byVersion = new Map(applied.map((row) => [row.version, row]));
  const pending: PendingMigration[] = [];
  const refused: string[] = [];
  for (const [index, { name, text }] of files.entries()) {
    const version = Number(/^(\d{4})_/.exec(name)?.[1]);
    const row = byVersion.get(version);
    if (version !== index + 1) {
      refused.push(`migrations/${name}: number ${String(index + 1).padStart(4, '0')} is missing or doubled`);
    } else if (row === undefined) {
      const destroys = destroyedBy(text);
      pending.push({ file: `migrations/${name}`, ...(destroys !== undefined && { destroys }) });
    } else if (row.checksum !== createHash('sha256').update(text).digest('hex')) {
      refused.push(
        `migrations/${name} was edited after it was applied: restore it and put the change into a new migration`,
      );
    }
  }
  return { pending, refused };
}

function destroyedBy(text: string): string | undefined {
  const statement = text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--.*$/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  const what = DESTRUCTIVE.find(([pattern]) => pattern.test(statement))?.[1];
  return what === undefined ? undefined : `it ${what}: ${statement.slice(0, 80)}`;
}
