import type { Command } from 'commander';
import { program } from '../../cli/program/program';

const commands: readonly Command[] = program().commands;

/** All that `--help` prints, texts after the options included. */
function help(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

/** The words of an example, as a shell would hand them over. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Parses a command line and does none of its work. @throws CommanderError */
async function parsed(args: readonly string[]): Promise<void> {
  const whole = program();
  for (const command of whole.commands) command.exitOverride().action(() => undefined);
  await whole.parseAsync([...args], { from: 'user' });
}

describe('the help', () => {
  it.each(commands.map((command) => [command.name(), command] as const))(
    'of %s says what it is for and gives an example that the command line takes',
    async (name, command) => {
      expect(command.description()).not.toBe('');
      const [, examples = ''] = help(command).split(/Examples?:\n/);
      const lines = examples.split('\n').filter((line) => line.startsWith('  sparkify '));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        const [, called, ...rest] = words(line);
        expect(called).toBe(name);
        await parsed([name, ...rest]);
      }
    },
  );
});
