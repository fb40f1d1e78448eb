/** Runs asynchronous pieces of work one after another, in the order in which they came. */
export class Mutex {
  private tail: Promise<unknown> = Promise.resolve();

  /** Starts `work` when all earlier work has ended; a failure of one does not reach the next. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.tail.then(work, work);
    this.tail = result.catch(() => undefined);
    return result;
  }
}
