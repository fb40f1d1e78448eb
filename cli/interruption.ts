import { InterruptedError } from './errors';

/** So many times Ctrl-C, and we leave at once: whoever types it so often does not want to wait for good order. */
const INSISTING = 4;

/**
 * Runs some work that Ctrl-C and a termination can end.
 * @param work is given a signal; when it comes the work may be rejected with anything
 * @param left says what goes on by itself and what was left as it was
 * @throws InterruptedError with what `left` says, when a signal has come before the work was done
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  left: () => string,
  signals: NodeJS.EventEmitter = process,
): Promise<T> {
  const controller = new AbortController();
  let times = 0;
  // `npm run` passes on a Ctrl-C that the terminal has sent us already: the second one must not kill us.
  const came = () => {
    times += 1;
    controller.abort();
    if (times >= INSISTING) process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM']) signals.on(name, came);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) throw new InterruptedError(left(), { cause: error });
    throw error;
  } finally {
    // After an interruption we still stop the local AWS in good order, and a late signal must not disturb that.
    if (!controller.signal.aborted) for (const name of ['SIGINT', 'SIGTERM']) signals.off(name, came);
  }
}
