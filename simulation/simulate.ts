import { join } from 'node:path';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { type CloudFormationRequest, isCloudFormationRequest } from '../lambda/events';
import type { World } from '../lambda/handler';
import { Chance } from './chance';
import { clientsOf, type Intercept, type Services } from './clients';
import { CloudFormationModel, SERVICE_TIMEOUT } from './cloudformation-model';
import { DataApiModel } from './data-api-model';
import type { Invocation } from './durable-model';
import { Invariants } from './invariants';
import { LambdaModel, nameOf } from './lambda-model';
import { Network } from './network';
import type { Happening, Plan } from './plan';
import { S3Model, WORK_BUCKET } from './s3-model';
import { StarModel } from './star-model';
import type { Switches } from './switches';
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
const SQL = join(__dirname, '..', 'sql');
/** No schedule needs nearly as many events; one that does goes round in circles. */
const MOST_EVENTS = 60_000;
const ENVIRONMENT = {
  CLUSTER_IDENTIFIER: 'sparkify-sim',
  DATABASE: 'sparkify',
  DATABASE_USER: 'sparkify_admin',
  COPY_ROLE_ARN: 'arn:aws:iam::000000000000:role/copy',
  SOURCE_REGION: 'us-west-2',
  SONG_DATA_URL: 's3://source/song_data/',
  LOG_DATA_URL: 's3://source/log_data/',
  LOG_JSONPATHS_URL: 's3://source/log_json_path.json',
  WORK_BUCKET,
  ENVIRONMENT_NAME: 'sim',
  LOAD_DEADLINE_SECONDS: '3300',
};

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
  private readonly intercept: Intercept;
  private files = 0;
  private operators = 0;

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
      },
      ended: (statement) => trace(() => `${statement.id} ${statement.status} ${statement.error ?? ''}`),
      committed: (statement) => this.invariants.starEqualsLedger(`${statement.id} (${statement.name}) committed`),
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
    });
    this.cloudFormation = new CloudFormationModel(time, {
      deliver: (request) => this.deliver(request),
      deleted: () => this.deleted(),
      trace,
    });
  }

  async run(): Promise<Simulated> {
    for (let file = 0; file < this.plan.files; file += 1) this.addFile();
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
    this.mendFiles();
    if (this.s3.source.size === 0) this.addFile();
    this.trace(() => 'from here on all is quiet');
    if (this.cloudFormation.state === 'none') this.cloudFormation.deploy();
    else this.lambda.deliver(this.tick());
    await this.time.run(MOST_EVENTS);
    this.check();
    this.invariants.starEqualsSource();
  }

  private world(invocation: Invocation): World {
    const services: Services = {
      time: this.time,
      network: this.network,
      s3: this.s3,
      dataApi: this.dataApi,
      lambda: this.lambda,
      intercept: this.intercept,
      submitted: (owner, statement) => this.invariants.loadStartsOnce(owner.execution, statement),
    };
    const clients = clientsOf(invocation, services);
    return {
      environment: { ...ENVIRONMENT, ...this.mutant.environment },
      sqlRoot: SQL,
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

  /** A Delete was answered. */
  private deleted(): void {
    const deletes = this.lambda.running().filter(({ event }) => isDelete(event));
    this.invariants.nothingRuns(this.dataApi, this.lambda, deletes);
  }

  private accepts(event: unknown): boolean {
    const { state, sent } = this.cloudFormation;
    if (isDelete(event)) return state !== 'none';
    if (state === 'none' || state === 'deleting') return false;
    return !isCloudFormationRequest(event) || event.StackId === sent.at(-1)?.request.StackId;
  }

  private happen({ deed, pick, again }: Happening): void {
    this.trace(() => `${deed} ${pick}`);
    const event = this.deed(deed, pick);
    if (event === undefined || again === undefined) return;
    this.trace(() => `(again in ${again} s)`);
    this.lambda.deliver(event, again);
  }

  /** @returns the event that may be delivered once more */
  private deed(deed: Happening['deed'], pick: number): unknown {
    switch (deed) {
      case 'add file':
        return this.addFile();
      case 'overwrite file':
      case 'spoil file': {
        const version = this.s3.pick(pick);
        if (version !== undefined) this.s3.write(numberOf(version.url), this.time.now, deed === 'spoil file');
        return undefined;
      }
      case 'delete file':
        this.s3.source.delete(this.s3.pick(pick)?.url ?? '');
        return undefined;
      case 'mend files':
        return this.mendFiles();
      case 'nightly run':
        return this.send(this.tick());
      case 'operator run':
      case 'operator refresh':
        this.operators += 1;
        return this.send({
          trigger: 'operator',
          run: `operator-${this.operators}`,
          mode: deed === 'operator run' ? 'incremental' : 'refresh',
        });
      case 'deploy':
        return this.cloudFormation.deploy();
      case 'remove stack':
        return this.cloudFormation.remove(false);
    }
  }

  private send(event: unknown): unknown {
    this.lambda.deliver(event);
    return event;
  }

  private tick(): unknown {
    return { trigger: 'schedule', scheduledTime: new Date(this.time.now).toISOString() };
  }

  private addFile(): undefined {
    this.files += 1;
    this.s3.write(this.files, this.time.now);
  }

  private mendFiles(): undefined {
    for (const { url, spoilt } of [...this.s3.source.values()]) if (spoilt) this.s3.write(numberOf(url), this.time.now);
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

function numberOf(url: string): number {
  return Number(/(\d+)\.json$/.exec(url)?.[1]);
}
