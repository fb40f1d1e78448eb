import { type LedgerFile, ledgerPage, ledgerPages } from '../../cli/ledger-files';

const file = (url: string): LedgerFile => ({ url, source: 'songs', size_bytes: 1, run_id: 'r', loaded_at: 't' });

/** A warehouse that answers pages out of a ledger of so many files, and notes what it was asked. */
function warehouseOf(size: number) {
  const asked: string[] = [];
  const objects = async <T>(sql: string): Promise<readonly T[]> => {
    asked.push(sql);
    const after = Number(/url > '(\d+)'/.exec(sql)?.[1] ?? -1);
    const limit = Number(/limit (\d+)$/.exec(sql)?.[1]);
    const left = Array.from({ length: size }, (_, at) => at).filter((at) => at > after);
    return left.slice(0, limit).map((at) => file(String(at))) as unknown as readonly T[];
  };
  return { objects, asked };
}

const all = async (pages: AsyncIterable<readonly LedgerFile[]>) => {
  const urls: string[] = [];
  for await (const page of pages) urls.push(...page.map(({ url }) => url));
  return urls;
};

describe('the ledger in pages', () => {
  it('asks for no more than the first page when no more is wanted', async () => {
    const warehouse = warehouseOf(9);
    expect(await all(ledgerPages(warehouse, {}, 3, 3))).toEqual(['0', '1', '2']);
    expect(warehouse.asked).toHaveLength(1);
  });

  it('goes on behind the last line of each page, to the end', async () => {
    const warehouse = warehouseOf(7);
    expect(await all(ledgerPages(warehouse, {}, undefined, 3))).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(warehouse.asked).toHaveLength(3);
  });

  it('begins where somebody has stopped, and ends in the middle of a page', async () => {
    expect(await all(ledgerPages(warehouseOf(9), { after: '2' }, 4, 3))).toEqual(['3', '4', '5', '6']);
  });

  it('is empty where there is nothing', async () => {
    expect(await all(ledgerPages(warehouseOf(0), {}))).toEqual([]);
  });

  it('filters by source, run and part of the URL, whatever stands in them', () => {
    const sql = ledgerPage({ source: 'songs', runId: 'a', containing: "it's_50%" }, 5);
    expect(sql).toContain(
      "where source = 'songs' and run_id = 'a' and strpos(url, 'it''s_50%') > 0 order by url limit 5",
    );
  });
});
