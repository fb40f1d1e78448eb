import { spawnSync } from 'node:child_process';
import { commandsOf, isForShell } from './commands';
import { commandInText, markFor, marksOf, objectionsToMarks } from './marks';
import type { Block, Page } from './pages';
import { objections } from './validity';

/** What is wrong with the commands of a page: `FILE:LINE: COMMAND: OBJECTION`. */
export function judgePage(page: Page): readonly string[] {
  return [
    ...page.blocks.filter(isForShell).flatMap((block) => judgeBlock(page.file, block)),
    ...page.spans.flatMap(({ text, line }) => {
      const command = commandInText(text, line);
      // Running text may leave out what a sentence says; a command that is begun must exist all the same.
      if (command === undefined || /[…[<]/.test(text)) return [];
      const found = objections(command, false).filter((said) => !said.includes('missing required argument'));
      return found.map((said) => `${page.file}:${line}: ${text}: ${said}`);
    }),
  ];
}

function judgeBlock(file: string, block: Block): readonly string[] {
  const commands = commandsOf(block);
  const marks = marksOf(block);
  return [
    ...objectionsToMarks(commands, marks, file).map((said) => `${file}:${block.line - 1}: ${said}`),
    ...unreadable(block).map((said) => `${file}:${block.line - 1}: ${said}`),
    ...commands.flatMap((command) =>
      objections(command, markFor(command, marks) === undefined).map(
        (said) => `${file}:${command.line}: ${command.text}: ${said}`,
      ),
    ),
  ];
}

/** What the shell itself says of a block's grammar, without running it. */
function unreadable({ language, text }: Block): readonly string[] {
  if (language === 'console') return [];
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  return status === 0 ? [] : [`bash cannot read the block: ${stderr.trim()}`];
}
