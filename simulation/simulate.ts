import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { type CloudFormationRequest, isCloudFormationRequest } from '../lambda/events';
import type { World } from '../lambda/handler';
import { Chance } from './chance';
import { clientsOf, type Intercept, type Services } from './clients';
import { CloudFormationModel, label, SERVICE_TIMEOUT, type Sent } from './cloudformation-model';
import { environmentOf, sqlOf } from './code';
import { DataApiModel, type Statement } from './data-api-model';
import { Deeds } from './deeds';
import { DryRuns } from './dry-runs';
import type { Invocation } from './durable-model';
import { type InPlace, Invariants } from './invariants';
import { LambdaModel, nameOf } from './lambda-model';
import { Network } from './network';
import type { Happening, Plan } from './plan';
import { S3Model } from './s3-model';
import { StarModel } from './star-model';
import type { Switches } from './switches';
import { ToldFailures } from './told-failures';
import { VirtualTime } from './virtual-time';

/** A guard that is switched off, to see whether the simulation misses it. */
export interface Mutant {
  readonly name: string;
  readonly switches?: Switches;
  readonly environment?: Readonly<Record<string, string>>;
  /** Made anew for each schedule. */
  readonly intercept?: () => Intercept;
  readonly wrapContext?: (context: DurableContext) => DurableContext;
}

export interface Simulated {
  /** A sentence for each invariant that did not hold. */
  readonly broken: readonly string[];
  readonly trace: readonly string[];
}

const SINCE = Date.UTC(2018, 10, 30, 1);
/** No schedule needs nearly as many events; one that does goes round in circles. */
const MOST_EVENTS = 60_000;
/** So little is held in memory where a schedule says that listings are large. */
const SMALL_LIMITS = { files: 2, linesPerPart: 2 };

/** Plays one schedule with the real function. Same plan, same outcome. */
export function simulate(plan: Plan, mutant: Mutant = { name: 'none' }, tracing = false): Promise<Simulated> {
  return new Simulation(plan, mutant, tracing).run();
}

class Simulation {
  private readonly lines: string[] = [];
  private readonly time = new VirtualTime(SINCE);
  private readonly chance: Chance;
  private readonly star = new StarModel();
  private readonly s3 = new S3Model();
  private readonly invariants = new Invariants(this.star, this.s3);
  private readonly network: Network;
  private readonly dataApi: DataApiModel;
  private readonly lambda: LambdaModel;
  private readonly cloudFormation: CloudFormationModel;
  private readonly deeds: Deeds;
  private readonly intercept: Intercept;
  private readonly dryRuns = new DryRuns(this.star, this.s3, this.invariants);
  private readonly toldFailures = new ToldFailures(this.invariants);
  /** When the run began that has sent a statement. */
  private readonly begins = new Map<string, number>();
  private inPlace?: InPlace;

