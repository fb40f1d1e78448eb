import pc from 'picocolors';
import { withLocalStack } from '../local-stack';
import { bytes, count, type Format, render } from '../output';
import { lastRuns, ledger, type RunRow, tableCounts } from '../run-history';

const column = (name: string, numeric = false) => ({ name, numeric });

function runsTable(runs: readonly RunRow[]): string {
  const columns = [
    column('run'),
    column('why'),
    column('mode'),
    column('status'),
    column('finished (UTC)'),
    column('files', true),
    column('bytes', true),
    column('events', true),
    column('songs', true),
  ];
  const rows = runs.map((run) => [
    run.run_id,
    run.trigger,
    run.mode,
    run.status === 'succeeded' ? pc.green(run.status) : pc.red(run.status),
    run.finished_at,
    count(run.files),
    bytes(run.bytes),
    count(run.staged_events),
    count(run.staged_songs),
  ]);
  return render({ columns, rows }, 'table');
}

/** `sparkify status`: runs, files, counts, the last error. @throws CliError */
export async function status(options: {
  readonly format: Extract<Format, 'table' | 'json'>;
  readonly runs: number;
}): Promise<void> {
  const state = await withLocalStack(async ({ warehouse, outputs }) => ({
    stack: outputs,
    runs: await lastRuns(warehouse, options.runs),
    files: await ledger(warehouse),
    tables: await tableCounts(warehouse),
    lastError: (await lastFailure(warehouse)) ?? null,
  }));
  if (options.format === 'json') {
    console.log(JSON.stringify(state, null, 2));
    return;
  }
  const files = state.files.map((f) => [f.source, count(f.files), bytes(f.bytes), f.last_loaded_at]);
  const tables = state.tables.map((t) => [t.table, t.kind, count(t.rows), t.note]);
  console.log(pc.bold('Runs, newest first'));
  console.log(runsTable(state.runs));
  console.log(pc.bold('Source files in the warehouse'));
  console.log(
    render(
      {
        columns: [column('source'), column('files', true), column('bytes', true), column('last loaded (UTC)')],
        rows: files,
      },
      'table',
    ),
  );
  console.log(pc.bold('Tables'));
  console.log(
    render({ columns: [column('table'), column('kind'), column('rows', true), column('')], rows: tables }, 'table'),
  );
  console.log(pc.bold('Last error'));
  console.log(
    state.lastError === null
      ? 'none'
      : `${state.lastError.run_id} (${state.lastError.finished_at}): ${state.lastError.error}`,
  );
}

async function lastFailure(
  warehouse: Parameters<typeof lastRuns>[0],
): Promise<{ run_id: string; finished_at: string; error: string | null } | undefined> {
  const [failed] = await warehouse.objects<{ run_id: string; finished_at: string; error: string | null }>(
    "select run_id, finished_at, error from etl.runs where status = 'failed' order by finished_at desc limit 1",
  );
  return failed;
}
