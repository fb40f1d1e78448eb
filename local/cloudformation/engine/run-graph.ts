/** How visiting a graph ended. */
export interface GraphOutcome {
  /** Nodes whose visit threw, with the error, in the order in which they failed. */
  readonly failures: readonly { readonly node: string; readonly error: unknown }[];
  /** Nodes never visited because of failures. */
  readonly skipped: readonly string[];
}

/**
 * Visits every node once all nodes it needs were visited, independent ones at the same time. Nodes that need a failed
 * one are skipped. With `stopOnFailure` nothing new is started after the first failure and `signal` of the running
 * visits is aborted; they are awaited in any case. Aborting `cancel` does the same from outside.
 */
export function runGraph(
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  visit: (node: string, signal: AbortSignal) => Promise<void>,
  options: { readonly stopOnFailure: boolean; readonly cancel?: AbortSignal },
): Promise<GraphOutcome> {
  const waiting = new Set(needs.keys());
  const done = new Set<string>();
  const failures: { node: string; error: unknown }[] = [];
  const abort = new AbortController();
  options.cancel?.addEventListener('abort', () => abort.abort());
  if (options.cancel?.aborted) abort.abort();
  let running = 0;

  return new Promise((resolve) => {
    function start(node: string): void {
      waiting.delete(node);
      running += 1;
      visit(node, abort.signal)
        .then(
          () => {
            done.add(node);
          },
          (error: unknown) => {
            failures.push({ node, error });
            if (options.stopOnFailure) abort.abort();
          },
        )
        .then(() => {
          running -= 1;
          advance();
        });
    }

    function advance(): void {
      if (!abort.signal.aborted) {
        for (const node of [...waiting]) {
          const needed = [...(needs.get(node) ?? [])].filter((other) => needs.has(other));
          if (needed.every((other) => done.has(other))) start(node);
        }
      }
      if (running === 0) resolve({ failures, skipped: [...waiting] });
    }

    advance();
  });
}

/** The same graph with every edge turned round: what deletion has to follow. */
export function reversed(needs: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const turned = new Map([...needs.keys()].map((node) => [node, new Set<string>()]));
  for (const [node, needed] of needs) {
    for (const other of needed) turned.get(other)?.add(node);
  }
  return turned;
}
