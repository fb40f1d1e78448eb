import * as errors from '../../cli/errors';
import { EXIT_CODES } from '../../cli/exit-codes';

describe('the exit codes', () => {
  it('are documented, each that an error of the command line ends with', () => {
    const documented = EXIT_CODES.map(([code]) => code);
    const used = Object.values(errors)
      .filter((one) => one !== errors.CliError)
      .map((Kind) => new (Kind as new (message: string) => errors.CliError)('').exitCode);
    expect(used.length).toBeGreaterThan(5);
    expect([...new Set(used)].filter((code) => !(documented as readonly number[]).includes(code))).toEqual([]);
  });
});
