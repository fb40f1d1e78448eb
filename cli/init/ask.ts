import type { Choice, Question } from './question';

/** Asks a person. */
export interface Asker {
  /** @param proposal what an empty answer means @returns the text, true or false, or the choice */
  ask(question: Question, proposal: unknown, choices: readonly Choice[]): Promise<string | boolean>;
  /** Something that helps with the next question. */
  tell(text: string): void;
  /** The last answer was not usable. */
  refuse(text: string): void;
}

/** A value as somebody would type it. */
export function typed(value: unknown): string {
  if (value === null) return 'none';
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}

/** What somebody has typed, as the value that is meant. What is no number stays text, for the rules to refuse. */
export function meant(question: Question, answer: string | boolean): unknown {
  if (typeof answer === 'boolean') return answer;
  const text = answer.trim();
  switch (question.kind) {
    case 'list':
      return text === '' || text === 'none' ? [] : text.split(',').map((each) => each.trim());
    case 'number':
      return text === '' || Number.isNaN(Number(text)) ? text : Number(text);
    default:
      return text;
  }
}
