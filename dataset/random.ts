import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded source of choices: the same seed gives the same bucket, byte for byte, on every machine. */
export class Random {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return uniformInt(this.generator, low, high);
  }

  /** True in `percent` of a hundred cases; fractions of a percent count to a hundredth. */
  chance(percent: number): boolean {
    return this.integer(1, 10_000) <= percent * 100;
  }

  pick<T>(from: readonly T[]): T {
    const chosen = from[this.integer(0, from.length - 1)];
    if (chosen === undefined) throw new RangeError('cannot pick from an empty list');
    return chosen;
  }

  /** Picks low indexes far more often than high ones, as listeners pick songs. */
  popular<T>(from: readonly T[]): T {
    const reach = this.integer(1, from.length);
    return from[this.integer(0, reach - 1)] as T;
  }

  /** A decimal fraction with at most `digits` digits, from `low` to `high`. */
  decimal(low: number, high: number, digits: number): number {
    const scale = 10 ** digits;
    return this.integer(Math.round(low * scale), Math.round(high * scale)) / scale;
  }

  /** Upper-case letters and digits, as in the Million Song Dataset's identifiers. */
  code(length: number): string {
    let code = '';
    for (let i = 0; i < length; i += 1) code += CODE[this.integer(0, CODE.length - 1)];
    return code;
  }
}

const CODE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
