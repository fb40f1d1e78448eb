import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors';
import { sparkifyHome } from '../home';
import { bytes } from '../output';
import { reportFile, writeReport } from '../report';
import { lastRuns } from '../run-history';
import { type Target, type TargetChoice, withTarget } from '../target';

/** Seconds between two looks at the runs, and after which a watched page loads itself again. */
const LOOK_AGAIN = 3;

/** `sparkify report`: writes the report, with `watch` anew after each run. @throws CliError */
export async function report(
  options: TargetChoice & { readonly output?: string; readonly watch?: boolean },
): Promise<void> {
  const file = options.output === undefined ? reportFile(sparkifyHome(), options.env) : resolve(options.output);
  if (!existsSync(dirname(file)))
    throw new UsageError(`--output ${file}: there is no folder ${dirname(file)}. Make it, or name another file.`);
  await withTarget(options, async (stack) => {
    const size = await writeReport(stack, file, options.watch === true ? LOOK_AGAIN : undefined);
    console.log(file);
    console.error(`${bytes(size)}; open it in a browser`);
    if (options.watch === true) await watch(stack, file);
  });
}

/** Writes the report again whenever another run has ended, until Ctrl-C. */
async function watch(stack: Target, file: string): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  console.error('watching; Ctrl-C ends it');
  let seen = await newestRun(stack);
  while (await passed(LOOK_AGAIN * 1000, stopped.signal)) {
    const newest = await newestRun(stack);
    if (newest === seen) continue;
    seen = newest;
    await writeReport(stack, file, LOOK_AGAIN);
    console.error(`written again after run ${newest}`);
  }
}

async function newestRun({ warehouse }: Target): Promise<string | undefined> {
  const [run] = await lastRuns(warehouse, 1);
  return run === undefined ? undefined : `${run.run_id} (${run.status}, ${run.finished_at})`;
}

/** Waits. @returns false when it was told to stop */
function passed(milliseconds: number, stopped: AbortSignal): Promise<boolean> {
  if (stopped.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      stopped.removeEventListener('abort', end);
      resolve(true);
    }, milliseconds);
    stopped.addEventListener('abort', end, { once: true });
  });
}
