import type { Chance } from './chance';
import type { Invocation } from './durable-model';
import type { Plan, RequestFault, Service } from './plan';
import { serviceError } from './service-error';
import type { VirtualTime } from './virtual-time';

/** Does what a request asks for; the reply may come at once or later, and an error may be thrown. */
export type Apply = (reply: (value: unknown) => void) => void;

/** Carries requests between the function and the services, and does to them what the plan says. */
export class Network {
  private count = 0;
  private readonly faults: ReadonlyMap<number, RequestFault>;
  /** From here on nothing goes wrong any more. */
  quiet = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly chance: Chance,
    private readonly plan: Plan,
    private readonly since: number,
    private readonly crash: (invocation: Invocation) => void,
    private readonly trace: (text: () => string) => void,
  ) {
    this.faults = new Map(plan.requestFaults.map(({ nth, fault }) => [nth, fault]));
  }

  /** One request of an invocation. It never comes back to an invocation that is dead. */
  request(owner: Invocation, service: Service | 'runtime', what: string, apply: Apply): Promise<unknown> {
    const number = this.count++;
    const planned = this.quiet ? undefined : this.faults.get(number);
    // The SDK of the runtime tries its own checkpoints again; only a crash gets through.
    const fault = service === 'runtime' && planned?.startsWith('crash') !== true ? undefined : planned;
    if (fault !== undefined) this.trace(() => `#${number} ${what}: ${fault}`);
    return new Promise((resolve, reject) => {
      if (owner.stopped && service === 'runtime') owner.dead = true;
      if (owner.dead) return;
      if (fault === 'crash before') this.crash(owner);
      else
        this.travel(owner, () => this.arrive(owner, this.refusal(fault, service, what), fault, apply, resolve, reject));
    });
  }

  /** Something on its way for a moment; nothing of a process that has died meanwhile arrives. */
  private travel(owner: Invocation, work: () => void, milliseconds = this.chance.between(3, 40)): void {
    this.time.after(milliseconds, () => {
      if (!owner.dead) work();
    });
  }

  private arrive(
    owner: Invocation,
    refused: Error | undefined,
    fault: RequestFault | undefined,
    apply: Apply,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    if (refused !== undefined) {
      this.travel(owner, () => reject(refused));
      return;
    }
    try {
      apply((value) => {
        if (fault !== 'lose answer') this.travel(owner, () => resolve(value));
      });
    } catch (error) {
      this.travel(owner, () => reject(error));
    }
    if (fault === 'crash after' && !owner.dead) this.crash(owner);
    if (fault === 'lose answer') this.travel(owner, () => reject(serviceError('TimeoutError', 0)), 21_000);
  }

  private refusal(fault: RequestFault | undefined, service: Service | 'runtime', what: string): Error | undefined {
    if (fault === 'throttle') return serviceError('ThrottlingException', 400, 'Rate exceeded');
    if (fault === 'server error') return serviceError('InternalServerException', 500);
    if (this.quiet) return undefined;
    const { brownouts, pauses } = this.plan;
    if (brownouts.some((each) => each.service === service && this.within(each)))
      return serviceError('ServiceUnavailable', 503);
    // Only what needs a connection is refused: the Data API itself goes on.
    if (/ExecuteStatement$/.test(what) && pauses.some((each) => this.within(each)))
      return serviceError('DatabaseConnectionException', 500, 'the cluster is paused');
    return undefined;
  }

  private within({ from, seconds }: { readonly from: number; readonly seconds: number }): boolean {
    const now = (this.time.now - this.since) / 1000;
    return now >= from && now < from + seconds;
  }
}
