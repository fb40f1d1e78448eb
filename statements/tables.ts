import { codeOf, type SqlFile } from './sql-file';

const NAME = '([a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*)';
const LOADER = 'sparkify_loader';

/** A privilege of the loader on a table. */
export type Privilege = 'select' | 'insert' | 'update' | 'delete';
const ALL: readonly Privilege[] = ['select', 'insert', 'update', 'delete'];

/** The tables that the migrations leave behind, with their schema, in the order in which they are made. */
export function tablesOf(migrations: readonly SqlFile[]): readonly string[] {
  const tables = new Set<string>();
  for (const { text } of migrations) {
    const code = codeOf(text);
    const made = new RegExp(`^\\s*create table (?:if not exists )?${NAME}`).exec(code)?.[1];
    const gone = new RegExp(`^\\s*drop table (?:if exists )?${NAME}`).exec(code)?.[1];
    const [, before, after] = new RegExp(`^\\s*alter table ${NAME}\\s+rename to ([a-z_][a-z0-9_]*)`).exec(code) ?? [];
    if (gone !== undefined) tables.delete(gone);
    if (before !== undefined && tables.delete(before)) tables.add(`${before.split('.')[0]}.${after}`);
    if (made !== undefined) tables.add(made);
  }
  return [...tables];
}

/**
 * What the migrations grant to the loader, by table; undefined where they grant it in a way that names no tables (on all
 * tables of a schema, by default privileges), so that nobody can tell from their text.
 */
export function loaderGrants(migrations: readonly SqlFile[]): ReadonlyMap<string, ReadonlySet<Privilege>> | undefined {
  const grants = new Map<string, Set<Privilege>>();
  for (const { text } of migrations) {
    const code = codeOf(text);
    if (!new RegExp(`\\bgrant\\b[\\s\\S]*\\bto role[\\s\\S]*\\b${LOADER}\\b`).test(code)) continue;
    if (/\b(alter default privileges|all tables in schema)\b/.test(code)) return undefined;
    const [, what = '', tables = ''] =
      /\bgrant\s+([\s\S]*?)\s+on\s+(?:table\s+)?([\s\S]*?)\s+to\s+role\b/.exec(code) ?? [];
    const privileges = /^all\b/.test(what) ? ALL : ALL.filter((each) => new RegExp(`\\b${each}\\b`).test(what));
    for (const table of tables.split(',').map((each) => each.trim())) {
      const held = grants.get(table) ?? new Set();
      for (const each of privileges) held.add(each);
      grants.set(table, held);
    }
  }
  return grants;
}

/** What a statement of the load does to tables with a schema, as far as its text says it. */
export function usesOf({ text }: SqlFile): readonly { readonly table: string; readonly privilege: Privilege }[] {
  const code = codeOf(text);
  const find = (pattern: string, privilege: Privilege) =>
    [...code.matchAll(new RegExp(pattern, 'g'))].map((found) => ({ table: String(found[1]), privilege }));
  return [
    ...find(`\\b(?:insert into|copy)\\s+${NAME}`, 'insert'),
    ...find(`\\bupdate\\s+${NAME}`, 'update'),
    ...find(`\\bdelete from\\s+${NAME}`, 'delete'),
    ...find(`\\b(?<!delete )(?:from|join|using)\\s+${NAME}`, 'select'),
    ...calledDeletes(text),
  ];
}

/** etl.clear and etl.take_out delete from the tables that their first argument names. */
function calledDeletes(text: string): readonly { readonly table: string; readonly privilege: Privilege }[] {
  const list = /\bcall etl\.(?:clear|take_out)\(\s*'([^']*)'/.exec(text.replace(/--.*$/gm, ''))?.[1] ?? '';
  return [...list.matchAll(new RegExp(NAME, 'g'))].map((found) => ({ table: String(found[1]), privilege: 'delete' }));
}
