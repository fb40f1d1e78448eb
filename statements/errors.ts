/** What stands in `sql/` cannot be deployed. It is found at synth, and once more where the function begins. */
export class StatementsError extends Error {
  override readonly name = 'StatementsError';
  /** The class of failure, as the ETL function tells it. */
  readonly kind = 'configuration';
  /**
   * @param where file below `sql/`, with its line where one is meant
   * @param problem what is wrong there
   * @param advice what to do next
   */
  constructor(
    where: string,
    problem: string,
    readonly advice: string,
  ) {
    super(`sql/${where}: ${problem}`);
  }
}

/** A file with the number of the line (from 1) on which `at` stands. */
export function lineOf(file: string, text: string, at: number): string {
  return `${file} line ${text.slice(0, Math.max(0, at)).split('\n').length}`;
}
