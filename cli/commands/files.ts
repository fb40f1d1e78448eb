import { outColours as pc } from '../colours';
import { dryRun } from '../dry-run';
import { UsageError } from '../errors';
import { type LedgerFilter, ledgerExtent, ledgerPages, ledgerRows } from '../ledger-files';
import { bytes, count, type Format, files as fileCount, render } from '../output';
import { findRun } from '../runs/find-run';
import { streamSink, writeResult } from '../shell/result-writer';
import { type Target, type TargetChoice, withTarget } from '../target';

export interface FilesOptions extends TargetChoice {
  readonly source?: string;
  readonly run?: string;
  /** Instead of the ledger: what is in the source and not in the ledger. */
  readonly new?: boolean;
  /** Instead of the ledger: what is in the ledger and no longer in the source. */
  readonly gone?: boolean;
  readonly limit?: number;
  readonly after?: string;
  readonly format: Format;
}

/** Lines of a table: what a person reads at once. Programs get all. */
const SCREEN = 100;

/** `sparkify files`: the ledger, or how the source differs from it. @throws CliError */
export async function files(containing: string | undefined, options: FilesOptions): Promise<void> {
  refuseWhatDoesNotGoTogether(containing, options);
  await withTarget(options, async (target) => {
    if (options.new === true) return showNew(target, options);
    if (options.gone === true) return showGone(target, options);
    const runId = options.run === undefined ? undefined : await findRun(target.warehouse, options.run);
    const filter: LedgerFilter = { source: options.source, runId, containing, after: options.after };
    return options.format === 'table' ? showPage(target, filter, options) : showAll(target, filter, options);
  });
}

function refuseWhatDoesNotGoTogether(containing: string | undefined, options: FilesOptions): void {
  const { new: isNew, gone, source, run, after } = options;
  if (isNew === true && gone === true) throw new UsageError('files: --new or --gone, not both.');
  if ((isNew === true || gone === true) && [source, run, after, containing].some((each) => each !== undefined))
    throw new UsageError(
      'files: --new and --gone look at the source; --source, --run, --after and a text filter the ledger.',
    );
}

async function showPage({ warehouse }: Target, filter: LedgerFilter, options: FilesOptions): Promise<void> {
  const limit = options.limit ?? SCREEN;
  const extent = await ledgerExtent(warehouse, filter);
  for await (const page of ledgerPages(warehouse, filter, limit, limit)) {
    const { columns, rows } = ledgerRows(page);
    const shown = rows.map((row) =>
      row.map((cell, at) => (columns[at]?.name === 'size_bytes' ? bytes(Number(cell)) : cell)),
    );
    console.log(render({ columns, rows: shown }, 'table'));
    const last = page.at(-1)?.url ?? '';
    if (extent.files > page.length) {
      console.error(pc.dim(`${count(extent.files - page.length)} more, from: --after '${last}'`));
    }
  }
  console.error(`${fileCount(extent.files)}, ${bytes(extent.bytes)}`);
}

async function showAll({ warehouse }: Target, filter: LedgerFilter, options: FilesOptions): Promise<void> {
  const pages = (async function* () {
    // Also an empty ledger has its columns.
    yield ledgerRows([]);
    for await (const page of ledgerPages(warehouse, filter, options.limit)) yield ledgerRows(page);
  })();
  await writeResult(pages, options.format, streamSink(process.stdout));
}

const column = (name: string, numeric = false) => ({ name, numeric });

async function showNew(target: Target, { format }: FilesOptions): Promise<void> {
  const plan = await dryRun(target, {});
  const rows = plan.firstFiles.map((file) => [file.url, format === 'table' ? bytes(file.bytes) : file.bytes]);
  if (rows.length > 0 || format !== 'table')
    console.log(render({ columns: [column('url'), column('bytes', true)], rows }, format));
  const changed = plan.changedFiles > 0 ? `, ${count(plan.changedFiles)} of them changed` : '';
  console.error(
    plan.files === 0
      ? 'Nothing new.'
      : `${fileCount(plan.files)}, ${bytes(plan.bytes)}${changed}; the next load takes them (${plan.mode})`,
  );
  if (plan.files > rows.length) console.error(pc.dim(`the first ${count(rows.length)} are shown`));
}

async function showGone(target: Target, { format }: FilesOptions): Promise<void> {
  const { vanished, vanishedFiles } = await dryRun(target, {});
  const rows = vanished.map((url) => [url]);
  if (rows.length > 0 || format !== 'table') console.log(render({ columns: [column('url')], rows }, format));
  console.error(
    vanishedFiles === 0
      ? 'Nothing is gone: every file that was loaded is in the source.'
      : `${fileCount(vanishedFiles)} loaded before and gone from the source; what they brought stays`,
  );
  if (vanishedFiles > rows.length) console.error(pc.dim(`the first ${count(rows.length)} are shown`));
}
