import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command as Commander, CommanderError } from 'commander';
import { program } from '../../../cli/program/program';
import { ENVIRONMENT_NAMES } from '../../../lib/config/environment';
import type { Command } from './commands';
import { sparkifyWords } from './marks';
import { ROOT } from './pages';
import { bound } from './placeholders';

/** What is wrong with a command, judged without running it: programs, scripts, commands, options, stacks that are not there. */
export function objections(command: Command, isRun = true): readonly string[] {
  return command.programs.flatMap((words) => {
    const [name = '', ...args] = words.map((word) => bound(word));
    const judge = JUDGES[name];
    if (judge !== undefined)
      return [...judge(args, [name, ...args]), ...(isRun && !isRunnable([name, ...args]) ? [NEEDS_A_MARK] : [])];
    return isRun ? [`${name} is no program that the tests of the docs run`] : [];
  });
}

const NEEDS_A_MARK =
  'it is not run with the others: mark the block (<!-- run by: FILE --> or <!-- not run: REASON -->)';

/** What test/acceptance/documented-commands.test.ts runs where a block has no mark. */
function isRunnable(words: readonly string[]): boolean {
  const cdk = words[0] === 'npx' ? words[2] : undefined;
  return sparkifyWords(words) !== undefined || (cdk !== undefined && ['ls', 'list', 'synth'].includes(cdk));
}

type Judge = (args: readonly string[], words: readonly string[]) => readonly string[];

const JUDGES: Readonly<Record<string, Judge>> = {
  sparkify: (args) => judgeSparkify(args),
  npm: judgeNpm,
  npx: ([name, ...args]) => (name === 'cdk' ? judgeCdk(args) : [`npx ${name}: only cdk is known here`]),
  cdk: judgeCdk,
};

/** Replaces what commands do, all the way down, and lets nothing be printed. */
function disarmed(command: Commander): Commander {
  command.action(() => undefined).exitOverride();
  command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  for (const child of command.commands) disarmed(child);
  return command;
}

/** The command line's own parser is the judge. */
function judgeSparkify(args: readonly string[]): readonly string[] {
  if (args.length === 0) return [];
  const sparkify = program();
  for (const child of sparkify.commands) disarmed(child);
  sparkify.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  try {
    sparkify.parse([...args], { from: 'user' });
    return [];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? [] : [error.message];
  }
}

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Where the options of our own scripts stand; those of Jest and Biome are not judged. */
const MAINS: Readonly<Record<string, string>> = {
  bench: 'bench/main.ts',
  compliance: 'compliance/main.ts',
  docs: 'handbook/main.ts',
  simulate: 'simulation/main.ts',
  sweep: 'test/sweep/main.ts',
};

function judgeNpm(args: readonly string[], words: readonly string[]): readonly string[] {
  const [verb, ...rest] = args.filter((word) => word !== '-s' && word !== '--silent');
  if (verb === 'ci' || verb === 'install') return [];
  const script = verb === 'run' ? rest[0] : verb;
  if (
    script === undefined ||
    scripts[script] === undefined ||
    (verb !== 'run' && !['start', 'test'].includes(verb ?? ''))
  )
    return [`npm ${args.join(' ')}: package.json has no such script; it has ${Object.keys(scripts).join(', ')}`];
  const ours = sparkifyWords(words);
  if (ours !== undefined) return judgeSparkify(ours);
  const main = MAINS[script];
  return main === undefined ? [] : judgeOptions(rest, main);
}

function judgeOptions(args: readonly string[], main: string): readonly string[] {
  if (!existsSync(join(ROOT, main))) return [`${main} does not exist`];
  const text = readFileSync(join(ROOT, main), 'utf8');
  return args
    .filter((word) => /^--\w/.test(word))
    .filter((word) => !text.includes(`${word.split('=')[0]} `))
    .map((word) => `${main} does not know ${word}`);
}

interface CdkOption {
  readonly alias?: string | readonly string[];
}
interface CdkCommand {
  readonly aliases?: readonly string[];
  readonly options?: Readonly<Record<string, CdkOption>>;
}
/** The commands and options of the CDK CLI that is installed, as it ships them. */
const CDK = JSON.parse(
  readFileSync(join(ROOT, 'node_modules', 'aws-cdk', 'lib', 'cli', 'cli-type-registry.json'), 'utf8'),
) as {
  readonly globalOptions: Readonly<Record<string, CdkOption>>;
  readonly commands: Readonly<Record<string, CdkCommand>>;
};

/** The names that our app reads from `-c name=value`. */
const CONTEXT: ReadonlySet<string> = new Set(
  [...readFileSync(join(ROOT, 'bin', 'sparkify.ts'), 'utf8').matchAll(/contextText\(app, '(\w+)'\)/g)].map(
    ([, name = '']) => name,
  ),
);

const STACKS: ReadonlySet<string> = new Set([
  'Sparkify-pipeline',
  'Sparkify-github',
  ...ENVIRONMENT_NAMES.flatMap((name) => [`Sparkify-${name}`, `Sparkify-github-${name}`]),
]);

function judgeCdk(args: readonly string[]): readonly string[] {
  const [verb = '', ...rest] = args;
  const command =
    CDK.commands[verb] ?? Object.values(CDK.commands).find(({ aliases }) => aliases?.includes(verb) === true);
  if (command === undefined) return [`cdk has no command ${verb}`];
  const options = { ...CDK.globalOptions, ...command.options };
  const known = new Set(
    Object.entries(options).flatMap(([name, { alias = [] }]) => [
      `--${name}`,
      `--no-${name}`,
      ...[alias].flat().map((a) => `-${a}`),
    ]),
  );
  return [
    ...rest
      .filter((word) => /^-/.test(word) && !known.has(word.split('=')[0] ?? ''))
      .map((word) => `cdk ${verb} has no ${word}`),
    ...rest
      .filter((word) => word.startsWith('Sparkify-') && !STACKS.has(word))
      .map((word) => `there is no stack ${word}`),
    ...rest.flatMap((word, index) => (/^(-c|--context)$/.test(rest[index - 1] ?? '') ? judgeContext(word) : [])),
  ];
}

function judgeContext(pair: string): readonly string[] {
  const [name = '', value = ''] = pair.split('=');
  if (!CONTEXT.has(name)) return [`bin/sparkify.ts reads no -c ${name}`];
  const isEnvironment = ENVIRONMENT_NAMES.some((known) => known === value);
  return name === 'env' && !isEnvironment ? [`there is no environment ${value}`] : [];
}
