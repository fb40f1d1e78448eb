import { StatementsError } from './errors';
import { checkName, placesForChecks } from './load-plan';
import { placeholdersIn, refuseUnknownPlaceholders, sourcePlaceholder } from './render';
import type { Source } from './sources';
import { ADVICE, codeOf, placeOf, type SqlFile } from './sql-file';
import { loaderGrants, tablesOf, usesOf } from './tables';
import type { SqlTree } from './tree';
import { refuseTooManyViews, viewName } from './views';

/**
 * Finds what would fail in the warehouse, as far as the files alone say it: at synth, before anything is deployed.
 * @throws StatementsError for the first of: an unknown placeholder, a source without its COPY, a COPY that does not keep
 * the rules of a load, a JSONPaths file that COPY would not read as one, a wrong check or view, a table that the loader
 * may not use, more statements than a batch takes
 */
export function judgeTree(tree: SqlTree): void {
  const names = tree.sources.map(({ name }) => name);
  const rendered = [...tree.load, ...Object.values(tree.run).flat(), ...tree.maintain, ...tree.analytics];
  for (const sql of rendered) refuseUnknownPlaceholders(sql, names);
  for (const sql of [...tree.checks, ...tree.migrations.map((each) => each.sql)]) refusePlaceholders(sql);
  for (const sql of tree.load) refuseOtherSources(sql);
  for (const source of tree.sources) judgeSource(source, tree);
  for (const check of tree.checks) judgeCheck(check);
  for (const view of tree.analytics) viewName(view);
  refuseTooManyViews(tree);
  refuseMissingGrants(tree);
  for (const mode of ['incremental', 'refresh'] as const) {
    const all = new Set(names);
    placesForChecks(tree, { mode, sources: all, rejecting: all, rejectedValues: true });
  }
}

/** Checks and migrations are sent as they stand. */
function refusePlaceholders(sql: SqlFile): void {
  const [name] = placeholdersIn(sql.text);
  if (name === undefined) return;
  const what = sql.file.startsWith('checks/') ? 'a check' : 'a migration';
  throw new StatementsError(
    placeOf(sql, `{{${name}}}`),
    `${what} takes no placeholders, and here is {{${name}}}`,
    ADVICE,
  );
}

/** Values of a source are there only when the run has files of it. */
function refuseOtherSources(sql: SqlFile): void {
  for (const name of placeholdersIn(sql.text)) {
    const source = sourcePlaceholder(name)?.source;
    if (source === undefined || source === sql.when) continue;
    throw new StatementsError(
      placeOf(sql, `{{${name}}}`),
      `{{${name}}} has a value only where the run has files of ${source}, and the file's header does not say so`,
      `Write '-- when: ${source}' into the comment at its head.`,
    );
  }
}

function judgeSource(source: Source, tree: SqlTree): void {
  const { name, jsonPaths } = source;
  const copy = tree.copies[name];
  if (copy === undefined)
    throw new StatementsError(
      'sources.yaml',
      `no file of sql/load copies the source ${name}: its files would be listed and never loaded`,
      `Add sql/load/03N_copy_${name}.sql with '-- when: ${name}' and from '{{${name}_manifest_url}}', as ` +
        'sql/load/030_copy_songs.sql has it.',
    );
  const uses = (text: string): boolean => copy.sql.text.includes(text);
  const begin = placeOf(copy.sql, /^copy\b/m);
  if (!uses(`maxerror {{${name}_max_errors}}`))
    throw new StatementsError(
      begin,
      `this COPY does not say maxerror {{${name}_max_errors}}, so that it keeps no limit of rejects`,
      ADVICE,
    );
  if (!/^manifest$/m.test(codeOf(copy.sql.text)))
    throw new StatementsError(begin, 'this COPY does not say manifest, so that it would load the list as data', ADVICE);
  if (jsonPaths !== undefined && !uses(`{{${name}_jsonpaths_url}}`))
    throw new StatementsError(
      begin,
      `sql/sources.yaml gives ${name} a JSONPaths file, and this COPY does not use it`,
      `Write format as json '{{${name}_jsonpaths_url}}', or take jsonpaths out of sql/sources.yaml.`,
    );
  if (jsonPaths === undefined && uses(`{{${name}_jsonpaths_url}}`))
    throw new StatementsError(
      placeOf(copy.sql, `{{${name}_jsonpaths_url}}`),
      `sql/sources.yaml gives ${name} no JSONPaths file`,
      `Write format as json 'auto', or declare jsonpaths of ${name} in sql/sources.yaml.`,
    );
  if (jsonPaths !== undefined && 'file' in jsonPaths) judgeJsonPaths(jsonPaths.file, source, tree);
}

/** COPY takes a file without `jsonpaths` for 'auto', and says nothing. */
function judgeJsonPaths(file: string, { name }: Source, tree: SqlTree): void {
  const text = tree.jsonPaths[file];
  if (text === undefined)
    throw new StatementsError(
      'sources.yaml',
      `the JSONPaths file of ${name}, sql/${file}, is not there`,
      `Write it: {"jsonpaths": ["$.a", …]}, one path a column of ${tree.copies[name]?.sql.file}.`,
    );
  const paths = pathsIn(text);
  if (paths === undefined)
    throw new StatementsError(
      file,
      'it is no JSON of the shape {"jsonpaths": ["$.a", …]}, and COPY would take it for \'auto\'',
      'Mend it and deploy again.',
    );
  const columns = tree.copies[name]?.columns ?? [];
  if (columns.length > 0 && columns.length !== paths.length)
    throw new StatementsError(
      file,
      `it has ${paths.length} paths for the ${columns.length} columns of sql/${tree.copies[name]?.sql.file}`,
      'Give one path a column, in their order.',
    );
}

function pathsIn(text: string): readonly string[] | undefined {
  try {
    const { jsonpaths } = JSON.parse(text) as { readonly jsonpaths?: unknown };
    const right = Array.isArray(jsonpaths) && jsonpaths.every((path) => typeof path === 'string' && path !== '');
    return right ? (jsonpaths as readonly string[]) : undefined;
  } catch {
    return undefined;
  }
}

function judgeCheck(check: SqlFile): void {
  checkName(check);
  if (/\boffender\b/.test(codeOf(check.text))) return;
  throw new StatementsError(
    check.file,
    'a check selects the rows that offend as one column of text named offender, and this one names none',
    "Write select 'key ' || key as offender from … where …: it passes where it finds no row.",
  );
}

/** Else the load fails in the warehouse, with its transaction half done. */
function refuseMissingGrants(tree: SqlTree): void {
  const migrations = tree.migrations.map(({ sql }) => sql);
  const grants = loaderGrants(migrations);
  if (grants === undefined) return;
  const tables = new Set(tablesOf(migrations));
  for (const sql of [...tree.load, ...tree.checks])
    for (const { table, privilege } of usesOf(sql)) {
      if (!tables.has(table) || grants.get(table)?.has(privilege) === true) continue;
      const next = String(migrations.length + 1).padStart(4, '0');
      throw new StatementsError(
        placeOf(sql, table),
        `the load may not ${privilege} on ${table}: no migration grants it to sparkify_loader`,
        `Add sql/migrations/${next}_….sql: grant ${privilege} on table ${table} to role sparkify_loader.`,
      );
    }
}
