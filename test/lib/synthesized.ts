import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentName, selectEnvironments } from '../../lib/config';
import { SparkifyStack } from '../../lib/sparkify-stack';

const made = new Map<string, Template>();

/** The template of one environment, synthesized once a test file. */
export function synthesized(name: EnvironmentName): Template {
  const known = made.get(name);
  if (known !== undefined) return known;
  const [config] = selectEnvironments({ env: name });
  if (config === undefined) throw new Error(`no environment ${name}`);
  const app = new App({ builtinCloudFormationValidation: false });
  const template = Template.fromStack(new SparkifyStack(app, `Sparkify-${name}`, config));
  made.set(name, template);
  return template;
}

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** Every statement of every identity policy in a template. */
export function identityStatements(template: Template): readonly PolicyStatement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    (policy) => policy.Properties.PolicyDocument.Statement as PolicyStatement[],
  );
}
