import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { localHome } from './home';
import { fileLog } from './log';
import { type LocalAws, startLocalAws } from './main';

/**
 * Process entry, compiled: `local/daemon.ts --home DIR [--port N] [--stop-with-parent]`.
 * Prints one line of JSON on stdout, `{url, port, environment}` when it listens or `{error}` when it can't start.
 * Stops on SIGTERM and SIGINT, and with --stop-with-parent when stdin closes. Exit codes: 0 stopped as asked,
 * 1 could not start or failed, 2 wrong arguments. Its log is `<home>/logs/local-aws.log`.
 * UV_THREADPOOL_SIZE is up to whoever starts it: libuv reads it before any of this runs.
 */
async function main(): Promise<number> {
  const options = parseArguments();
  if (!options) {
    return 2;
  }
  const { log, close } = fileLog(join(localHome(options.home).logs, 'local-aws.log'), Date.now);
  process.on('uncaughtException', (error) => {
    log(`uncaught: ${error.stack ?? error.message}`);
    process.exitCode = 1;
    void close().then(() => process.exit(1));
  });
  let aws: LocalAws;
  try {
    aws = await startLocalAws({ home: options.home, port: options.port, log });
  } catch (error) {
    log(`could not start: ${(error as Error).stack}`);
    print({ error: (error as Error).message });
    await close();
    return 1;
  }
  stopWhenTold(aws, options.stopWithParent, log);
  print({ url: aws.url, port: aws.port, environment: aws.environment });
  try {
    await aws.stopped;
    return 0;
  } catch (error) {
    log(`did not stop cleanly: ${(error as Error).stack}`);
    return 1;
  } finally {
    await close();
  }
}

function parseArguments(): { home: string; port: number | undefined; stopWithParent: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: { home: { type: 'string' }, port: { type: 'string' }, 'stop-with-parent': { type: 'boolean' } },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (values.home === undefined) {
      throw new Error('--home DIR is missing');
    }
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw new Error(`--port ${values.port} is not a port`);
    }
    return { home: resolve(values.home), port, stopWithParent: values['stop-with-parent'] === true };
  } catch (error) {
    print({ error: (error as Error).message });
    return undefined;
  }
}

function stopWhenTold(aws: LocalAws, withParent: boolean, log: (message: string) => void): void {
  const stop = (why: string) => {
    log(`told to stop: ${why}`);
    aws.stop().catch(() => {});
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (withParent) {
    process.stdin.on('end', () => stop('the parent is gone')).resume();
    process.stdin.on('error', () => stop('the parent is gone'));
  }
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

void main().then((code) => process.exit(code));
