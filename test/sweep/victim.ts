import type { LocalServices } from '../../local/compose';
import type { Session, Warehouse } from '../../local/redshift/warehouse';
import type { FastClock } from '../support/local-world/fast-clock';
import { LocalWorld, rememberTime } from '../support/local-world/local-world';
import { starDump } from '../support/local-world/star-dump';

/** What a victim is told, as JSON in its one argument. */
export interface VictimOrders {
  readonly home: string;
  readonly source: string;
  /** The run to start; without it the process takes up what a killed one left. */
  readonly event?: unknown;
  /** The statement of the warehouse at which the process kills itself. */
  readonly killAt?: number;
  readonly when?: 'during' | 'after';
}

/** What it prints when it lives to the end. */
export interface VictimReport {
  readonly statements: readonly string[];
  readonly star: Awaited<ReturnType<typeof starDump>>;
  readonly runs: readonly string[];
}

/** Counts the statements that reach the engine, and ends this process by SIGKILL at the one it is told. */
class Killer {
  readonly statements: string[] = [];

  constructor(
    private readonly orders: VictimOrders,
    private readonly clock: FastClock,
  ) {}

  watch({ clusters }: LocalServices): void {
    const open = clusters.warehouse.bind(clusters);
    clusters.warehouse = async (id) => this.watched(await open(id));
  }

  private watched(warehouse: Warehouse): Warehouse {
    return {
      connect: async (options) => this.session(await warehouse.connect(options)),
      listDatabases: () => warehouse.listDatabases(),
      close: () => warehouse.close(),
    };
  }

  private session(session: Session): Session {
    const execute = session.execute.bind(session);
    return new Proxy(session, {
      get: (target, name) => {
        if (name === 'execute')
          return (sql: string, parameters?: ReadonlyMap<string, string>) => this.run(execute, sql, parameters);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  private async run(execute: Session['execute'], sql: string, parameters?: ReadonlyMap<string, string>) {
    this.statements.push(/file=(\S+)/.exec(sql)?.[1] ?? sql.slice(0, 40));
    const mine = this.statements.length === this.orders.killAt;
    const running = execute(sql, parameters);
    if (mine && this.orders.when !== 'after') setImmediate(() => this.die());
    const result = await running;
    if (mine) this.die();
    return result;
  }

  private die(): never {
    rememberTime(this.orders.home, this.clock);
    process.kill(process.pid, 'SIGKILL');
    throw new Error('SIGKILL was survived');
  }
}

async function main(): Promise<void> {
  const orders = JSON.parse(process.argv[2] ?? '') as VictimOrders;
  let killer: Killer | undefined;
  const world = await LocalWorld.open(orders, (services, clock) => {
    killer = new Killer(orders, clock);
    killer.watch(services);
  });
  if (orders.event !== undefined) await world.invoke(orders.event);
  await world.quiet();
  const statements = [...(killer?.statements ?? [])];
  const runs = (await world.rows('select run_id, status from etl.runs order by run_id')).map(String);
  const report: VictimReport = { statements, star: await starDump(world), runs };
  await world.close();
  process.stdout.write(JSON.stringify(report));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
