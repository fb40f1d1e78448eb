import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { selectEnvironments } from '../../lib/config';
import { SparkifyStack } from '../../lib/sparkify-stack';
import type { Template } from './template';

const CDK_JSON = join(__dirname, '..', '..', 'cdk.json');

/** The stack whose picture the docs show. */
export const PICTURED = 'prod';

/** The template of an environment, as `cdk synth` makes it but for its validation, with the paths of its constructs. */
export function templateOf(environment: string): Template {
  const { context } = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as { readonly context?: Record<string, unknown> };
  const app = new App({
    context: { ...context, 'aws:cdk:enable-path-metadata': true },
    builtinCloudFormationValidation: false,
  });
  for (const config of selectEnvironments({ env: environment }))
    new SparkifyStack(app, `Sparkify-${config.name}`, config);
  return app.synth().getStackByName(`Sparkify-${environment}`).template as Template;
}
