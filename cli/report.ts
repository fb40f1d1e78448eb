import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { AskAll } from '../report';
import { QueryError } from './errors';
import { PROJECT, sparkifyHome } from './home';
import type { Target } from './target';
import { asObjects } from './warehouse';

/** Where the report of an environment lies when nobody says otherwise. */
export function reportFile(home: string = sparkifyHome(), environment = 'local'): string {
  return join(home, environment === 'local' ? 'report.html' : `report-${environment}.html`);
}

/** The load's SQL, out of which the report reads the lineage. */
function loadStatements(): readonly { readonly text: string }[] {
  const folder = join(PROJECT, 'sql', 'load');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => ({ text: readFileSync(join(folder, file), 'utf8') }));
}

/** A warehouse that was deployed before there was a report has none of its views. */
function withAdvice(error: unknown): never {
  if (error instanceof QueryError && /relation "analytics\.\w+" does not exist/.test(error.message))
    throw new QueryError(`${error.message}\nThe report reads the views of sql/analytics. Deploy them: npm start`, {
      cause: error,
    });
  throw error;
}

/**
 * Reads the warehouse in one transaction and writes the report, so that nobody ever finds half of it.
 * @param reloadAfter seconds after which the page loads itself again
 * @returns the size of the file, in bytes
 * @throws QueryError
 */
export async function writeReport(
  { warehouse, outputs, stackName }: Pick<Target, 'warehouse' | 'outputs' | 'stackName'>,
  file: string,
  reloadAfter?: number,
): Promise<number> {
  // Not at the top: every other command would wait for the charting library.
  const { makeReport } = await import('../report/index.js');
  const ask: AskAll = async (sqls) => (await warehouse.queryAll(sqls).catch(withAdvice)).map((rows) => asObjects(rows));
  const text = await makeReport(ask, {
    warehouse: `${stackName}, database ${outputs.Database}`,
    now: new Date(),
    load: loadStatements(),
    ...(reloadAfter !== undefined && { reloadAfter }),
  });
  await writeFileAtomic(file, text);
  return Buffer.byteLength(text);
}
