import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { outColours as pc } from '../colours';
import { UsageError } from '../errors';
import { IDENTITIES, type IdentityName } from '../identities';
import { FORMATS, type Format } from '../output';
import type { Catalogue } from './catalogue';
import { type Completion, describable } from './completion';
import { describeRelation, relationList, relationsMeant } from './describe-relation';
import { checkWritable, formatOf } from './output-file';
import type { Shell } from './shell';

/** A command to the shell itself. */
interface Meta {
  readonly name: string;
  readonly argument?: string;
  readonly help: string;
  /** What its argument may be. */
  readonly choices?: (catalogue: Catalogue, typed: string) => readonly string[];
  readonly run: (shell: Shell, argument: string) => Promise<void> | void;
}

const META: readonly Meta[] = [
  { name: '\\?', help: 'this help', run: (shell) => shell.print(helpText()) },
  {
    name: '\\d',
    argument: '[name]',
    help: 'tables and views; or the columns, keys and rows of one',
    choices: describable,
    run: describe,
  },
  {
    name: '\\dt',
    argument: '[schema]',
    help: 'tables',
    choices: schemas,
    run: (shell, of) => list(shell, 'table', of),
  },
  { name: '\\dv', argument: '[schema]', help: 'views', choices: schemas, run: (shell, of) => list(shell, 'view', of) },
  { name: '\\dn', help: 'schemas', run: listSchemas },
  {
    name: '\\x',
    help: 'a line for each column instead of a table, or back',
    run: (shell) => {
      shell.view.expanded = !shell.view.expanded;
      shell.print(`Each column ${shell.view.expanded ? 'has a line of its own' : 'is a column of a table'} now.`);
    },
  },
  {
    name: '\\timing',
    help: 'times of statements, or none',
    run: (shell) => {
      shell.timing = !shell.timing;
      shell.print(`Times are ${shell.timing ? 'shown' : 'not shown'} now.`);
    },
  },
  {
    name: '\\format',
    argument: FORMATS.join('|'),
    help: 'how results are shown',
    choices: () => FORMATS,
    run: setFormat,
  },
  {
    name: '\\o',
    argument: '[file]',
    help: 'write the next result to a file (.csv, .json, .txt)',
    choices: files,
    run: setFile,
  },
  { name: '\\i', argument: 'file', help: 'run the statements of a file', choices: files, run: runFile },
  {
    name: '\\as',
    argument: IDENTITIES.join('|'),
    help: 'go on as somebody else, in a new session',
    choices: () => IDENTITIES,
    run: become,
  },
  {
    name: '\\q',
    help: 'leave; so do Ctrl-D, exit and quit',
    run: (shell) => {
      shell.left = true;
    },
  },
];

function helpText(): string {
  const head = ({ name, argument }: Meta) => (argument === undefined ? name : `${name} ${argument}`);
  const width = Math.max(...META.map((meta) => head(meta).length));
  return [
    ...META.map((meta) => `  ${head(meta).padEnd(width)}  ${meta.help}`),
    '',
    '  Tab completes, the arrows bring back what was typed; Ctrl-C clears the line, or cancels the running statement.',
    '  begin … commit, temporary tables and SET hold for the whole shell: it is one session.',
  ].join('\n');
}

/** Runs a line that begins with a backslash; what is wrong with it is printed. */
export async function runMeta(shell: Shell, line: string): Promise<void> {
  const [, name = '', argument = ''] = /^(\S+)\s*([\s\S]*?);?\s*$/.exec(line) ?? [];
  const meta = META.find((one) => one.name === name);
  try {
    if (meta === undefined) throw new UsageError(`There is no ${name}; \\? shows what there is.`);
    await meta.run(shell, argument.trim());
  } catch (error) {
    shell.print(pc.red(error instanceof Error ? error.message : String(error)));
  }
}

/** Completes a command's name, then its argument. */
export function completeMeta(catalogue: Catalogue, before: string): Completion {
  const [, name = '', blank = '', typed = ''] = /^\s*(\S+)(\s*)(.*)$/.exec(before) ?? [];
  const [all, replaces] =
    blank === ''
      ? [META.map((meta) => meta.name), name]
      : [META.find((meta) => meta.name === name)?.choices?.(catalogue, typed) ?? [], typed];
  return { candidates: all.filter((one) => one.startsWith(replaces)), replaces };
}

function schemas(catalogue: Catalogue): readonly string[] {
  return catalogue.schemas;
}

/** Files and folders that go on with a path. */
function files(_: Catalogue, typed: string): readonly string[] {
  const folder = typed.endsWith('/') ? typed : dirname(typed);
  try {
    const found = readdirSync(folder, { withFileTypes: true });
    const prefix = typed.includes('/') ? typed.slice(0, typed.lastIndexOf('/') + 1) : '';
    const begun = typed.endsWith('/') ? '' : basename(typed);
    return found
      .filter(({ name }) => name.startsWith(begun))
      .map((entry) => `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`);
  } catch {
    // A folder that is not there has nothing to offer.
    return [];
  }
}

async function list(shell: Shell, kind: 'table' | 'view' | undefined, schema: string): Promise<void> {
  await shell.show(relationList(await shell.catalogue(), kind, schema === '' ? undefined : schema));
}

async function listSchemas(shell: Shell): Promise<void> {
  const { schemas: names } = await shell.catalogue();
  await shell.show({ columns: [{ name: 'schema', numeric: false }], rows: names.map((name) => [name]) });
}

async function describe(shell: Shell, name: string): Promise<void> {
  if (name === '') return list(shell, undefined, '');
  const relations = relationsMeant(await shell.catalogue(), name);
  if (relations.length === 0) throw new UsageError(`You see no table or view ${name}; \\d shows those that you see.`);
  for (const relation of relations) {
    const { title, columns, footnotes } = await describeRelation(shell.warehouse, relation);
    shell.print(pc.bold(title));
    await shell.show(columns);
    if (footnotes.length > 0) shell.print(pc.dim(footnotes.join('; ')));
  }
}

function setFormat(shell: Shell, format: string): void {
  if (!(FORMATS as readonly string[]).includes(format)) throw new UsageError(`\\format takes ${FORMATS.join(', ')}.`);
  shell.view.format = format as Format;
}

function setFile(shell: Shell, file: string): void {
  if (file === '') {
    shell.nextFile = undefined;
    shell.print('Results are shown.');
    return;
  }
  formatOf(file);
  checkWritable(file, false);
  shell.nextFile = file;
  shell.print(`The next result goes to ${file}.`);
}

async function runFile(shell: Shell, file: string): Promise<void> {
  if (file === '') throw new UsageError('\\i takes a file.');
  await shell.runText(await shell.parts.readFile(file), file);
}

async function become(shell: Shell, identity: string): Promise<void> {
  if (!(IDENTITIES as readonly string[]).includes(identity))
    throw new UsageError(`\\as takes ${IDENTITIES.join(', ')}.`);
  await shell.become(identity as IdentityName);
  shell.print(`You are ${identity} now, in a new session.`);
}
