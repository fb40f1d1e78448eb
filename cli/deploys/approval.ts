import { createInterface } from 'node:readline/promises';
import { ApprovalNeededError } from '../errors';
import { isEmpty, type Plan } from '../plan/plan';

/** What a question goes through: the terminal, unless a test says otherwise. */
export interface Dialogue {
  /** Somebody is there to answer. */
  readonly interactive: boolean;
  ask(question: string): Promise<string>;
}

/** Asks on the terminal, on standard error: standard output stays for results. */
export const terminal: Dialogue = {
  get interactive() {
    return process.stdin.isTTY === true;
  },
  async ask(question) {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  },
};

/**
 * Somebody has read the plan, which stands above, and says yes; nothing to say yes to needs nobody.
 * @throws ApprovalNeededError where nobody says it
 */
export async function approve(
  plan: Plan,
  { yes, format }: { readonly yes?: boolean; readonly format: string },
  dialogue: Dialogue = terminal,
): Promise<void> {
  if (yes === true || isEmpty(plan)) return;
  const { environment } = plan;
  const needed = new ApprovalNeededError(
    `${environment} waits for approval of the plan above, and was left as it was. Yes: --yes`,
  );
  if (!dialogue.interactive || format === 'json') throw needed;
  const answer = await dialogue.ask(`Deploy this to ${environment}? (yes/no) `);
  if (answer.trim().toLowerCase() !== 'yes') throw needed;
}
