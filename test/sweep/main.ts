import { parseArgs } from 'node:util';
import { inTurn } from './in-turn';
import { round } from './kill-function';
import { firstLife, secondLife } from './kill-redshift';
import { type Scenario, Scenarios } from './scenario';

const HELP = `npm run sweep: kills the ETL function, then the local Redshift, at every point of a load.

  --only function|redshift   one of the two sweeps
  --at-once N                rounds at a time (2)

Each round begins from the same state and must end with the same star, ledger and runs as a load without a crash.`;

interface Told {
  readonly point: string;
  readonly killed: boolean;
  readonly problems: readonly string[];
}

/** @returns how many rounds ended otherwise than they must */
async function sweep(
  name: string,
  rounds: readonly (() => Promise<Told>)[],
  begun: number,
  atOnce: number,
): Promise<number> {
  const tell = ({ point, problems }: Told) => {
    if (problems.length > 0) console.log(`  ${point}\n    ${problems.join('\n    ')}`);
  };
  const results = await inTurn(rounds, (work) => work(), tell, atOnce);
  const killed = results.filter((each) => each.killed).length;
  const bad = results.filter(({ problems }) => problems.length > 0).length;
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(`${name}: ${killed} kills, ${bad} of them with another end than a load without (${seconds} s)`);
  return bad + (killed === 0 ? 1 : 0);
}

async function sweepFunction(scenario: Scenario, atOnce: number): Promise<number> {
  const begun = Date.now();
  const clean = await round(scenario);
  if (clean.problems.length > 0) throw new Error(`${scenario.name}: without a crash: ${clean.problems.join('; ')}`);
  const rounds = clean.points.map((point) => async () => {
    const { killed, problems } = await round(scenario, point, clean.star);
    const { kind, nth, when } = point;
    return {
      point: `function killed ${when} ${kind}, number ${nth}${killed ? '' : ', not reached'}`,
      killed,
      problems,
    };
  });
  const name = `function, ${scenario.name} (${clean.requests} requests)`;
  return sweep(name, rounds, begun, atOnce);
}

async function sweepRedshift(scenario: Scenario, atOnce: number): Promise<number> {
  const begun = Date.now();
  const { clean, deaths } = await firstLife(scenario);
  const rounds = deaths.map((death) => async () => {
    const { statement, when, number } = death.at;
    const problems = await secondLife(scenario, clean, death);
    return { point: `Redshift killed ${when} statement ${number}, ${statement}`, killed: true, problems };
  });
  const statements = deaths.filter(({ at }) => at.when === 'during').length;
  return sweep(`Redshift, ${scenario.name} (${statements} statements)`, rounds, begun, atOnce);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, 'at-once': { type: 'string', default: '2' }, help: { type: 'boolean' } },
  });
  const atOnce = Number(values['at-once']);
  if (values.help || !Number.isInteger(atOnce) || atOnce < 1) return console.log(HELP);
  const scenarios = new Scenarios();
  try {
    const [first, nightly, refresh] = [
      await scenarios.firstLoad(),
      await scenarios.nightly(),
      await scenarios.refresh(),
    ] as const;
    let bad = 0;
    if (values.only !== 'redshift')
      for (const scenario of [first, nightly, refresh]) bad += await sweepFunction(scenario, atOnce);
    if (values.only !== 'function')
      for (const scenario of [nightly, refresh]) bad += await sweepRedshift(scenario, atOnce);
    process.exitCode = bad === 0 ? 0 : 1;
  } finally {
    scenarios.remove();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
