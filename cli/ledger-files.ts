import type { Rows } from './output';
import { literal } from './run-history';
import type { WarehouseClient } from './warehouse';

/** Which lines of the ledger somebody wants. */
export interface LedgerFilter {
  /** A name of sql/sources.yaml. */
  readonly source?: string;
  readonly runId?: string;
  /** A part of the file's URL. */
  readonly containing?: string;
  /** Only files whose URL stands behind this one. */
  readonly after?: string;
}

/** A line of the ledger. Times are the warehouse's, in UTC. */
export interface LedgerFile {
  readonly url: string;
  readonly source: string;
  readonly size_bytes: number;
  readonly run_id: string;
  readonly loaded_at: string;
}

/** The columns that are shown, in their order. */
const COLUMNS = ['url', 'source', 'size_bytes', 'run_id', 'loaded_at'] as const satisfies readonly (keyof LedgerFile)[];

function where({ source, runId, containing, after }: LedgerFilter): string {
  const conditions = [
    ...(source === undefined ? [] : [`source = ${literal(source)}`]),
    ...(runId === undefined ? [] : [`run_id = ${literal(runId)}`]),
    ...(containing === undefined ? [] : [`strpos(url, ${literal(containing)}) > 0`]),
    ...(after === undefined ? [] : [`url > ${literal(after)}`]),
  ];
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/** The statement of one page of the ledger: in the order of its sort key, so that a page costs what it holds. */
export function ledgerPage(filter: LedgerFilter, limit: number): string {
  return `select ${COLUMNS.join(', ')} from etl.files ${where(filter)} order by url limit ${Math.trunc(limit)}`;
}

/** How many files a filter lets through, and their bytes. */
export async function ledgerExtent(
  warehouse: Pick<WarehouseClient, 'objects'>,
  filter: LedgerFilter,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const [extent] = await warehouse.objects<{ readonly files: number; readonly bytes: number | null }>(
    `select count(*) as files, sum(size_bytes) as bytes from etl.files ${where(filter)}`,
  );
  return { files: extent?.files ?? 0, bytes: extent?.bytes ?? 0 };
}

/**
 * The ledger in pages: no more of it is in memory than one of them.
 * @param limit how many lines in all; all of them where there is none
 * @param pageSize lines of a page
 */
export async function* ledgerPages(
  warehouse: Pick<WarehouseClient, 'objects'>,
  filter: LedgerFilter,
  limit = Number.POSITIVE_INFINITY,
  pageSize = 5_000,
): AsyncGenerator<readonly LedgerFile[]> {
  let left = limit;
  let after = filter.after;
  while (left > 0) {
    const wanted = Math.min(left, pageSize);
    const page = await warehouse.objects<LedgerFile>(ledgerPage({ ...filter, after }, wanted));
    if (page.length > 0) yield page;
    if (page.length < wanted) return;
    left -= page.length;
    after = page.at(-1)?.url;
  }
}

/** Lines of the ledger as rows. */
export function ledgerRows(files: readonly LedgerFile[]): Rows {
  return {
    columns: COLUMNS.map((name) => ({ name, numeric: name === 'size_bytes' })),
    rows: files.map((file) => COLUMNS.map((name) => file[name])),
  };
}
