interface Due {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

/** A clock that jumps from one event to the next: hours pass in milliseconds, and the same plan gives the same order. */
export class VirtualTime {
  private due: Due[] = [];
  private order = 0;

  constructor(public now: number) {}

  /** Does the work at that time; work of the same time is done in the order in which it was asked for. */
  at(time: number, work: () => void): void {
    const event = { at: Math.max(time, this.now), order: this.order, work };
    this.order += 1;
    let low = 0;
    let high = this.due.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.due[middle] as Due;
      // Latest first, so that the next one is popped from the end.
      if (other.at > event.at) low = middle + 1;
      else high = middle;
    }
    this.due.splice(low, 0, event);
  }

  after(milliseconds: number, work: () => void): void {
    this.at(this.now + milliseconds, work);
  }

  /** Runs until nothing is due any more. @returns false when more than `most` events came: something never ends */
  async run(most: number): Promise<boolean> {
    for (let count = 0; count < most; count += 1) {
      const next = this.due.pop();
      if (next === undefined) return true;
      this.now = next.at;
      next.work();
      await settled();
    }
    return false;
  }
}

/** All code that waits for nothing but promises goes on until it waits for an event. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
