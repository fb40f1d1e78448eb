import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { parse } from 'yaml';
import { assembledStack, type Template } from '../assembly';
import { dryRun } from '../dry-run';
import { NotDeployedError, QueryError } from '../errors';
import { PROJECT } from '../home';
import { ledger } from '../run-history';
import { openTarget, type Place, type Target } from '../target';
import { planHash } from './hash';
import { infrastructureChanges, outputChanges } from './infrastructure';
import { type AppliedRow, type MigrationFile, migrationPlan } from './migrations';
import type { LoadCost, Plan, ResourceChange } from './plan';

const EMPTY: Template = {};

/**
 * What deploying an assembly would change in an environment, compared with what is there now.
 * @throws AssemblyError when the assembly lacks the environment's stack
 */
export async function makePlan(place: Place, assembly: string): Promise<Plan> {
  const wanted = assembledStack(assembly, place.environment);
  const deployed = await deployedTemplate(place);
  const infrastructure = infrastructureChanges(deployed ?? EMPTY, wanted.template);
  const target = deployed === undefined ? undefined : await openedTarget(place);
  try {
    const applied = target === undefined ? [] : await appliedMigrations(target);
    const { pending, refused } = migrationPlan(migrationFiles(), applied);
    const load = target === undefined ? undefined : await loadCost(target, infrastructure);
    return {
      environment: place.environment,
      stackName: wanted.stackName,
      hash: planHash(wanted.template, deployed, applied),
      first: deployed === undefined,
      infrastructure,
      outputs: outputChanges(deployed ?? EMPTY, wanted.template),
      migrations: pending,
      refused,
      ...(load && { load }),
      destructive: [
        ...infrastructure.flatMap(({ logicalId, type, destroys }) =>
          destroys === undefined ? [] : [`${type} ${logicalId}: ${destroys}`],
        ),
        ...pending.flatMap(({ file, destroys }) => (destroys === undefined ? [] : [`sql/${file}: ${destroys}`])),
      ],
    };
  } finally {
    target?.close();
  }
}

/** Of a first deploy that failed the CDK CLI deletes what it has left, and begins anew. */
const NEVER_MADE: ReadonlySet<string | undefined> = new Set([
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
]);

/** The template that is deployed; undefined where there is no stack, or one that was never made. */
async function deployedTemplate({ stackName, options }: Place): Promise<Template | undefined> {
  const client = new CloudFormationClient(options);
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    if (NEVER_MADE.has(Stacks?.[0]?.StackStatus)) return undefined;
    const { TemplateBody } = await client.send(
      new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }),
    );
    return parse(TemplateBody ?? '{}') as Template;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Undefined where a deploy got not so far that there are outputs. */
async function openedTarget(place: Place): Promise<(Target & { close(): void }) | undefined> {
  try {
    return await openTarget(place);
  } catch (error) {
    if (error instanceof NotDeployedError) return undefined;
    throw error;
  }
}

async function appliedMigrations({ warehouse }: Target): Promise<readonly AppliedRow[]> {
  try {
    return await warehouse.objects<AppliedRow>('select version, name, checksum from etl.migrations order by version');
  } catch (error) {
    // A warehouse that was never loaded has no such table.
    if (error instanceof QueryError && /does not exist/.test(error.message)) return [];
    throw error;
  }
}

function migrationFiles(folder = join(PROJECT, 'sql', 'migrations')): readonly MigrationFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** Properties of the custom resource whose change rebuilds the star, and what they mean. */
const REBUILDS: Readonly<Record<string, string>> = {
  LoadDigest: 'the SQL of the load has changed',
  SourceDigest: 'the sources are others',
  Warehouse: 'the warehouse is another, or restored',
};

/** What waits by the deployed function's own word, and all files where the deploy rebuilds the star. */
async function loadCost(target: Target, infrastructure: readonly ResourceChange[]): Promise<LoadCost> {
  const waiting = await dryRun(target, {});
  const changed = infrastructure.find(({ type }) => type === 'Custom::WarehouseLoad')?.properties ?? [];
  const why = changed.flatMap((property) => REBUILDS[property] ?? []);
  if (why.length === 0) {
    const { files, bytes } = waiting;
    return { mode: waiting.mode === 'refresh' ? 'refresh' : 'incremental', why: waiting.why, files, bytes };
  }
  const loaded = await ledger(target.warehouse);
  const sum = (of: (row: (typeof loaded)[number]) => number) => loaded.reduce((total, row) => total + of(row), 0);
  const waits = waiting.mode === 'refresh' ? { files: 0, bytes: 0 } : waiting;
  return {
    mode: 'refresh',
    why,
    files: sum(({ files }) => files) + waits.files,
    bytes: sum(({ bytes }) => bytes) + waits.bytes,
  };
}