  constructor(
    private readonly plan: Plan,
    private readonly mutant: Mutant,
    private readonly tracing: boolean,
  ) {
    this.chance = new Chance(plan.seed);
    const { time, chance, trace } = this;
    this.intercept = mutant.intercept?.() ?? ((_operation, input) => input);
    this.network = new Network(time, chance, plan, SINCE, (invocation) => this.lambda.crash(invocation), trace);
    const faults = new Map(plan.statementFaults.map(({ nth, fault }) => [nth, fault]));
    this.dataApi = new DataApiModel(time, chance, this.star, this.s3, faults, mutant.switches ?? {}, {
      submitted: (statement) => {
        trace(() => `${statement.id} submitted: ${statement.name}`);
        this.invariants.nothingStarts(this.cloudFormation, statement);
        this.invariants.adminOnlyWhereNeeded(statement);
      },
      ended: (statement) => {
        trace(() => `${statement.id} ${statement.status} ${statement.error ?? ''}`);
        this.toldFailures.finished(statement);
      },
      committed: (statement) => this.committed(statement),
    });
    this.lambda = new LambdaModel(time, chance, {
      world: (invocation) => this.world(invocation),
      checkpoint: async (owner, what, apply) => {
        await this.network.request(owner, 'runtime', `checkpoint ${what}`, (reply) => {
          apply();
          reply(undefined);
        });
      },
      wrapContext: mutant.wrapContext ?? ((context) => context),
      trace,
      runnableAt: () => this.runnableAt(),
      accepts: (event) => this.accepts(event),
      code: () => this.cloudFormation.live,
      begun: (execution) => {
        this.dryRuns.begun(execution);
        this.toldFailures.begun(execution);
      },
      ended: (execution) => {
        this.dryRuns.ended(execution);
        this.toldFailures.ended(execution);
      },
    });
    this.cloudFormation = new CloudFormationModel(time, {
      deliver: (request) => this.deliver(request),
      deleted: () => this.deleted(),
      succeeded: (sent) => this.succeeded(sent),
      trace,
    });
    this.deeds = new Deeds(time, this.s3, this.lambda, this.cloudFormation);
  }

  async run(): Promise<Simulated> {
    for (let file = 0; file < this.plan.files; file += 1) this.deeds.addFile();
    this.cloudFormation.deploy();
    for (const happening of this.plan.happenings)
      this.time.at(SINCE + happening.at * 1000, () => this.happen(happening));
    const { outage, pauses } = this.plan;
    for (const { from } of pauses) this.time.at(SINCE + from * 1000, () => this.pause());
    if (outage !== undefined) this.time.at(SINCE + outage.from * 1000, () => this.crashAll());
    if (!(await this.time.run(MOST_EVENTS))) this.invariants.fail('it goes round in circles: the events do not end');
    this.check();
    await this.quietRun();
    return { broken: this.invariants.broken, trace: this.lines };
  }

  private readonly trace = (text: () => string): void => {
    if (!this.tracing) return;
    const time = new Date(this.time.now).toISOString().slice(8, 23).replace('T', ' ');
    this.lines.push(`${time}  ${text()}`);
  };

  private check(): void {
    this.invariants.starEqualsLedger('at the end');
    this.invariants.allEnded(this.lambda, this.cloudFormation, (sentAt) => this.excused(sentAt));
  }

  /** Everything works again and all files are good: one more run, and the star is what the source holds. */
  private async quietRun(): Promise<void> {
    if (this.invariants.broken.length > 0) return;
    this.network.quiet = true;
    this.dataApi.quiet = true;
    this.deeds.mendFiles();
    if (this.s3.filesOf(this.cloudFormation.live.bucket).length === 0) this.deeds.addFile();
    this.trace(() => 'from here on all is quiet');
    if (this.cloudFormation.state === 'none') this.cloudFormation.deploy();
    else this.deeds.tick();
    await this.time.run(MOST_EVENTS);
    this.check();
    const { live } = this.cloudFormation;
    this.invariants.starEqualsSource(live.bucket);
    this.invariants.starIsOf(live, 'after a quiet run');
  }

  private world(invocation: Invocation): World {
    const services: Services = {
      time: this.time,
      network: this.network,
      s3: this.s3,
      dataApi: this.dataApi,
      lambda: this.lambda,
      intercept: this.intercept,
      submitted: ({ execution }, statement) => {
        this.invariants.loadStartsOnce(execution, statement);
        if (!this.begins.has(statement.id)) this.begins.set(statement.id, execution.startedAt);
      },
    };
    const clients = clientsOf(invocation, services);
    return {
      environment: { ...environmentOf(invocation.execution.code), ...this.mutant.environment },
      sqlRoot: '',
      sql: sqlOf(invocation.execution.code),
      limits: this.plan.spooled ? SMALL_LIMITS : undefined,
      now: () => this.time.now,
      write: (line) => this.trace(() => `${nameOf(invocation.execution)} ${line.slice(0, 400)}`),
      respond: async (request, outcome) => {
        await this.network.request(invocation, 'cloudformation', 'answer', (reply) => {
          this.cloudFormation.answer(request, outcome);
          reply(undefined);
        });
      },
      lambda: () => clients.lambda,
      redshiftData: () => clients.redshiftData,
      s3: () => clients.s3,
    };
  }

