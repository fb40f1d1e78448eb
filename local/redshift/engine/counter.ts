import type { DuckDBConnection } from '@duckdb/node-api';
import { Mutex } from './mutex';

const BLOCK = 1000;

/**
 * Numbers that only ever grow, across restarts too: query ids, transaction ids, object ids and process ids. They are
 * reserved on disk a block at a time, so that one write serves a thousand of them.
 */
export class Counter {
  private readonly mutex = new Mutex();
  private nextValue = 0;
  private limit = 0;

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly first: number,
  ) {}

  static readonly ddl = 'CREATE TABLE IF NOT EXISTS rs.counter (reserved BIGINT)';

  async next(): Promise<number> {
    if (this.nextValue < this.limit) {
      return this.nextValue++;
    }
    return this.mutex.run(async () => {
      if (this.nextValue >= this.limit) {
        await this.reserve();
      }
      return this.nextValue++;
    });
  }

  private async reserve(): Promise<void> {
    const reader = await this.connection.runAndReadAll('SELECT max(reserved) FROM rs.counter');
    const reserved = reader.getRows()[0]?.[0];
    const start = typeof reserved === 'bigint' ? Number(reserved) : this.first;
    const limit = start + BLOCK;
    const write = reserved === null ? 'INSERT INTO rs.counter VALUES ($1)' : 'UPDATE rs.counter SET reserved = $1';
    await this.connection.run(write, [BigInt(limit)]);
    this.nextValue = start;
    this.limit = limit;
  }
}
