import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { durableExecutionId } from '../arns';
import { resourceNotFound } from '../errors';
import {
  applyChange,
  type DurableExecution,
  type ExecutionChange,
  type ExecutionStart,
  newExecution,
} from './execution';

const DAY_MS = 86_400_000;

/**
 * Executions on disk: a journal each, one JSON line for the start and one for every change, so that a checkpoint
 * costs its own size and a killed process leaves at worst one torn last line, which was never acknowledged.
 */
export class ExecutionStore {
  private readonly executions = new Map<string, DurableExecution>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    for (const execution of names.map((name) => this.load(name))) {
      if (execution) this.executions.set(execution.start.id, execution);
    }
  }

  create(start: ExecutionStart, change: ExecutionChange): DurableExecution {
    const execution = newExecution(start);
    applyChange(execution, change);
    appendFileSync(this.file(start.id), `${JSON.stringify(start)}\n${JSON.stringify(change)}\n`);
    this.executions.set(start.id, execution);
    return execution;
  }

  /** Writes the change, then applies it. */
  change(execution: DurableExecution, change: ExecutionChange): void {
    appendFileSync(this.file(execution.start.id), `${JSON.stringify(change)}\n`);
    applyChange(execution, change);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(arn: string): DurableExecution {
    const execution = this.executions.get(durableExecutionId(arn));
    if (execution?.start.arn !== arn) throw resourceNotFound(`Durable execution not found: ${arn}`);
    return execution;
  }

  /** The newest first. */
  ofFunction(functionName: string): readonly DurableExecution[] {
    return this.all()
      .filter(({ start }) => start.functionName === functionName)
      .sort((a, b) => b.start.startedAt - a.start.startedAt);
  }

  all(): readonly DurableExecution[] {
    return [...this.executions.values()];
  }

  /** Removes executions that ended longer ago than their retention period. */
  expire(now: number): void {
    for (const { start, end } of this.all()) {
      if (end && end.endedAt + start.retentionPeriodInDays * DAY_MS < now) this.remove(start.id);
    }
  }

  removeFunction(functionName: string): void {
    for (const { start } of this.ofFunction(functionName)) this.remove(start.id);
  }

  private remove(id: string): void {
    this.executions.delete(id);
    rmSync(this.file(id), { force: true });
  }

  private load(name: string): DurableExecution | undefined {
    const file = join(this.folder, name);
    const bytes = readFileSync(file);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) truncateSync(file, whole);
    const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
    const [first, ...changes] = lines;
    // Without a whole second line the start was never acknowledged to anybody.
    if (first === undefined || changes.length === 0) {
      rmSync(file, { force: true });
      return undefined;
    }
    const execution = newExecution(JSON.parse(first) as ExecutionStart);
    for (const line of changes) applyChange(execution, JSON.parse(line) as ExecutionChange);
    return execution;
  }

  private file(id: string): string {
    return join(this.folder, `${id}.jsonl`);
  }
}
