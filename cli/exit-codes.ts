/** What the exit codes of every command mean; the error classes have the same numbers. */
export const EXIT_CODES = [
  [0, 'done'],
  [1, 'failed; the reason is printed'],
  [2, 'wrong use of the command line, or of a file named on it'],
  [3, 'nothing is deployed, or nothing was synthesized'],
  [4, 'checks failed'],
  [5, 'the plan is refused'],
  [6, 'approval is needed'],
  [7, 'AWS could not be asked: profile, credentials, region, permission or network'],
  [130, 'interrupted with Ctrl-C; what was left as it was is printed'],
] as const;

/** The exit codes as a help text shows them. */
export function exitCodesText(): string {
  return EXIT_CODES.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n');
}
