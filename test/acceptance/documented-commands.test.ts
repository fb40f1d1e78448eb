import { generateBucket } from '../../dataset/generate';
import { type Command, commandsOf, isForShell } from '../support/docs/commands';
import { markFor, marksOf } from '../support/docs/marks';
import { pageFiles, readPage } from '../support/docs/pages';
import { bound, PLACEHOLDERS } from '../support/docs/placeholders';
import { type Begun, TypedCheckout } from '../support/docs/typed';

/** The commands of all pages that no mark takes out, each once, with the first place where it stands. */
function commandsToRun(): readonly (Command & { readonly place: string })[] {
  const found = new Map<string, Command & { readonly place: string }>();
  for (const file of pageFiles())
    for (const block of readPage(file).blocks.filter(isForShell))
      for (const command of commandsOf(block)) {
        const known = found.get(command.text);
        if (markFor(command, marksOf(block)) !== undefined || (known !== undefined && command.output === undefined))
          continue;
        found.set(command.text, { ...command, place: `${file}:${command.line}` });
      }
  return [...found.values()];
}

/** Commands that go on until Ctrl-C, and what they say when they are there. */
const ENDLESS: readonly (readonly [RegExp, RegExp])[] = [
  [/^npm start -- --serve\b/, /until Ctrl-C/],
  [/ --watch\b/, /watching; Ctrl-C ends it/],
];
/** Exit codes after Ctrl-C: the command's own, or what npm makes of the signal that it got too. */
const ENDS: readonly (number | null)[] = [0, 130];
/** What is left when all others were run: these forget it, or take it away. */
const LAST = [/^npm start -- --fresh\b/, /^npm run -s sparkify -- destroy$/];
/** Another bucket or another kind of warehouse: after all that show rows. */
const CHANGING = [/^npm start -- --(source|warehouse)\b/];

const isOne = (patterns: readonly RegExp[]) => (text: string) => patterns.some((pattern) => pattern.test(text));
const [isLast, isChanging, isEndless] = [isOne(LAST), isOne(CHANGING), isOne(ENDLESS.map(([command]) => command))];

/** Without what differs from run to run: times, durations, names of runs; and without blanks at the end of a line. */
function normal(text: string): string {
  return text
    .replace(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?Z?/g, 'TIME')
    .replace(/\b\d+(\.\d)? (s|ms)\b/g, 'DURATION')
    .replace(/\b(deploy|operator|schedule)-[\w-]+/g, 'RUN')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** One local AWS, served by a command of the README itself, for all the others. */
describe('the commands of the docs', () => {
  const checkout = new TypedCheckout();
  const commands = commandsToRun();
  const typed = (text: string) => bound(text, { ...PLACEHOLDERS, DIR: checkout.bucket });
  const run = async ({ text, place, output }: (typeof commands)[number]) => {
    const endless = ENDLESS.find(([pattern]) => pattern.test(text));
    if (endless !== undefined) {
      const begun = await checkout.begin(typed(text), endless[1]);
      expect(ENDS).toContain(await begun.interrupt());
      return;
    }
    const end = await checkout.type(typed(text));
    if (end.exitCode !== 0)
      throw new Error(
        `${place}: ${text} ended with exit code ${end.exitCode}:\n${end.stdout.slice(-2_000)}${end.stderr.slice(-2_000)}`,
      );
    if (output !== undefined) expect(normal(end.stdout)).toBe(normal(output));
  };
  const served = commands.find(({ text }) => /^npm start -- --serve$/.test(text));
  const calm = ({ text }: Command) => text !== served?.text && !isLast(text) && !isChanging(text);
  const cases = (wanted: (command: Command) => boolean) =>
    commands.filter(wanted).map((command) => [command.place, command.text, command] as const);
  let serving: Begun;

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 4, songs: 30, events: 200, users: 8, days: 2 });
    if (served === undefined) throw new Error('no page says how to keep the endpoints up: npm start -- --serve');
    serving = await checkout.begin(served.text, /until Ctrl-C/);
  });
  afterAll(() => checkout.remove());

  it.each(cases(calm))('%s: %s', (_place, _text, command) => run(command));

  it.each(cases(({ text }) => isChanging(text)))('%s: %s', (_place, _text, command) => run(command));

  it('are served until Ctrl-C', async () => {
    expect(ENDS).toContain(await serving.interrupt());
  });

  it.each(cases(({ text }) => isLast(text)))('%s: %s', (_place, _text, command) => run(command));

  it('are many, and some show what they print', () => {
    expect(commands.length).toBeGreaterThan(15);
    expect(commands.some(({ output }) => output !== undefined)).toBe(true);
    expect(commands.filter(({ text }) => isEndless(text))).not.toEqual([]);
  });
});
