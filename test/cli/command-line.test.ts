import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout } from '../support/checkout';

describe('the command line', () => {
  const checkout = new Checkout();
  afterAll(() => checkout.remove());

  it('explains itself and each command, with exit code 0', async () => {
    const end = await checkout.sparkify('--help');
    expect(end.exitCode).toBe(0);
    for (const command of ['start', 'query', 'status', 'load', 'tick', 'destroy'])
      expect(end.stdout).toContain(command);
    expect((await checkout.sparkify('query', '--help')).stdout).toMatch(/Examples:\n {2}sparkify query/);
  });

  it.each([
    [['dance'], /unknown command 'dance'/],
    [['query', 'select 1', '--format', 'xml'], /Allowed choices are table, json, csv/],
    [['start', '--events', 'many'], /whole number from 1 to 100000000/],
    [['start', '--source', 'nowhere'], /there is no such file or folder/],
    [['load', '--from', '2018-02-30'], /day of the calendar is needed, such as 2018-11-30/],
    [['query', '   '], /the statement is empty/],
  ])('ends with exit code 2 for %j, and says what would be right', async (args, message) => {
    const end = await checkout.sparkify(...args);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toMatch(message);
  });

  it('says how to begin where nothing was ever started', async () => {
    const end = await checkout.sparkify('status');
    expect(end.exitCode).toBe(3);
    expect(end.stderr).toContain('npm start');
  });

  it('does not empty a folder that is not its own, whatever --fresh is told', async () => {
    mkdirSync(checkout.home);
    const precious = join(checkout.home, 'thesis.txt');
    writeFileSync(precious, 'years of work');
    const end = await checkout.sparkify('start', '--fresh');
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('does not look like a Sparkify home');
    expect(() => writeFileSync(precious, 'still there', { flag: 'r+' })).not.toThrow();
  });

  it('ends in good order where nobody reads the rest of the output', async () => {
    const end = await checkout.sparkifyUnread('--help');
    expect({ exitCode: end.exitCode, stderr: end.stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('writes plain text where no terminal is, in CI too, and colours where they are asked for', async () => {
    const query = ['query', '   '];
    const ESCAPE = '\u001b[';
    expect((await checkout.sparkifyWith({ CI: 'true' }, ...query)).stderr).not.toContain(ESCAPE);
    expect((await checkout.sparkifyWith({ FORCE_COLOR: '1' }, ...query)).stderr).toContain(ESCAPE);
    expect((await checkout.sparkifyWith({ FORCE_COLOR: '1', NO_COLOR: '1' }, ...query)).stderr).not.toContain(ESCAPE);
  });
});
