import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './home';
import type { WarehouseClient } from './warehouse';

/** What one file of sql/checks finds in a warehouse now. */
export interface CheckFinding {
  /** The file's name without `.sql`. */
  readonly check: string;
  readonly severity: 'error' | 'warn';
  readonly offendingRows: number;
  /** Up to five. */
  readonly examples: readonly string[];
}

interface CheckFile {
  readonly check: string;
  readonly severity: CheckFinding['severity'];
  readonly text: string;
}

/** The checks of this checkout, by name. */
export function checkFiles(folder = join(PROJECT, 'sql', 'checks')): readonly CheckFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return {
        check: file.slice(0, -'.sql'.length),
        severity: /^-- severity: warn$/m.test(text) ? 'warn' : 'error',
        text,
      };
    });
}

/** Runs one check outside of any load: reads, and writes nothing. @throws QueryError */
async function runCheck(warehouse: WarehouseClient, { check, severity, text }: CheckFile): Promise<CheckFinding> {
  const found = await warehouse.objects<{ readonly offender: string; readonly offending_rows: number }>(
    `/* sparkify check file=checks/${check}.sql */
select
    left(offender, 200) as offender,
    count(*) over () as offending_rows
from (
${text.trimEnd()}
) as found
order by offender
limit 5`,
  );
  return {
    check,
    severity,
    offendingRows: found[0]?.offending_rows ?? 0,
    examples: found.map(({ offender }) => offender),
  };
}

/** Runs all checks, one after the other. @param update is told of each before it runs */
export async function runChecks(
  warehouse: WarehouseClient,
  update: (detail: string) => void,
): Promise<readonly CheckFinding[]> {
  const files = checkFiles();
  const findings: CheckFinding[] = [];
  for (const [index, file] of files.entries()) {
    update(`${index + 1} of ${files.length}: ${file.check}`);
    findings.push(await runCheck(warehouse, file));
  }
  return findings;
}

/** True for a finding that must stop a promotion. */
export function stops({ severity, offendingRows }: CheckFinding): boolean {
  return severity === 'error' && offendingRows > 0;
}
