import { createHash } from 'node:crypto';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { PlanMismatchError, requirePlan } from '../../lib/plan-check';

function assembly(value: string): CloudAssembly {
  const app = new App({ builtinCloudFormationValidation: false });
  new CfnOutput(new Stack(app, 'Sparkify-prod'), 'Value', { value });
  return app.synth();
}

const hashOf = (from: CloudAssembly) =>
  `${createHash('sha256')
    .update(JSON.stringify(from.getStackByName('Sparkify-prod').template))
    .digest('hex')
    .slice(0, 20)}-${'0'.repeat(20)}`;

describe('-c plan', () => {
  const planned = hashOf(assembly('a'));

  it('lets through what was planned, synthesized anew', () => {
    expect(() => requirePlan(planned, 'prod', assembly('a'))).not.toThrow();
  });

  it.each([
    ['another assembly', planned, 'prod', 'b', 'has changed since'],
    ['no environment', planned, undefined, 'a', 'goes with -c env=NAME'],
    ['no hash', 'yes', 'prod', 'a', "is no plan's hash"],
  ])('refuses %s', (_what, hash, environment, value, text) => {
    expect(() => requirePlan(hash, environment, assembly(value))).toThrow(PlanMismatchError);
    expect(() => requirePlan(hash, environment, assembly(value))).toThrow(text);
  });
});
