import * as prompts from '@clack/prompts';
import { InterruptedError } from '../errors';
import { type Asker, typed } from './ask';

/** Asks on a terminal. @throws InterruptedError at Ctrl-C */
export const terminal: Asker = {
  async ask({ kind, message }, proposal, choices) {
    if (kind === 'flag') return unlessCancelled(await prompts.confirm({ message, initialValue: proposal === true }));
    if (kind === 'choice') {
      return unlessCancelled(
        await prompts.select<string>({
          message,
          options: choices.map(({ value, hint }) => ({ value, label: value, ...(hint !== undefined && { hint }) })),
          initialValue: String(proposal),
        }),
      );
    }
    return unlessCancelled(await prompts.text({ message, initialValue: typed(proposal) }));
  },
  tell: (text) => prompts.log.info(text),
  refuse: (text) => prompts.log.error(text),
};

/** Whether somebody says yes. @throws InterruptedError at Ctrl-C */
export async function confirmed(message: string): Promise<boolean> {
  return unlessCancelled<boolean>(await prompts.confirm({ message, initialValue: true }));
}

function unlessCancelled<T extends string | boolean>(answer: T | symbol): T {
  if (typeof answer === 'symbol') throw new InterruptedError('Nothing was written.');
  return answer;
}
