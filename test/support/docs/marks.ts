import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, commandOf } from './commands';
import { type Block, ROOT } from './pages';

/** Why a block's commands are not run with the others: for a reason, or because a test runs them on its own. */
export type Mark =
  | { readonly kind: 'not run'; readonly reason: string; readonly only: readonly string[] }
  | { readonly kind: 'run by'; readonly file: string; readonly only: readonly string[] };

/**
 * The marks above a block: `not run: REASON`, `run by: FILE`. One that names commands in backticks is for these only.
 * Other comments are none.
 */
export function marksOf({ comments }: Block): readonly Mark[] {
  return comments.flatMap((comment): Mark[] => {
    const [, kind, said = ''] = /^(not run|run by):\s*([\s\S]*)$/.exec(comment) ?? [];
    if (kind === undefined) return [];
    const only = [...said.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const rest = said
      .replace(/`[^`]+`/g, '')
      .replace(/[\s,]+$/, '')
      .trim();
    return [kind === 'not run' ? { kind, reason: rest, only } : { kind: 'run by', file: rest, only }];
  });
}

/** The mark that stands for a command; nothing where it is to be run. */
export function markFor(command: Command, marks: readonly Mark[]): Mark | undefined {
  return marks.find(({ only }) => only.length === 0 || only.includes(command.text));
}

/** What is wrong with the marks of a block. @param page the file that the block stands in */
export function objectionsToMarks(
  commands: readonly Command[],
  marks: readonly Mark[],
  page: string,
  root = ROOT,
): readonly string[] {
  const texts = commands.map(({ text }) => text);
  return marks.flatMap((mark) => [
    ...mark.only
      .filter((text) => !texts.includes(text))
      .map((text) => `the mark names \`${text}\`, which is not there`),
    ...(mark.kind === 'not run' && mark.reason === '' ? ['the mark gives no reason'] : []),
    ...(mark.kind === 'run by'
      ? unheldPromises(
          mark.file,
          commands.filter((each) => markFor(each, [mark])),
          page,
          root,
        )
      : []),
  ]);
}

function unheldPromises(file: string, commands: readonly Command[], page: string, root: string): readonly string[] {
  const path = join(root, file);
  if (!existsSync(path)) return [`${file} does not exist`];
  const text = readFileSync(path, 'utf8');
  // A test of a tutorial takes its commands out of the page.
  if (text.includes(`'${page}'`) && text.includes('stepsOf(')) return [];
  return commands.filter((command) => !mentions(text, command)).map(({ text: said }) => `${file} does not run ${said}`);
}

/** Whether a file names a command: as it is typed, or, of a `sparkify` command, as a list of its words. */
function mentions(file: string, { text, programs }: Command): boolean {
  const plain = text.replace(/\s+-s\b|\s+--silent\b/g, '');
  if (file.replace(/\s+-s\b|\s+--silent\b/g, '').includes(plain)) return true;
  const args = sparkifyWords(programs[0] ?? []);
  return args !== undefined && args.length > 0 && file.includes(args.map((word) => `'${word}'`).join(', '));
}

/** The words behind `sparkify`, however it is started; nothing for other commands. */
export function sparkifyWords(words: readonly string[]): readonly string[] | undefined {
  const [program, ...rest] = words;
  if (program === 'sparkify') return rest;
  if (program === 'npx' && rest[0] === 'sparkify') return rest.slice(1);
  if (program !== 'npm') return undefined;
  const [verb, ...more] = rest.filter((word) => word !== '-s' && word !== '--silent');
  const dashes = more.indexOf('--');
  const args = dashes === -1 ? [] : more.slice(dashes + 1);
  const script = verb === 'run' ? more[0] : verb;
  if (script === 'start' || script === 'promote') return [script, ...args];
  return script === 'sparkify' ? args : undefined;
}

/** A command in running text, where it is one of ours. */
export function commandInText(text: string, line: number): Command | undefined {
  return /^(sparkify |npm (start|test|run|ci)\b|npx cdk|cdk )/.test(text) ? commandOf(text, line) : undefined;
}
