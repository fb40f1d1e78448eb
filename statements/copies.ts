import { StatementsError } from './errors';
import { placeholdersIn, sourcePlaceholder } from './render';
import { ADVICE, codeOf, placeOf, type SqlFile } from './sql-file';

/** The statement that loads a source. */
export interface Copy {
  readonly sql: SqlFile;
  /** With its schema: `public.staging_songs`. */
  readonly table: string;
  /** The columns that it names. */
  readonly columns: readonly string[];
}

const COPY = /^\s*copy\s+([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*)\s*(?:\(([^)]*)\))?/;

/**
 * The COPY of each source, by the name in its manifest's placeholder.
 * @throws StatementsError for two of one source, and for one that is not of a source or has no schema before its table
 */
export function findCopies(load: readonly SqlFile[]): Readonly<Record<string, Copy>> {
  const copies: Record<string, Copy> = {};
  for (const sql of load) {
    const source = placeholdersIn(sql.text)
      .map(sourcePlaceholder)
      .find((found) => found?.what === 'manifest_url')?.source;
    const code = codeOf(sql.text);
    if (!/^\s*copy\b/.test(code)) continue;
    const [, table, columns = ''] = COPY.exec(code) ?? [];
    if (table === undefined)
      throw new StatementsError(placeOf(sql, /^copy\b/m), 'the table of a COPY is written with its schema', ADVICE);
    if (source === undefined)
      throw new StatementsError(
        placeOf(sql, /^copy\b/m),
        'this COPY reads no manifest of a source: it has to say from {{NAME_manifest_url}}',
        'NAME is a source of sql/sources.yaml; see sql/load/030_copy_songs.sql.',
      );
    const other = copies[source];
    if (other !== undefined)
      throw new StatementsError(
        placeOf(sql, /^copy\b/m),
        `${source} is loaded by ${other.sql.file} already, and a source has one COPY`,
        'Read the table that it fills, or declare another source in sql/sources.yaml.',
      );
    copies[source] = {
      sql,
      table,
      columns: columns
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    };
  }
  return copies;
}
