import { CommanderError } from 'commander';
import { LocalAwsError } from '../local/client';
import { errorColours } from './colours';
import { CliError } from './errors';
import { program } from './program/program';

/** What is printed, and the exit code: a person's mistake or a warehouse's refusal needs no stack. */
function reported(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CliError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof LocalAwsError) return { text: error.message, exitCode: 1 };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 1 };
}

// Whoever reads through `head` has seen enough: the rest goes nowhere, and the command ends in good order.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      // Commander has written its message; asking for help is no error, anything else is wrong use.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const { text, exitCode } = reported(error);
    console.error(errorColours.red(text));
    process.exitCode = exitCode;
  });
