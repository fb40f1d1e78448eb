import { lineOf, StatementsError } from './errors';
import { didYouMean } from './suggest';

/** One statement of Redshift SQL as it stands in its file. */
export interface SqlFile {
  /** Path below `sql/`, for example `load/030_copy_songs.sql`. */
  readonly file: string;
  readonly text: string;
  /** `-- runs: …`: in which modes the statement runs. */
  readonly runs: 'always' | 'incremental' | 'refresh';
  /** `-- when: …`: what the run must have, or the statement is left out: files of a source, or one of CONDITIONS. */
  readonly when?: string;
  /** `-- severity: …`: what a check with offending rows does. */
  readonly severity: 'error' | 'warn';
}

/** What stands after `-- when:` in the folders of the run itself; in `load` it is the name of a source. */
export const CONDITIONS = ['listed files', 'rejected values', 'no rejected values'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What to do about a wrong file. */
export const ADVICE = 'Mend the SQL file and deploy again.';

/**
 * Reads the directives from the comment at a file's head.
 * @param sources names that may stand after `-- when:`
 * @throws StatementsError for a directive that says what it may not
 */
export function parseSqlFile(file: string, text: string, sources: readonly string[] = []): SqlFile {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = lines.slice(0, end < 0 ? lines.length : end);
  const directive = <T extends string>(name: string, allowed: readonly T[], advice = ADVICE): T | undefined => {
    const begin = `-- ${name}: `;
    const line = header.findIndex((each) => each.startsWith(begin));
    if (line < 0) return undefined;
    const found = (header[line] ?? '').slice(begin.length);
    if (allowed.includes(found as T)) return found as T;
    throw new StatementsError(
      `${file} line ${line + 1}`,
      `'${begin}${found}' is none of ${allowed.join(', ')}${didYouMean(found, allowed)}`,
      advice,
    );
  };
  const sourceAdvice = 'A source is declared in sql/sources.yaml: mend the header, or declare it there.';
  return {
    file,
    text,
    runs: directive('runs', ['always', 'incremental', 'refresh'] as const) ?? 'always',
    when: file.startsWith('load/') ? directive('when', sources, sourceAdvice) : directive('when', CONDITIONS),
    severity: directive('severity', ['error', 'warn'] as const) ?? 'error',
  };
}

/** A file with the line on which a piece of its text first stands. */
export function placeOf({ file, text }: Pick<SqlFile, 'file' | 'text'>, piece: string | RegExp): string {
  return lineOf(file, text, typeof piece === 'string' ? text.indexOf(piece) : text.search(piece));
}

/** The statement without comments and what stands between quotes, so that no word there is taken for a name. */
export function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--.*$/gm, ' ')
    .replace(/'(?:[^']|'')*'/g, "''");
}
