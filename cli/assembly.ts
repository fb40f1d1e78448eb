import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssemblyError } from './errors';

/** A CloudFormation template as far as we look into it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** One environment's stack in a synthesized assembly. */
export interface AssembledStack {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      { readonly type: string; readonly environment?: string; readonly properties?: Readonly<Record<string, unknown>> }
    >
  >;
}

/** The name of an environment's stack. */
export function stackNameOf(environment: string): string {
  return `Sparkify-${environment}`;
}

/**
 * An environment's stack of an assembly (`cdk.out`).
 * @throws AssemblyError when there is no assembly or it lacks the stack
 */
export function assembledStack(folder: string, environment: string): AssembledStack {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw new AssemblyError(`There is no cloud assembly in ${folder}: cdk synth makes one.`);
  const { artifacts } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const stackName = stackNameOf(environment);
  const artifact = artifacts[stackName];
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(artifact?.environment ?? '') ?? [];
  if (artifact === undefined || account === undefined || region === undefined) {
    const stacks = Object.keys(artifacts).filter((name) => artifacts[name]?.type === 'aws:cloudformation:stack');
    throw new AssemblyError(`The assembly in ${folder} has no stack ${stackName}; it has ${stacks.join(', ')}.`);
  }
  const template = readFileSync(join(folder, String(artifact.properties?.templateFile)), 'utf8');
  return { stackName, account, region, template: JSON.parse(template) as Template };
}

/** SHA-256 of a template, in hex. The files of its assets count too: their digests stand in it. */
export function templateDigest(template: Template): string {
  return createHash('sha256').update(JSON.stringify(template)).digest('hex');
}
