/**
 * `npm run simulate`: plays seeded schedules of crashes, faults and overlapping runs with the real function against a
 * model of AWS, in virtual time, and checks that the star stays right.
 */
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants';
import type { Mutant } from './simulate';
import { shrink, sweep } from './sweep';

const HELP = `npm run simulate -- [--runs 10000] [--from 0] [--seed N] [--mutants] [--mutant N]
Plays seeded schedules against a model of AWS and checks the invariants of docs/reliability.md.
  --runs N     how many schedules (default 10000)
  --from N     the first seed (default 0)
  --seed N     one schedule, shrunk when it fails, with its trace
  --mutants    switches off each guard in turn: the sweep must find it; prints a table
  --mutant N   plays with the N-th guard of that table switched off
  --help       this text`;

/** Most seeds until a mutant has to be found. */
const MUTANT_RUNS = 10_000;

interface Options {
  readonly runs: number;
  readonly from: number;
  readonly seed?: number;
  readonly mutants: boolean;
  readonly mutant?: Mutant;
  /** As they were given, for the command that replays. */
  readonly replay: string;
}

function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '10000' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const mutant = values.mutant === undefined ? undefined : MUTANTS[whole('mutant', values.mutant) - 1];
  if (values.mutant !== undefined && mutant === undefined)
    throw new RangeError(`--mutant is ${values.mutant}; there are 1 to ${MUTANTS.length}.`);
  return {
    runs: whole('runs', values.runs),
    from: whole('from', values.from),
    seed: values.seed === undefined ? undefined : whole('seed', values.seed),
    mutants: values.mutants,
    mutant,
    replay: values.mutant === undefined ? '' : ` --mutant ${values.mutant}`,
  };
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${name} is '${text}', not a whole number below 1000000000.`);
  return Number(text);
}

async function replay(seed: number, options: Options): Promise<boolean> {
  const { plan, trace, broken, shrinks } = await shrink(seed, options.mutant);
  console.log(trace.join('\n'));
  console.log(`\nschedule of seed ${seed}${shrinks > 0 ? `, shrunk ${shrinks} times` : ''}:`);
  console.log(JSON.stringify(plan, null, 2));
  if (broken.length === 0) console.log('All invariants hold.');
  else console.log(`\nBroken:\n${broken.map((each) => `- ${each}`).join('\n')}`);
  return broken.length === 0;
}

async function playAll(options: Options): Promise<boolean> {
  const since = Date.now();
  const found = await sweep(options.from, options.runs, options.mutant, (done) => {
    if (done % 500 === 0) console.error(`${done} of ${options.runs} schedules, ${seconds(since)} s`);
  });
  if (found === undefined) {
    console.log(`${options.runs} schedules from seed ${options.from}: all invariants hold (${seconds(since)} s).`);
    return true;
  }
  console.log(`Seed ${found.seed} breaks:\n${found.broken.map((each) => `- ${each}`).join('\n')}\nShrinking ...\n`);
  await replay(found.seed, options);
  console.log(`\nReplay it: npm run simulate -- --seed ${found.seed}${options.replay}`);
  return false;
}

async function playMutants({ from }: Options): Promise<boolean> {
  let all = true;
  console.log('| # | guard switched off | seed that found it | what broke |\n| ---: | --- | ---: | --- |');
  for (const [index, mutant] of MUTANTS.entries()) {
    const found = await sweep(from, MUTANT_RUNS, mutant);
    all &&= found !== undefined;
    const what = found?.broken[0]?.replace(/\|/g, '/').slice(0, 110) ?? `NOT FOUND in ${MUTANT_RUNS} schedules`;
    console.log(`| ${index + 1} | ${mutant.name} | ${found?.seed ?? '-'} | ${what} |`);
  }
  return all;
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(HELP);
  else if (options.mutants) process.exitCode = (await playMutants(options)) ? 0 : 1;
  else if (options.seed !== undefined) process.exitCode = (await replay(options.seed, options)) ? 0 : 1;
  else process.exitCode = (await playAll(options)) ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof RangeError ? `${error.message}\n\n${HELP}` : error);
  process.exitCode = 2;
});
