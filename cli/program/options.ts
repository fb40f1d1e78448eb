import { type Command, InvalidArgumentError, Option } from 'commander';
import { AWS_ENVIRONMENTS } from '../environments';
import { FORMATS } from '../output';

/** Parses a whole number of a range, both ends included. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`A whole number from ${low} to ${high} is needed.`);
  };
}

/** Parses a day of the calendar, `2018-11-30`. */
export function day(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError('A day of the calendar is needed, such as 2018-11-30.');
}

/** `--format` of the commands that have no rows to give as CSV. */
export const reportFormat = (): Option =>
  new Option('--format <format>', 'for people or for programs').choices(['table', 'json']).default('table');

/** `--format` of the commands that give rows. */
export const rowFormat = (): Option =>
  new Option('--format <format>', 'for people, or for programs').choices(FORMATS).default('table');

/** Which environment a command means, and where it is: here, or on AWS as the AWS tools find it. */
export function located(command: Command): Command {
  return command
    .addOption(new Option('--env <name>', 'which environment').choices(['local', ...AWS_ENVIRONMENTS]).default('local'))
    .option('--here', 'the environment as promote or deploy --here has made it on this machine, instead of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <region>', 'AWS region, where it is not the one that is configured')
    .option('--assume <role>', 'ARN of a role to look with')
    .option('--as-operator', "work as the stack's role for operators");
}

/** Examples below a command's help, one a line. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  const head = lines.length === 1 ? 'Example:' : 'Examples:';
  return command.addHelpText('after', `\n${head}\n${lines.map((line) => `  sparkify ${line}`).join('\n')}`);
}

/** Loads a command's work when it is called for, so that help and completion are quick. */
export function lazily<A extends readonly unknown[]>(
  load: () => Promise<(...args: A) => Promise<void>>,
): (...args: A) => Promise<void> {
  return async (...args) => (await load())(...args);
}
