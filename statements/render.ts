import { StatementsError } from './errors';
import { SOURCE_NAME } from './sources';
import { ADVICE, placeOf, type SqlFile } from './sql-file';
import { didYouMean } from './suggest';

/** Longest statement of the Data API, in bytes. */
const STATEMENT_LIMIT = 100_000;

const IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,127}$/;
const COUNT = /^\d{1,18}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const USER = /^([a-z][a-z0-9_]{0,62}|IAMR:[\w+=,.@-]{1,64})$/;
const URL = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[A-Za-z0-9!_.*()=@:,+/-]+$/;
const COUNTED = String.raw`\(select count\(\*\) from [a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*\) as "[a-z_][a-z0-9_]*"`;
const PLACEHOLDERS: Readonly<Record<string, RegExp>> = {
  run_id: IDENTIFIER,
  trigger: /^(deploy|schedule|operator)$/,
  mode: /^(incremental|refresh)$/,
  started_at: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/,
  files: COUNT,
  bytes: COUNT,
  vanished_files: COUNT,
  generation: COUNT,
  query_id: COUNT,
  lock_wait_ms: COUNT,
  applied_migrations: COUNT,
  load_digest: DIGEST,
  source_digest: DIGEST,
  loader_user: USER,
  analyst_user: USER,
  operator_user: USER,
  copy_role_arn: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  source_region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  source: SOURCE_NAME,
  table_counts: new RegExp(`^${COUNTED}(,\\n {4}${COUNTED})*$`),
  files_url: URL,
  listing_url: URL,
  buckets: /^(all|none|[0-9a-f]{3}(,[0-9a-f]{3})*)$/,
};
/** The placeholders of each source, behind its name. */
const OF_A_SOURCE: Readonly<Record<string, RegExp>> = {
  manifest_url: URL,
  jsonpaths_url: URL,
  max_errors: COUNT,
};
const OF_SOURCES = new RegExp(`^([a-z][a-z0-9_]{0,15})_(${Object.keys(OF_A_SOURCE).join('|')})$`);

/** Values for the placeholders, by their names. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/** A placeholder of a source in its two parts, undefined for another. */
export function sourcePlaceholder(name: string): { readonly source: string; readonly what: string } | undefined {
  const [, source, what] = OF_SOURCES.exec(name) ?? [];
  return source === undefined || what === undefined ? undefined : { source, what };
}

/** The names of all placeholders in a text, in their order. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name]) => String(name));
}

/**
 * Makes sure that a file uses placeholders that there are.
 * @param sources the declared names
 * @throws StatementsError with the line, and the one that was meant where it is close
 */
export function refuseUnknownPlaceholders(sql: SqlFile, sources: readonly string[]): void {
  for (const name of placeholdersIn(sql.text)) {
    const ofSource = sourcePlaceholder(name);
    if (ofSource === undefined ? name in PLACEHOLDERS : sources.includes(ofSource.source)) continue;
    const where = placeOf(sql, `{{${name}}}`);
    if (ofSource !== undefined)
      throw new StatementsError(
        where,
        `{{${name}}} is of a source ${ofSource.source}, but declared are ${sources.join(', ')}` +
          didYouMean(ofSource.source, sources),
        `Declare ${ofSource.source} in sql/sources.yaml, or mend the name.`,
      );
    const known = [
      ...Object.keys(PLACEHOLDERS),
      ...sources.flatMap((source) => Object.keys(OF_A_SOURCE).map((what) => `${source}_${what}`)),
    ];
    throw new StatementsError(
      where,
      `{{${name}}} is an unknown placeholder${didYouMean(name, known) || `; known are ${known.join(', ')}`}`,
      ADVICE,
    );
  }
}

function shapeOf(name: string): RegExp | undefined {
  return PLACEHOLDERS[name] ?? OF_A_SOURCE[sourcePlaceholder(name)?.what ?? ''];
}

/**
 * Fills `{{name}}` and puts the tag before the statement by which a person finds its file in SYS_QUERY_HISTORY. COPY
 * takes no parameters, so values stand in the text: each must match the strict shape of its placeholder.
 * @param label what the tag names, where it is not the file
 * @throws StatementsError for an unknown placeholder, a missing value or one of another shape
 */
export function renderSql(sql: SqlFile, runId: string, values: Values, label = sql.file): string {
  const text = sql.text.trimEnd().replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const shape = shapeOf(name);
    const value = values[name];
    if (shape === undefined)
      throw new StatementsError(placeOf(sql, `{{${name}}}`), `{{${name}}} is an unknown placeholder`, ADVICE);
    if (value === undefined || !shape.test(String(value)))
      throw new StatementsError(
        sql.file,
        `the value of ${name} is ${value === undefined ? 'missing' : `'${value}'`}`,
        `It must match ${shape.source}.`,
      );
    return String(value);
  });
  return tagged(label, runId, text);
}

/** Puts the tag before a statement. @throws StatementsError when it is longer than the Data API takes */
export function tagged(file: string, runId: string, text: string): string {
  const statement = `/* sparkify run=${runId} file=${file} */\n${text}`;
  if (Buffer.byteLength(statement) > STATEMENT_LIMIT)
    throw new StatementsError(
      file,
      `it has ${Buffer.byteLength(statement)} bytes, the Data API takes ${STATEMENT_LIMIT} a statement`,
      'Split it and deploy again.',
    );
  return statement;
}

/** The file that a statement's tag names. */
export function taggedFile(statement: string): string | undefined {
  return /^\/\* sparkify run=\S+ file=(\S+) \*\//.exec(statement)?.[1];
}
