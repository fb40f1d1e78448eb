import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { KillPoint } from './kill-function';

interface Step {
  readonly point: KillPoint;
  readonly request: number;
  /** Requests under way beside this one. */
  readonly beside: number;
  /** Bytes that Lambda and the function have logged until now. */
  readonly logged: number;
}

/** The course of a function's run as the proxy sees it: its requests, and what happens between them. */
export class Course {
  private readonly steps: Step[] = [];
  private readonly seen = new Map<string, number>();
  private readonly names = new Map<number, { readonly kind: string; readonly nth: number }>();
  private underWay = 0;

  /** @param home of the local AWS that runs it */
  constructor(private readonly home: string) {}

  /** Notes a request that is about to reach the server, or whose answer has come. @returns which one it is */
  pass(what: string, request: number, when: KillPoint['when']): KillPoint {
    if (when === 'after') this.underWay -= 1;
    const point = { ...this.nameOf(what, request), when };
    this.steps.push({ point, request, beside: this.underWay, logged: loggedBytes(join(this.home, 'logs')) });
    if (when === 'before') this.underWay += 1;
    return point;
  }

  /**
   * Where the function can be killed. The death after a request is left out where it leaves the same state as the one
   * before the next request: no other request is under way, so that the server has applied the same ones at both; and
   * nothing is logged in between, so that the invocation is the same (Lambda logs where each begins and ends) and the
   * function has said nothing. All that a function does are requests and lines of its log; its memory dies with it.
   */
  points(): readonly KillPoint[] {
    return this.steps.filter((step, index) => !sameAsNext(step, this.steps[index + 1])).map(({ point }) => point);
  }

  private nameOf(what: string, request: number): { readonly kind: string; readonly nth: number } {
    const known = this.names.get(request);
    if (known !== undefined) return known;
    // Names of runs, tokens and digests are others in each round.
    const kind = what.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}/g, '…');
    const nth = (this.seen.get(kind) ?? 0) + 1;
    this.seen.set(kind, nth);
    this.names.set(request, { kind, nth });
    return { kind, nth };
  }
}

function sameAsNext(step: Step, next: Step | undefined): boolean {
  return (
    step.point.when === 'after' &&
    next?.point.when === 'before' &&
    step.beside === 0 &&
    next.beside === 0 &&
    step.logged === next.logged
  );
}

function loggedBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
}
