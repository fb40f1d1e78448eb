import { parse } from 'shell-quote';
import type { Block } from './pages';

/** One command of a block, as a person would type it. */
export interface Command {
  /** Without the comment behind it; a continued line is one line. */
  readonly text: string;
  /** In the page, counted from 1. */
  readonly line: number;
  /** The programs that the command starts, each with its words: `a && b | c` starts three. */
  readonly programs: readonly (readonly string[])[];
  /** What the page shows as its output, in a block of a console. */
  readonly output?: string;
}

/** Languages whose blocks are for a shell. In `console` a command begins with `$ ` and its output follows. */
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'shell', 'console']);

export function isForShell({ language }: Block): boolean {
  return SHELLS.has(language);
}

/** The commands of a block, in their order. */
export function commandsOf(block: Block): readonly Command[] {
  return block.language === 'console' ? consoleCommands(block) : shellCommands(block);
}

function shellCommands({ text, line }: Block): readonly Command[] {
  const lines = text.split('\n');
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const first = at;
    let whole = lines[at] ?? '';
    while (whole.endsWith('\\') && at + 1 < lines.length) {
      at += 1;
      whole = `${whole.slice(0, -1).trimEnd()} ${(lines[at] ?? '').trim()}`;
    }
    const command = commandOf(whole, line + first);
    if (command !== undefined) commands.push(command);
  }
  return commands;
}

function consoleCommands({ text, line }: Block): readonly Command[] {
  const commands: Command[] = [];
  let output: string[] = [];
  const finish = () => {
    const last = commands.at(-1);
    if (last !== undefined) commands[commands.length - 1] = { ...last, output: output.join('\n').trimEnd() };
    output = [];
  };
  for (const [index, each] of text.split('\n').entries()) {
    const command = each.startsWith('$ ') ? commandOf(each.slice(2), line + index) : undefined;
    if (command === undefined) {
      output.push(each);
      continue;
    }
    finish();
    commands.push(command);
  }
  finish();
  return commands;
}

/** One line of a shell; nothing where it is empty or a comment. */
export function commandOf(written: string, line: number): Command | undefined {
  // Variables stay as they are written: what they hold is the reader's.
  const words = parse(written, (name) => `$${name}`);
  const comment = words.find((word) => typeof word === 'object' && 'comment' in word);
  const text = (comment === undefined ? written : written.slice(0, written.lastIndexOf(`#${comment.comment}`))).trim();
  if (text === '') return undefined;
  const programs: string[][] = [[]];
  for (const word of words) {
    if (typeof word === 'object' && 'comment' in word) continue;
    if (typeof word === 'string') programs.at(-1)?.push(word);
    else if (word.op === 'glob') programs.at(-1)?.push(word.pattern);
    else programs.push([]);
  }
  return { text, line, programs: programs.filter((each) => each.length > 0) };
}
