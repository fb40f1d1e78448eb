import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { differences } from '../support/local-world/star-dump';
import { copyOf, type Scenario } from './scenario';
import type { VictimOrders, VictimReport } from './victim';

/** At which statement of the warehouse the process of the local Redshift dies. */
export interface KilledStatement {
  readonly statement: number;
  readonly when: 'during' | 'after';
}

export interface OutageResult {
  readonly at: KilledStatement;
  readonly killed: boolean;
  readonly problems: readonly string[];
}

interface Life {
  readonly signal: NodeJS.Signals | null;
  readonly report?: VictimReport;
  readonly stderr: string;
}

const EVENT = { trigger: 'operator', run: 'sweep' } as const;

/** A process with the whole local AWS in it. @returns how it ended */
function live(orders: VictimOrders): Promise<Life> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'victim.ts'), JSON.stringify(orders)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', fail);
    child.on('close', (code, signal) =>
      done({ signal, stderr, ...(code === 0 ? { report: JSON.parse(stdout) as VictimReport } : {}) }),
    );
  });
}

/** The scenario's load without an outage. @throws Error when that fails already */
export async function undisturbed(scenario: Scenario): Promise<VictimReport> {
  const { home, done } = copyOf(scenario);
  try {
    const { report, stderr } = await live({ home, source: scenario.source, event: EVENT });
    if (report === undefined) throw new Error(`the load failed without an outage: ${stderr}`);
    return report;
  } finally {
    done();
  }
}

/** Kills the local AWS at one statement of the load and starts it again on the same home. */
export async function outage(scenario: Scenario, clean: VictimReport, at: KilledStatement): Promise<OutageResult> {
  const { home, done } = copyOf(scenario);
  const { source } = scenario;
  try {
    const first = await live({ home, source, event: EVENT, killAt: at.statement, when: at.when });
    const killed = first.signal === 'SIGKILL';
    const { report, stderr } = killed ? await live({ home, source }) : first;
    if (report === undefined) return { at, killed, problems: [`it did not come up again: ${stderr}`] };
    const runs = report.runs.join(' ') === clean.runs.join(' ') ? [] : [`runs: ${report.runs.join(' ')}`];
    return { at, killed, problems: [...differences(clean.star, report.star), ...runs] };
  } finally {
    done();
  }
}

/** Every statement of the load; after it too where it commits, for then its outcome is known to nobody. */
export function allStatements({ statements }: VictimReport): readonly KilledStatement[] {
  return statements.flatMap((sql, index) => {
    const during: KilledStatement = { statement: index + 1, when: 'during' };
    return sql === 'commit' ? [during, { ...during, when: 'after' as const }] : [during];
  });
}
