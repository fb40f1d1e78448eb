import { LoadError } from './errors';
import { bytes, count, files as fileCount, render } from './output';
import { freshRunName } from './run-name';
import type { Target } from './target';

/** What the ETL function says a run would do. */
export interface DryRun {
  readonly mode: string;
  readonly why: readonly string[];
  readonly files: number;
  readonly bytes: number;
  readonly firstFiles: readonly { readonly url: string; readonly bytes: number }[];
  readonly changedFiles: number;
  readonly vanishedFiles: number;
  readonly vanished: readonly string[];
  readonly outsideDays: number;
  readonly undatedFiles: number;
  readonly emptySources: readonly string[];
  readonly migrations: readonly string[];
  readonly statements: readonly string[];
}

/** What a run may be asked for. */
export interface RunOptions {
  readonly fullRefresh?: boolean;
  readonly from?: string;
  readonly to?: string;
}

/** The fields of an operator's event that say what to load. */
export function runFields({ fullRefresh, from, to }: RunOptions): Readonly<Record<string, string>> {
  return {
    ...(fullRefresh === true && { mode: 'refresh' }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** Asks the ETL function what a run would do now. @throws LoadError when it cannot say */
export async function dryRun(stack: Pick<Target, 'executions' | 'outputs'>, options: RunOptions): Promise<DryRun> {
  // Under a name of its own each time: the same name would be answered with what was found then.
  const name = freshRunName('at');
  const event = { trigger: 'operator', run: name, dryRun: true, ...runFields(options) };
  const arn = await stack.executions.start(stack.outputs.FunctionAliasArn, `dry-run-${name}`, event);
  const { status, result, error } = await stack.executions.end(arn);
  if (status === 'SUCCEEDED' && typeof result === 'object' && result !== null && 'plan' in result)
    return result.plan as DryRun;
  throw new LoadError(`The dry run did not succeed (${status}): ${error ?? 'without a reason'}\nExecution: ${arn}`);
}

const column = (name: string, numeric = false) => ({ name, numeric });

/** A dry run is about what happens: `sparkify files --new` is about the files. */
const FILES_SHOWN = 5;

/** The plan for people. */
export function describeDryRun(plan: DryRun): string {
  const what = plan.files === 0 ? 'nothing to load' : `${fileCount(plan.files)}, ${bytes(plan.bytes)}`;
  const why = plan.why.length === 0 ? '' : ` (${plan.why.join('; ')})`;
  const files = {
    columns: [column('file'), column('bytes', true)],
    rows: plan.firstFiles.slice(0, FILES_SHOWN).map((file) => [file.url, bytes(file.bytes)]),
  };
  const statements = {
    columns: [column('#', true), column('statement')],
    rows: [...plan.migrations, ...plan.statements].map((file, index) => [index + 1, file]),
  };
  return [
    `Dry run: ${what}, ${plan.mode}${why}. Nothing was done.`,
    ...(files.rows.length > 0 ? [render(files, 'table')] : []),
    ...(plan.files > files.rows.length
      ? [`and ${count(plan.files - files.rows.length)} more: sparkify files --new`]
      : []),
    ...leftAlone(plan),
    ...(statements.rows.length > 0 ? [render(statements, 'table')] : []),
  ].join('\n');
}

/** What a run sees and does not load; nothing where there is nothing. */
export function leftAlone(plan: DryRun): readonly string[] {
  return [
    ...plan.emptySources.map((url) => `no file lies below ${url}: a source of sql/sources.yaml without files`),
    ...(plan.outsideDays > 0 ? [`${count(plan.outsideDays)} new files of other days are left for another run`] : []),
    ...(plan.undatedFiles > 0
      ? [`${count(plan.undatedFiles)} new log files have no day in their name: left alone`]
      : []),
    ...(plan.vanishedFiles > 0
      ? [`${count(plan.vanishedFiles)} files were loaded and are gone (what they brought stays):`]
      : []),
    ...plan.vanished.map((url) => `  ${url}`),
    ...(plan.vanishedFiles > plan.vanished.length
      ? [`  and ${count(plan.vanishedFiles - plan.vanished.length)} more`]
      : []),
  ];
}
