import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Checkout, type CommandEnd } from '../support/checkout';
import { sparkifyWords } from '../support/docs/marks';
import { firstMissing, type Step, stepsOf } from '../support/docs/tutorial';

/** Runs every command of docs/extending.md, in a checkout of its own and in their order. */
const PAGE = 'docs/extending.md';
const steps = stepsOf(PAGE, readFileSync(join(__dirname, '..', '..', PAGE), 'utf8'));

describe('the tutorial, followed to the letter', () => {
  const checkout = new Checkout();
  // Where a checkout keeps its state by itself, which the page's commands name.
  checkout.home = join(checkout.folder, '.sparkify');
  afterAll(() => checkout.remove());

  const write = ({ file, text, append }: Extract<Step, { do: 'write' }>): void => {
    const path = join(checkout.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    (append ? appendFileSync : writeFileSync)(path, text);
  };

  const type = ({ programs, text }: Extract<Step, { do: 'type' }>['command']): Promise<CommandEnd> => {
    const args = sparkifyWords(programs[0] ?? []);
    return args === undefined ? checkout.shell(text) : checkout.sparkify(...args);
  };

  const titles = steps.map((step) => (step.do === 'write' ? `writes ${step.file}` : `types ${step.command.text}`));

  it('has files to write and commands to type', () => {
    expect(steps.filter((step) => step.do === 'write').length).toBeGreaterThan(10);
    expect(steps.filter((step) => step.do === 'type').length).toBeGreaterThan(5);
  });

  it.each(titles.map((title, index) => [index + 1, title] as const))('%i. %s', async (number) => {
    const step = steps[number - 1] as Step;
    if (step.do === 'write') return write(step);
    const { stdout, stderr } = await type(step.command);
    const printed = `${stderr}\n${stdout}`;
    const missing = firstMissing(step.command.output ?? '', printed);
    expect(missing === undefined ? undefined : { missing, printed }).toBeUndefined();
  });
});