  private deliver(request: CloudFormationRequest): void {
    this.trace(() => `CloudFormation sends ${request.RequestType} ${request.RequestId}`);
    const latency = this.chance.between(20, 900);
    this.lambda.deliver(request, 0, latency);
    const again = this.chance.between(1, 10);
    if (again === 1) this.lambda.deliver(request, this.chance.between(0, 60));
    // Side by side with the first delivery.
    if (again === 2) this.lambda.deliver(request, 0, latency + this.chance.between(0, 90));
  }

  private committed(statement: Statement): void {
    const when = `${statement.id} (${statement.name}) committed`;
    this.invariants.starEqualsLedger(when);
    this.invariants.starIsOfOnePiece(when);
    this.toldFailures.committed(statement);
    this.invariants.keepsToItsOrder(statement, this.deeds.orders.get(statement.transaction.runId));
    this.invariants.loadsNothingOlder(statement, this.begins.get(statement.id) ?? 0, this.inPlace);
  }

  /** A deploy went well; one that is rolled back in place leaves the star to the next run. */
  private succeeded(sent: Sent): void {
    if (sent.request.RequestType === 'Delete' || sent.accepted?.reason.startsWith('rolled back') === true) return;
    this.inPlace = { code: sent.code, since: this.time.now };
    this.invariants.starIsOf(sent.code, `${label(sent)} went well`);
    if (sent.code.edited) this.invariants.fail(`${label(sent)} went well with an edited migration`);
  }

  /** A Delete was answered. */
  private deleted(): void {
    const deletes = this.lambda.running().filter(({ event }) => isDelete(event));
    this.invariants.nothingRuns(this.dataApi, this.lambda, deletes);
  }

  /** Each stack has a function of its own, which goes with it: a request of one stack never comes to another's. */
  private accepts(event: unknown): boolean {
    const { state, sent } = this.cloudFormation;
    if (state === 'none') return false;
    if (isCloudFormationRequest(event) && event.StackId !== sent.at(-1)?.request.StackId) return false;
    return isDelete(event) || state !== 'deleting';
  }

  private happen({ deed, pick, again }: Happening): void {
    this.trace(() => `${deed} ${pick}`);
    const event = this.deeds.do(deed, pick);
    if (event === undefined || again === undefined) return;
    this.trace(() => `(again in ${again} s)`);
    this.lambda.deliver(event, again);
  }

  private pause(): void {
    this.trace(() => 'the cluster is paused');
    this.dataApi.loseAll();
  }

  private crashAll(): void {
    this.trace(() => 'the function cannot run for hours');
    for (const { invocation } of this.lambda.running())
      if (invocation !== undefined && !invocation.dead) this.lambda.crash(invocation);
  }

  private runnableAt(): number {
    const { outage } = this.plan;
    if (outage === undefined || this.network.quiet) return this.time.now;
    const from = SINCE + outage.from * 1000;
    const until = from + outage.hours * 3_600_000;
    return this.time.now >= from && this.time.now < until ? until : this.time.now;
  }

  /** CloudFormation cannot be answered in time while the function cannot run. */
  private excused(sentAt: number): boolean {
    const { outage } = this.plan;
    if (outage === undefined) return false;
    const from = SINCE + outage.from * 1000;
    return sentAt < from + outage.hours * 3_600_000 && sentAt + SERVICE_TIMEOUT * 1000 > from;
  }
}

function isDelete(event: unknown): boolean {
  return isCloudFormationRequest(event) && event.RequestType === 'Delete';
}
