import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { LocalWorld } from '../support/local-world/local-world';
import { deviations, type LoadReport, reportOf } from './report';
import { copyOf, type Scenario } from './scenario';
import type { StatementPoint, VictimLine, VictimOrders } from './victim';

/** A death of the process of the local Redshift, and the home that it leaves. */
export interface Death {
  readonly at: StatementPoint;
  readonly home: string;
}

const run = promisify(execFile);

type Victim = ChildProcessByStdio<null, Readable, Readable>;

const EVENT = { trigger: 'operator', run: 'sweep' } as const;

/**
 * Does the scenario's load once, in a process with the whole local AWS in it. At each of its statements the process is
 * stopped and its home copied: the files of a process of which no thread runs are those that SIGKILL would leave then.
 * @param only the one statement at which that is to happen
 * @returns what the load came to, and the deaths it might have died
 * @throws Error when the load fails
 */
export async function firstLife(
  scenario: Scenario,
  only?: string,
): Promise<{ clean: LoadReport; deaths: readonly Death[] }> {
  const { home, done } = copyOf(scenario);
  const one = only === undefined ? {} : { only: { statement: only, die: false } };
  const child = begin({ home, source: scenario.source, event: EVENT, ...one });
  const ended = endOf(child);
  const deaths: Death[] = [];
  let clean: LoadReport | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as VictimLine;
    if ('report' in said) clean = said.report;
    else deaths.push(await died(child, said.stopped, home));
  }
  const { stderr } = await ended;
  if (clean === undefined) throw new Error(`the load failed without an outage: ${stderr}`);
  done();
  return { clean, deaths };
}

/** The same load, of which the process is killed in earnest. @throws Error when it is not */
export async function killedDuring(scenario: Scenario, statement: string): Promise<Death> {
  const { home } = copyOf(scenario);
  const child = begin({ home, source: scenario.source, event: EVENT, only: { statement, die: true } });
  child.stdout.resume();
  const { signal, stderr } = await endOf(child);
  if (signal !== 'SIGKILL') throw new Error(`the load was not killed during ${statement}: ${stderr}`);
  return { at: { number: 0, statement, when: 'during' }, home };
}

function begin(orders: VictimOrders): Victim {
  return spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'victim.ts'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
}

/** Starts the local AWS on the home that a death has left: the run has to go on by itself, to the same end. */
export async function secondLife(scenario: Scenario, clean: LoadReport, { home }: Death): Promise<readonly string[]> {
  const world = await LocalWorld.open({ home, source: scenario.source });
  try {
    await world.quiet();
    return deviations(clean, await reportOf(world));
  } finally {
    await world.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function died(child: Victim, at: StatementPoint, home: string): Promise<Death> {
  const left = `${home}-${at.number}-${at.when}`;
  await standsStill(child);
  await cp(home, left, { recursive: true });
  child.kill('SIGCONT');
  return { at, home: left };
}

/** It says that it stops just before it does. */
async function standsStill({ pid }: Victim): Promise<void> {
  while (!(await stateOf(pid ?? 0)).startsWith('T'));
}

/** The letter of a process's state, as Linux and `ps` give it. @throws Error when there is no such process */
async function stateOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return (await run('ps', ['-o', 'stat=', '-p', String(pid)])).stdout;
  return (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '');
}

function endOf(child: Victim): Promise<{ readonly signal: NodeJS.Signals | null; readonly stderr: string }> {
  return new Promise((done, fail) => {
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', fail);
    child.on('close', (_code, signal) => done({ signal, stderr }));
  });
}
