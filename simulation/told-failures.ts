import { isCloudFormationRequest, readEvent } from '../lambda/events';
import type { Statement } from './data-api-model';
import type { Execution } from './durable-model';
import type { Invariants } from './invariants';

/** Watches that a run that was told to have failed has not loaded, and commits nothing any more. */
export class ToldFailures {
  private readonly deliveries = new Map<string, number>();
  private readonly failed = new Set<string>();
  private readonly loaded = new Set<string>();

  constructor(private readonly invariants: Invariants) {}

  begun({ event }: Execution): void {
    const runId = runIdOf(event);
    this.deliveries.set(runId, (this.deliveries.get(runId) ?? 0) + 1);
  }

  ended({ event, status, result, reason = '' }: Execution): void {
    const told = status === 'FAILED' ? reason : result?.outcome === 'failed' ? result.reason : undefined;
    // What nobody could know is said.
    if (told === undefined || told.includes('may still commit')) return;
    const runId = runIdOf(event);
    if (told.includes('syntax error')) this.invariants.fail(`${runId} has sent what is no SQL: ${told}`);
    this.failed.add(runId);
    // A deploy whose record was not taken has failed and says that it has loaded.
    if (this.loaded.has(runId) && this.deliveries.get(runId) === 1 && !told.includes('did not take the record'))
      this.invariants.fail(`${runId} was told to have failed and has loaded: ${told}`);
  }

  /** The Data API says so: it calls a load whose connection was lost after its commit failed. */
  finished({ status, transaction: { runId, touched } }: Statement): void {
    if (status === 'FINISHED' && touched.has('run')) this.loaded.add(runId);
  }

  /** An event that came twice is the same run: the other delivery may still succeed. */
  committed({ name, transaction: { runId, touched } }: Statement): void {
    const more = [...touched].filter((each) => each !== 'failed run');
    if (more.length > 0 && this.failed.has(runId) && this.deliveries.get(runId) === 1)
      this.invariants.fail(`${name} has committed after its run was told to have failed`);
  }
}

function runIdOf(event: unknown): string {
  return isCloudFormationRequest(event) && event.RequestType === 'Delete' ? 'delete' : readEvent(event).runId;
}
