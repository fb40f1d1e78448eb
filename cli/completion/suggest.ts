import type { Argument, Command, Option } from 'commander';

/** One word that may stand where the cursor is. */
export interface Suggestion {
  readonly value: string;
  readonly description: string;
}

export interface Suggestions {
  readonly words: readonly Suggestion[];
  /** Whether the shell should offer files, for nothing else is known of the word. */
  readonly files: boolean;
}

/** Values that are not part of the command line's own definition. */
export interface KnownValues {
  /** Ids of the runs in an environment, the newest first. */
  runs(environment: string): readonly string[];
}

const NOTHING: Suggestions = { words: [], files: false };
const FILES: Suggestions = { words: [], files: true };

/**
 * What may stand where the cursor is; after `--option=` only what comes behind the `=`, as shells want it.
 * @param program the whole command line
 * @param typed the words after `sparkify`; the last is the one that is being typed, empty where it is not begun
 */
export function suggest(program: Command, typed: readonly string[], known: KnownValues): Suggestions {
  const words = rejoined(typed);
  const current = words.at(-1) ?? '';
  const { command, positionals, pending, ended } = walked(program, words.slice(0, -1));
  if (pending !== undefined) return startingWith(valuesOf(pending, known, words), current);
  const [, flag, begun] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (!ended && flag !== undefined && begun !== undefined) {
    const option = optionNamed(command, flag);
    return option === undefined ? NOTHING : startingWith(valuesOf(option, known, words), begun);
  }
  if (!ended && current.startsWith('-')) return startingWith(plain(optionsOf(command, words)), current);
  if (command.commands.length > 0) return startingWith(plain(commandsOf(command)), current);
  const argument = argumentAt(command, positionals);
  return argument === undefined ? NOTHING : startingWith(valuesOf(argument, known, words), current);
}

const plain = (words: readonly Suggestion[]): Suggestions => ({ words, files: false });

/** Bash cuts words at `=`; `--format`, `=`, `js` is `--format=js`. */
function rejoined(typed: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (const word of typed) {
    const last = words.at(-1);
    const joins = last !== undefined && (word === '=' ? last.startsWith('--') : /^--[\w-]+=$/.test(last));
    if (joins) words[words.length - 1] = `${last}${word}`;
    else words.push(word);
  }
  return words;
}

interface Walked {
  readonly command: Command;
  /** Arguments of the command that stand there already. */
  readonly positionals: number;
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
  /** After `--` there are no options. */
  readonly ended: boolean;
}

/** Reads what stands before the cursor as the command line itself would. */
function walked(program: Command, before: readonly string[]): Walked {
  let at: Walked = { command: program, positionals: 0, pending: undefined, ended: false };
  for (const word of before) at = step(at, word);
  return at;
}

function step(at: Walked, word: string): Walked {
  if (at.pending !== undefined) return { ...at, pending: undefined };
  if (at.ended) return { ...at, positionals: at.positionals + 1 };
  if (word === '--') return { ...at, ended: true };
  if (word.startsWith('-')) {
    const option = optionNamed(at.command, word);
    return { ...at, pending: option !== undefined && takesValue(option) ? option : undefined };
  }
  const command = at.command.commands.find((each) => each.name() === word || each.aliases().includes(word));
  return command === undefined ? { ...at, positionals: at.positionals + 1 } : { ...at, command, positionals: 0 };
}

const takesValue = (option: Option): boolean => option.required || option.optional;

function optionNamed(command: Command, flag: string): Option | undefined {
  return command
    .createHelp()
    .visibleOptions(command)
    .find((option) => option.long === flag || option.short === flag);
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const { registeredArguments: all } = command;
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
}

/** The options that do not stand there yet. */
function optionsOf(command: Command, words: readonly string[]): readonly Suggestion[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description, variadic }) =>
      typeof long !== 'string' || (words.slice(0, -1).includes(long) && !variadic)
        ? []
        : [{ value: long, description }],
    );
}

function commandsOf(command: Command): readonly Suggestion[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), description: each.description() }));
}

/** What an option or an argument takes: its choices, else what its name in the help says that it is. */
function valuesOf(taker: Option | Argument, known: KnownValues, words: readonly string[]): Suggestions {
  const values = taker.argChoices ?? named(placeholder(taker), known, words);
  if (values === undefined) return NOTHING;
  if (values === 'files') return FILES;
  return plain(values.map((value) => ({ value, description: '' })));
}

function placeholder(taker: Option | Argument): string {
  return 'flags' in taker ? (/[<[]([\w-]+)/.exec(taker.flags)?.[1] ?? '') : taker.name();
}

function named(name: string, known: KnownValues, words: readonly string[]): readonly string[] | 'files' | undefined {
  if (/^(path|file|folder|dir)$/.test(name)) return 'files';
  return /^run(-?id)?$/.test(name) ? known.runs(environmentIn(words)) : undefined;
}

function environmentIn(words: readonly string[]): string {
  const at = words.indexOf('--env');
  const joined = words.find((word) => word.startsWith('--env='))?.slice('--env='.length);
  return joined ?? (at < 0 ? undefined : words[at + 1]) ?? 'local';
}

function startingWith({ words, files }: Suggestions, current: string): Suggestions {
  return { words: words.filter(({ value }) => value.startsWith(current)), files };
}
