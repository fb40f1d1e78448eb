/** A statement that writes: a file of `sql/load`, or a view of the warehouse. */
export interface Statement {
  /** What it makes, where the text does not say it (a view's definition is only its query). */
  readonly target?: string;
  readonly text: string;
}

/** From what is read to what is written, by names with their schema; source files as `s3:songs`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Comments and literals away, so that no word in them is taken for a table. */
function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--.*$/gm, ' ')
    .replace(/'(?:[^']|'')*'/g, "''");
}

const NAME = String.raw`"?([a-z_][\w$]*)"?(?:\."?([a-z_][\w$]*)"?)?`;
const TARGET = new RegExp(
  String.raw`\b(?:insert into|copy|create (?:temp|temporary) table|create (?:or replace )?view|create table|merge into|update)\s+${NAME}`,
);
const READ = new RegExp(String.raw`\b(?:from|join|using)\s+${NAME}`, 'g');

/** A name with its schema; one without is `public`'s, or the transaction's own temporary table. */
function qualified(first: string, second: string | undefined): string {
  return second === undefined ? first : `${first}.${second}`;
}

/** Names of common table expressions: no tables. */
function commonTables(sql: string): ReadonlySet<string> {
  return new Set([...sql.matchAll(/\b([a-z_]\w*)\s+as\s*\(\s*(?:select|with)\b/g)].map(([, name]) => String(name)));
}

/** What a statement reads from and writes to. Deletes bring nothing: they have no edges. */
export function edgesOf({ target, text }: Statement): readonly Edge[] {
  const sql = code(text).toLowerCase();
  const written = TARGET.exec(sql);
  const to = target ?? (written === null ? undefined : qualified(String(written[1]), written[2]));
  if (to === undefined) return [];
  // COPY reads what its manifest lists; the placeholder of the file says of which source.
  const source = /\{\{(\w+)_manifest_url\}\}/.exec(text)?.[1];
  if (source !== undefined) return [{ from: `s3:${source}`, to }];
  const common = commonTables(sql);
  const reads = [...sql.matchAll(READ)]
    .map((found) => qualified(String(found[1]), found[2]))
    .filter((name) => !common.has(name) && name !== to);
  return [...new Set(reads)].map((from) => ({ from, to }));
}

/**
 * The lineage between the nodes that are worth showing: a way over others (temporary tables, the load's own tables)
 * becomes one edge.
 */
export function lineage(statements: readonly Statement[], isShown: (name: string) => boolean): readonly Edge[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of statements.flatMap(edgesOf)) next.set(from, (next.get(from) ?? new Set()).add(to));
  const edges: Edge[] = [];
  for (const from of [...next.keys()].filter(isShown)) {
    const seen = new Set<string>();
    const waiting = [...(next.get(from) ?? [])];
    for (let to = waiting.pop(); to !== undefined; to = waiting.pop()) {
      if (seen.has(to)) continue;
      seen.add(to);
      if (!isShown(to)) waiting.push(...(next.get(to) ?? []));
      else if (to !== from) edges.push({ from, to });
    }
  }
  return edges;
}
