/** Time and identifiers come from here, so that everything can be simulated. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `milliseconds`; the returned function takes it back. */
  after(milliseconds: number, callback: () => void): () => void;
}

export interface Ids {
  /** A random (or, in a simulation, predictable) UUID in lower case. */
  uuid(): string;
}
