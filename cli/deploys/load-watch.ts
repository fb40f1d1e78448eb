import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { assembledStack, type Template } from '../assembly';
import { Executions } from '../executions';
import { progressLine } from '../runs/follow';
import type { RunState } from '../runs/run-state';
import type { Place } from '../target';

/** What CloudFormation says of the load, in a line of the CDK CLI's. */
const LOADING = /\|\s*(CREATE|UPDATE)_IN_PROGRESS\s*\|\s*Custom::WarehouseLoad\s*\|/;
const LOADED = /\|\s*(CREATE|UPDATE)_(COMPLETE|FAILED)\s*\|\s*Custom::WarehouseLoad\s*\|/;
/** Milliseconds between two looks. */
const PAUSE = 1_000;

/** Looks at the load of a deploy while CloudFormation waits for it. */
export class LoadWatch {
  private watching: AbortController | undefined;

  /**
   * @param look finds the load's state; where it cannot, nothing is shown: the deploy does not depend on it
   * @param show is given where it stands
   */
  constructor(
    private readonly look: () => Promise<RunState | undefined>,
    private readonly show: (detail: string) => void,
    private readonly pause = PAUSE,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes a line of the CDK CLI's: the watch begins and ends with the events of the load. */
  line(text: string): void {
    if (LOADED.test(text)) this.stop();
    else if (LOADING.test(text) && this.watching === undefined) {
      this.watching = new AbortController();
      void this.watch(this.watching.signal);
    }
  }

  stop(): void {
    this.watching?.abort();
    this.watching = undefined;
  }

  private async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const state = await this.look().catch(() => undefined);
      if (!signal.aborted && state !== undefined) this.show(progressLine(state, [], this.now()));
      await setTimeout(this.pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Does a deploy and shows meanwhile, where somebody sees it, how its load stands. */
export async function watchingLoad<T>(
  place: Place,
  assembly: string,
  show: (detail: string) => void,
  deploy: (watch: Pick<LoadWatch, 'line'>) => Promise<T>,
): Promise<T> {
  // A running line is drawn on terminals only: elsewhere nobody has to be asked.
  if (process.stderr.isTTY !== true) return deploy({ line: () => undefined });
  const watch = new LoadWatch(loadOf(place, assembly), show);
  try {
    return await deploy(watch);
  } finally {
    watch.stop();
  }
}

/** The ETL function in a template: the only one whose executions are durable. */
export function etlFunctionOf({ Resources = {} }: Template): string | undefined {
  return Object.entries(Resources).find(
    ([, { Type, Properties }]) => Type === 'AWS::Lambda::Function' && Properties?.DurableConfig !== undefined,
  )?.[0];
}

/** How a place's running load is found, also while the stack is made for the first time and has no outputs yet. */
export function loadOf(
  { options, stackName, environment }: Place,
  assembly: string,
): () => Promise<RunState | undefined> {
  let functionName: string | undefined;
  return async () => {
    functionName ??= await physicalName();
    if (functionName === undefined) return undefined;
    const executions = new Executions(options);
    try {
      const running = await executions.running(functionName);
      return running.find(({ state }) => state?.trigger === 'deploy')?.state;
    } finally {
      executions.close();
    }
  };

  async function physicalName(): Promise<string | undefined> {
    const LogicalResourceId = etlFunctionOf(assembledStack(assembly, environment).template);
    if (LogicalResourceId === undefined) return undefined;
    const client = new CloudFormationClient(options);
    try {
      const command = new DescribeStackResourceCommand({ StackName: stackName, LogicalResourceId });
      return (await client.send(command)).StackResourceDetail?.PhysicalResourceId;
    } finally {
      client.destroy();
    }
  }
}
