import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { SparkifyStack } from '../sparkify-stack';

/** One environment as a step of the pipeline: the same stack that `cdk deploy` makes, under the same name. */
export class EnvironmentStage extends Stage {
  constructor(scope: Construct, config: EnvironmentConfig) {
    super(scope, config.name, { env: { account: config.account, region: config.region } });
    new SparkifyStack(this, `Sparkify-${config.name}`, config);
  }
}
