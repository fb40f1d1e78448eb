import type { Command } from 'commander';
import { EXIT_CODES } from '../cli/exit-codes';
import { program } from '../cli/program/program';

/** docs/cli.md: the command line in a page, from the parser that people type into. */
export function cliReference(): string {
  const sparkify = program();
  return [
    '# The command line',
    '<!-- Written by `npm run docs -- cli` from cli/program; do not edit. -->',
    `${sparkify.description()} \`sparkify\` stands for \`npm run -s sparkify --\` in a checkout.`,
    'Every command explains itself with `--help`. State on this machine lives in `.sparkify/`, or in the folder that ' +
      '`SPARKIFY_HOME` names.',
    overview(sparkify),
    '## Exit codes',
    table(
      ['code', 'means'],
      EXIT_CODES.map(([code, meaning]) => [String(code), meaning]),
    ),
    ...sparkify.commands.flatMap((command) => section(command, ['sparkify'])),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function overview(sparkify: Command): string {
  const rows = sparkify.commands.map((command) => [
    `[\`${command.name()}\`](#${anchor(['sparkify', command.name()])})`,
    (command.helpGroup() ?? '').replace(/:$/, '').toLowerCase(),
    command.description(),
  ]);
  return table(['command', 'to', ''], rows);
}

const anchor = (names: readonly string[]): string => names.join('-');

function section(command: Command, parents: readonly string[]): readonly string[] {
  const names = [...parents, command.name()];
  const help = command.createHelp();
  const values = help
    .visibleArguments(command)
    .map((argument) => [`\`${help.argumentTerm(argument)}\``, help.argumentDescription(argument)]);
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => [`\`${option.flags}\``, help.optionDescription(option)]);
  const { examples, notes } = afterHelp(command);
  return [
    `## ${names.join(' ')}`,
    `${sentence(command.description())}`,
    `Usage: \`${names.join(' ')} ${command.usage()}\``,
    values.length === 0 ? '' : table(['argument', ''], values),
    options.length === 0 ? '' : table(['option', ''], options),
    examples.length === 0 ? '' : block(examples),
    ...notes,
    ...command.commands.flatMap((child) => section(child, names)),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function block(examples: readonly string[]): string {
  const mark =
    'not run: the examples of the help; test/docs/commands.test.ts gives each to the parser of the command line';
  return `<!-- ${mark} -->\n\`\`\`sh\n${examples.join('\n')}\n\`\`\``;
}

/** What a command's help says below its options: examples, and whatever else it adds. */
function afterHelp(command: Command): { readonly examples: readonly string[]; readonly notes: readonly string[] } {
  const parts: string[] = [];
  const before = command.helpInformation();
  command.configureOutput({ writeOut: (part) => parts.push(part) }).outputHelp();
  const lines = parts.join('').slice(before.length).split('\n');
  return {
    examples: lines.filter((line) => line.startsWith('  sparkify ')).map((line) => line.trim()),
    notes: lines.filter((line) => line !== '' && !/^( {2}sparkify |Examples?:)/.test(line)),
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
