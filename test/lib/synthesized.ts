import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, type EnvironmentName, type Selection, selectEnvironments } from '../../lib/config';
import { SparkifyStack } from '../../lib/sparkify-stack';

const made = new Map<string, Template>();

/** The template of one environment, synthesized once a test file; `selection` as `-c` gives it. */
export function synthesized(name: EnvironmentName, selection: Selection = {}): Template {
  const key = JSON.stringify([name, selection]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const [config] = selectEnvironments({ ...selection, env: name });
  if (config === undefined) throw new Error(`no environment ${name}`);
  const template = templateOf(config);
  made.set(key, template);
  return template;
}

/** The template of a configuration of the test's own. */
export function templateOf(config: EnvironmentConfig): Template {
  const app = new App({ builtinCloudFormationValidation: false });
  return Template.fromStack(new SparkifyStack(app, `Sparkify-${config.name}`, config));
}

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** Every statement of every identity policy in a template. */
export function identityStatements(template: Template): readonly PolicyStatement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    (policy) => policy.Properties.PolicyDocument.Statement as PolicyStatement[],
  );
}
