#!/usr/bin/env node
import { App } from 'aws-cdk-lib';
import { ConfigurationError, selectEnvironments } from '../lib/config';
import { judgeDeployedSql } from '../lib/config/deployed-sources';
import { readPipeline } from '../lib/config/pipeline';
import { addGithubStacks } from '../lib/github-oidc-stack';
import { PipelineStack } from '../lib/pipeline/pipeline-stack';
import { PlanMismatchError, requirePlan } from '../lib/plan-check';
import { SparkifyStack } from '../lib/sparkify-stack';
import { StatementsError } from '../statements/errors';

/** A value given by `-c name=value`, if it is text. */
function contextText(app: App, name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}

function main(): void {
  const app = new App();
  // What goes needs no right SQL: a destroy says `-c sqlCheck=off`.
  if (contextText(app, 'sqlCheck') !== 'off') judgeDeployedSql();
  const selected = selectEnvironments({
    env: contextText(app, 'env'),
    config: contextText(app, 'config'),
    sourceBucket: contextText(app, 'sourceBucket'),
    warehouse: contextText(app, 'warehouse'),
    allowDataLoss: contextText(app, 'allowDataLoss'),
  });
  for (const config of selected) new SparkifyStack(app, `Sparkify-${config.name}`, config);
  const pipeline = contextText(app, 'pipeline');
  if (pipeline !== undefined) {
    new PipelineStack(app, 'Sparkify-pipeline', {
      config: readPipeline(pipeline),
      file: pipeline,
      environments: selected,
    });
  }
  const github = contextText(app, 'github');
  if (github !== undefined) addGithubStacks(app, github, selected);
  const assembly = app.synth();
  const plan = contextText(app, 'plan');
  if (plan !== undefined) requirePlan(plan, contextText(app, 'env'), assembly);
}

try {
  main();
} catch (error) {
  const known = error instanceof ConfigurationError || error instanceof PlanMismatchError;
  if (!known && !(error instanceof StatementsError)) throw error;
  console.error(error instanceof StatementsError ? `${error.message}. ${error.advice}` : error.message);
  process.exitCode = 1;
}
