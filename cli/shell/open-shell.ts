import { readFile } from 'node:fs/promises';
import { sparkifyHome } from '../home';
import type { IdentityName } from '../identities';
import type { Format } from '../output';
import type { Target } from '../target';
import type { WarehouseClient } from '../warehouse';
import { historyFile, loadHistory, saveHistory } from './history';
import { page, pagerOf } from './pager';
import { type Connection, Shell } from './shell';

/** A client that is somebody, until it is released. @throws what taking on the role throws */
export function held(target: Target, identity: IdentityName): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((done) => {
      release = done;
    });
    const work = target.as(identity, (warehouse: WarehouseClient) => {
      resolve({
        warehouse,
        release: () => {
          release();
          return work;
        },
      });
      return released;
    });
    work.catch(reject);
  });
}

/** The shell on this process's own terminal. */
export async function openShell(
  target: Target,
  options: {
    readonly identity: IdentityName;
    readonly format?: Format;
    readonly expanded: boolean;
    readonly pager: boolean;
  },
): Promise<void> {
  const file = historyFile(sparkifyHome());
  const pager = options.pager ? pagerOf(process.env) : undefined;
  const shell = new Shell({
    environment: target.environment,
    identity: options.identity,
    connect: (identity) => held(target, identity),
    streams: { input: process.stdin, output: process.stdout },
    ...(pager !== undefined && { page: (text: string) => page(text, pager) }),
    history: { load: () => loadHistory(file), save: (entries) => saveHistory(file, entries) },
    readFile: (path) => readFile(path, 'utf8'),
    now: () => performance.now(),
  });
  shell.view.format = options.format ?? 'table';
  shell.view.expanded = options.expanded;
  await shell.run();
}
