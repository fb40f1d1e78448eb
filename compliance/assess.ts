import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stage, Validations } from 'aws-cdk-lib';
import type { PolicyValidationReportJson } from 'aws-cdk-lib/cloud-assembly-schema';
import { FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT, VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import { ACKNOWLEDGED_HERE } from '../lib/acknowledge';
import type { Pack } from './packs';
import type { Acknowledgement } from './review';

/** In front of the ids of the CDK's own template validation. */
const CDK_VALIDATION = 'CloudFormation-Validate::';

/** What is assessed under one name: the stacks of an environment. */
export interface Variant {
  readonly name: string;
  /** Builds the stacks into the scope, which gives nothing to their names. */
  readonly build: (scope: Stage) => void;
}

/** What the packs said, and what was acknowledged in the constructs, whether it answers anything or not. */
export interface Assessment {
  readonly report: PolicyValidationReportJson;
  readonly acknowledgements: readonly Acknowledgement[];
}

/**
 * Synthesizes all variants in one app, each in a stage of its name, and lets the packs validate it.
 * @param context the feature flags of cdk.json, else the templates would not be those that are deployed
 */
export function assess(
  variants: readonly Variant[],
  packs: readonly Pack[],
  context: Readonly<Record<string, unknown>>,
): Assessment {
  const outdir = mkdtempSync(join(tmpdir(), 'sparkify-compliance-'));
  try {
    const app = new App({
      outdir,
      context: { ...context, [FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT]: false },
      builtinCloudFormationValidation: packs.some(({ plugin }) => plugin === undefined),
    });
    for (const { name, build } of variants) build(new Stage(app, name));
    Validations.of(app).addPlugins(...packs.flatMap(({ plugin }) => (plugin === undefined ? [] : [plugin(app)])));
    app.synth();
    const report = JSON.parse(readFileSync(join(outdir, VALIDATION_REPORT_FILE), 'utf8')) as PolicyValidationReportJson;
    return { report, acknowledgements: acknowledgementsIn(app) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * Every acknowledgement but those with which the CDK answers its own validation in constructs of its own. One without a
 * pack in front is in: cdk-nag would swallow its finding, and it must not go uncounted.
 */
function acknowledgementsIn(app: App): readonly Acknowledgement[] {
  return app.node.findAll().flatMap(({ node }) => {
    const ours = new Set(node.metadata.filter(({ type }) => type === ACKNOWLEDGED_HERE).map(({ data }) => data));
    return node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .filter(([id]) => ours.has(id) || !id.startsWith(CDK_VALIDATION))
      .map(([id, reason]) => ({ id, reason, at: node.path }));
  });
}
