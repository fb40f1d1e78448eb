import { outColours as pc } from '../colours';
import { type DryRun, dryRun, leftAlone } from '../dry-run';
import { bytes, count, type Format, render } from '../output';
import { describeRejects, lastRejects } from '../rejects';
import { lastRuns, ledger, type RunRow, tableCounts, warningLine, warnings } from '../run-history';
import { runsTable } from '../runs/run-list';
import { type TargetChoice, withTarget } from '../target';

const column = (name: string, numeric = false) => ({ name, numeric });

/** `sparkify status`: runs, files, counts, the last error. @throws CliError */
export async function status(
  options: TargetChoice & {
    readonly format: Extract<Format, 'table' | 'json'>;
    readonly runs: number;
    readonly files?: boolean;
    readonly rejects?: boolean;
  },
): Promise<void> {
  const state = await withTarget(options, async (stack) => {
    const { warehouse, outputs } = stack;
    return {
      stack: outputs,
      runs: await lastRuns(warehouse, options.runs),
      files: await ledger(warehouse),
      tables: await tableCounts(warehouse),
      warnings: await warnings(warehouse),
      lastError: (await lastFailure(warehouse)) ?? null,
      ...(options.files === true && { sources: await dryRun(stack, {}) }),
      ...(options.rejects === true && { rejects: await lastRejects(warehouse) }),
    };
  });
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
  for (const line of sourceLines(
    state.runs.find(({ status }) => status === 'succeeded'),
    state.sources,
  ))
    console.log(line);
  if (state.rejects !== undefined) {
    console.log(pc.bold('Rejected rows of the last load'));
    console.log(describeRejects(state.rejects));
  }
  console.log(pc.bold('Tables'));
  console.log(
    render({ columns: [column('table'), column('kind'), column('rows', true), column('')], rows: tables }, 'table'),
  );
  console.log(pc.bold('Warnings of the last load'));
  console.log(state.warnings.map((check) => `${pc.yellow('!')} ${warningLine(check)}`).join('\n') || 'none');
  console.log(pc.bold('Last error'));
  console.log(
    state.lastError === null
      ? 'none'
      : `${state.lastError.run_id} (${state.lastError.finished_at}): ${state.lastError.error}`,
  );
}

/** How the source files differ from those in the warehouse; without a look at them, what the last run saw of it. */
function sourceLines(last: RunRow | undefined, sources: DryRun | undefined): readonly string[] {
  if (sources !== undefined) {
    const changed = sources.changedFiles > 0 ? `, ${count(sources.changedFiles)} changed` : '';
    const waiting = `${count(sources.files)} files (${bytes(sources.bytes)}) would be loaded now, ${sources.mode}${changed}`;
    return [waiting, ...leftAlone(sources)];
  }
  const gone = last?.vanished_files ?? 0;
  return gone === 0
    ? []
    : [pc.yellow(`${count(gone)} loaded files are gone from the source: status --files names them`)];
}

async function lastFailure(
  warehouse: Parameters<typeof lastRuns>[0],
): Promise<{ run_id: string; finished_at: string; error: string | null } | undefined> {
  const [failed] = await warehouse.objects<{ run_id: string; finished_at: string; error: string | null }>(
    "select run_id, finished_at, error from etl.runs where status = 'failed' order by finished_at desc limit 1",
  );
  return failed;
}
