import { writeSync } from 'node:fs';
import type { LocalServices } from '../../local/compose';
import type { Session, Warehouse } from '../../local/redshift/warehouse';
import type { FastClock } from '../support/local-world/fast-clock';
import { LocalWorld, rememberTime } from '../support/local-world/local-world';
import { type LoadReport, reportOf } from './report';

/** Which statement of the warehouse, and whether while it runs or when its end has not been told yet. */
export interface StatementPoint {
  /** 1 for the first that reaches the engine. */
  readonly number: number;
  /** Its file, or its first words. */
  readonly statement: string;
  readonly when: 'during' | 'after';
}

/** What a victim is told, as JSON in its one argument. */
export interface VictimOrders {
  readonly home: string;
  readonly source: string;
  /** The run to start. */
  readonly event: unknown;
  /** The one statement at which it kills itself or stops; without one it stops at each and lives to the end. */
  readonly only?: { readonly statement: string; readonly die: boolean };
}

/** What it prints, a line of JSON each. */
export type VictimLine = { readonly stopped: StatementPoint } | { readonly report: LoadReport };

/**
 * Kills this process at one statement, or stops it (SIGSTOP, all its threads) while each runs and after each commit, whose outcome
 * then nobody has heard. Who has started it may copy the home, which is what SIGKILL at that moment would have left, and lets
 * it go on.
 */
class Interrupter {
  private count = 0;
  /** Off when the load is over and its star is read. */
  on = true;

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
    if (!this.on) return execute(sql, parameters);
    this.count += 1;
    const point = { number: this.count, statement: /file=(\S+)/.exec(sql)?.[1] ?? sql.slice(0, 40) };
    const running = execute(sql, parameters);
    setImmediate(() => this.stop({ ...point, when: 'during' }));
    const result = await running;
    if (sql === 'commit') this.stop({ ...point, when: 'after' });
    return result;
  }

  private stop(point: StatementPoint): void {
    rememberTime(this.orders.home, this.clock);
    const { only } = this.orders;
    if (only !== undefined && (only.statement !== point.statement || point.when !== 'during')) return;
    if (only?.die) process.kill(process.pid, 'SIGKILL');
    say({ stopped: point });
    process.kill(process.pid, 'SIGSTOP');
  }
}

/** At once, for the next thing this process does may be to stop. */
function say(line: VictimLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const orders = JSON.parse(process.argv[2] ?? '') as VictimOrders;
  let interrupter: Interrupter | undefined;
  const world = await LocalWorld.open(orders, (services, clock) => {
    interrupter = new Interrupter(orders, clock);
    interrupter.watch(services);
  });
  await world.invoke(orders.event);
  await world.quiet();
  if (interrupter !== undefined) interrupter.on = false;
  const report = await reportOf(world);
  await world.close();
  say({ report });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
