import { stripVTControlCharacters } from 'node:util';
import { type Command, commandsOf } from './commands';
import { parsePage } from './pages';

/** What a reader of a tutorial does next: write a file, or type a command and compare what it prints. */
export type Step =
  | { readonly do: 'write'; readonly file: string; readonly text: string; readonly append: boolean }
  | { readonly do: 'type'; readonly command: Command };

/**
 * The steps of a page, in their order: fenced blocks whose info string says `file=PATH` (and `append`, where the text
 * goes to the file's end), and the commands of its console blocks.
 */
export function stepsOf(page: string, text: string): readonly Step[] {
  return parsePage(page, text).blocks.flatMap((block): readonly Step[] => {
    const { language, info } = block;
    if (language === 'console') return commandsOf(block).map((command) => ({ do: 'type', command }));
    const file = /\bfile=(\S+)/.exec(info)?.[1];
    return file === undefined ? [] : [{ do: 'write', file, text: block.text, append: /\bappend\b/.test(info) }];
  });
}

/**
 * The first line of what a page shows that is not in what was printed, in its order; undefined where all are. A line `…`
 * stands for any lines, `…` within a line for any text; blanks count as one, colours not at all.
 */
export function firstMissing(shown: string, printed: string): string | undefined {
  const lines = printed.split('\n').map(plain);
  let at = 0;
  for (const line of shown.split('\n').map(plain)) {
    if (line === '' || line === '…') continue;
    const pattern = new RegExp(line.split('…').map(escaped).join('.*'));
    const found = lines.findIndex((each, index) => index >= at && pattern.test(each));
    if (found < 0) return line;
    at = found + 1;
  }
  return undefined;
}

function plain(line: string): string {
  return stripVTControlCharacters(line).replace(/\s+/g, ' ').trim();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
