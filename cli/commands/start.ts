import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureLocalAws, type LocalAwsHandle, runningLocalAws } from '../../local/client';
import { runCdk } from '../cdk';
import { watchingLoad } from '../deploys/load-watch';
import { DeployError, InterruptedError, UsageError } from '../errors';
import { PROJECT, sparkifyHome } from '../home';
import { type LocalDeploy, localContext, localDeploy, rememberLocalDeploy, type WarehouseKind } from '../local-context';
import { LOCAL_STACK, openStack } from '../local-stack';
import { bytes, type Format } from '../output';
import { Progress } from '../progress';
import { rememberedSource, rememberSource, remembersSource } from '../remembered-source';
import { reportFile, writeReport } from '../report';
import { checksOf, lastRuns, stepsOf, tableCounts } from '../run-history';
import { GENERATED, prepareSource, type Source, type SourceChoice, sourceNamed } from '../source';
import { type StartSummary, startSummary } from '../summary';
import { localPlace } from '../target';

export interface StartOptions {
  readonly source?: string;
  readonly fresh?: boolean;
  readonly serve?: boolean;
  readonly port?: number;
  readonly warehouse?: WarehouseKind;
  readonly songs?: number;
  readonly events?: number;
  readonly seed?: number;
  readonly format: Extract<Format, 'table' | 'json'>;
}

function chosenSource(options: StartOptions, home: string): SourceChoice {
  const sized = options.songs !== undefined || options.events !== undefined || options.seed !== undefined;
  if (options.source !== undefined) {
    if (sized)
      throw new UsageError('--source goes without --songs, --events and --seed: they size a generated bucket.');
    return sourceNamed(options.source);
  }
  if (sized && GENERATED.kind === 'generated') {
    return {
      kind: 'generated',
      seed: options.seed ?? GENERATED.seed,
      songs: options.songs ?? GENERATED.songs,
      events: options.events ?? GENERATED.events,
    };
  }
  return rememberedSource(home);
}

/** Removes a home, having made sure that it is one and that nobody uses it. */
async function begunAnew(home: string): Promise<void> {
  if (!existsSync(home)) return;
  const running = runningLocalAws(home);
  if (running !== undefined) {
    throw new UsageError(
      `--fresh: the local AWS of ${home} is running (process ${running.pid}). Stop it first (Ctrl-C).`,
    );
  }
  if (!remembersSource(home) && !existsSync(join(home, 's3'))) {
    throw new UsageError(`--fresh: ${home} does not look like a Sparkify home, so it is left alone.`);
  }
  await rm(home, { recursive: true, force: true });
}

async function deploy(
  aws: LocalAwsHandle,
  chosen: LocalDeploy,
  home: string,
  progress: Progress,
  update: (detail: string) => void,
): Promise<void> {
  const args = ['deploy', LOCAL_STACK, ...localContext(chosen)];
  const assembly = join(home, 'cdk.out');
  const place = await localPlace(aws, 'local');
  const run = await watchingLoad(place, assembly, update, (watch) =>
    runCdk(
      [...args, '--require-approval', 'never', '--progress', 'events', '--output', assembly],
      aws.environment,
      (line) => {
        progress.say(`  ${line}`);
        watch.line(line);
      },
    ),
  );
  if (run.interrupted) {
    throw new InterruptedError(
      'Interrupted in the middle of the deploy. Nothing half-loaded is left: the next start rolls it back and goes on. ' +
        'Type: npm start',
    );
  }
  if (run.exitCode !== 0) {
    throw new DeployError(
      `cdk deploy ended with exit code ${run.exitCode}; its reason stands above. The warehouse is as it was before. ` +
        'Mend what it names, then: npm start',
    );
  }
}

async function summarized(
  aws: LocalAwsHandle,
  source: Source,
  home: string,
  progress: Progress,
): Promise<StartSummary> {
  const stack = await openStack(aws);
  try {
    const report = reportFile(home);
    await progress.step(
      'report',
      () => writeReport(stack, report),
      (size) => `${report}, ${bytes(size)}`,
    );
    const [lastRun] = await lastRuns(stack.warehouse, 1);
    const loaded = stack.outputs.LastLoadRun;
    return {
      home,
      report,
      source: source.description,
      outputs: stack.outputs,
      tables: await tableCounts(stack.warehouse),
      ...(lastRun === undefined ? {} : { lastRun }),
      checks: await checksOf(stack.warehouse, loaded),
      runSteps: await stepsOf(stack.warehouse, lastRun?.run_id ?? loaded),
      steps: progress.times,
    };
  } finally {
    stack.close();
  }
}

/** Resolves at the first Ctrl-C or termination. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/**
 * `npm start`: source, local AWS, `cdk deploy`, report, summary.
 * @throws CliError
 */
export async function start(options: StartOptions): Promise<void> {
  const home = sparkifyHome();
  const choice =
    options.fresh && options.source === undefined ? chosenSource(options, '') : chosenSource(options, home);
  if (options.fresh) await begunAnew(home);
  await mkdir(home, { recursive: true });
  const progress = new Progress();
  progress.say(`Sparkify on one machine; state in ${home}`);
  const source = await progress.step(
    'source',
    (update) => prepareSource(choice, join(home, 'sources'), update),
    (s) => s.description,
  );
  rememberSource(home, choice);
  const aws = await progress.step(
    'local AWS',
    () => ensureLocalAws({ home, ...(options.port === undefined ? {} : { port: options.port }) }),
    (handle) => handle.url,
  );
  try {
    await aws.mountSource(source.bucket, source.folder);
    const warehouse = options.warehouse ?? localDeploy(home).warehouse;
    const chosen: LocalDeploy = { warehouse, sourceBucket: source.bucket };
    rememberLocalDeploy(home, chosen);
    await progress.step(
      'deploy',
      (update) => deploy(aws, chosen, home, progress, update),
      () => `${LOCAL_STACK} by the CDK CLI of ${PROJECT}`,
    );
    const summary = await summarized(aws, source, home, progress);
    console.log(options.format === 'json' ? JSON.stringify(summary, null, 2) : startSummary(summary, source.folder));
    if (options.serve) {
      progress.say(`\nServing on ${aws.url} until Ctrl-C. Other terminals: npm run -s sparkify -- status`);
      await interrupted();
    }
  } finally {
    await aws.stop();
  }
}
