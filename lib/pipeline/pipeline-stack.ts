import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  CodeBuildStep,
  CodePipeline,
  CodePipelineSource,
  type IFileSetProducer,
  ManualApprovalStep,
  type Step,
} from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { ConfigurationError, type EnvironmentConfig, type EnvironmentName } from '../config';
import type { PipelineConfig } from '../config/pipeline';
import { EnvironmentStage } from './environment-stage';

/** The environments in the order in which a change goes through them. */
const ORDER: readonly EnvironmentName[] = ['dev', 'staging', 'prod'];
/** Hours without a successful load after which a check fails: a night and two hours. */
const MAX_AGE_HOURS = 26;
const NODE = { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 };
const INSTALL = ['n 22', 'npm ci'];

export interface PipelineStackProps {
  readonly config: PipelineConfig;
  /** Where the configuration was read from: the pipeline synthesizes itself with it. */
  readonly file: string;
  readonly environments: readonly EnvironmentConfig[];
}

/**
 * Takes a branch through dev, staging and prod: synthesized once, changes of the pipeline itself first, checks in each
 * environment before the next, and before prod somebody who has read the plan.
 */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { config, file } = props;
    super(scope, id, {
      env: { account: config.account, region: config.region },
      description: 'Sparkify warehouse: promotion through dev, staging and prod',
      terminationProtection: true,
    });
    const source = CodePipelineSource.connection(config.repository, config.branch, {
      connectionArn: config.connectionArn,
    });
    const pipeline = new CodePipeline(this, 'Pipeline', {
      crossAccountKeys: true,
      enableKeyRotation: true,
      selfMutation: true,
      useChangeSets: true,
      codeBuildDefaults: { buildEnvironment: NODE },
      synth: new CodeBuildStep('Synth', {
        input: source,
        installCommands: INSTALL,
        commands: ['npm run typecheck', 'npm run lint', 'npm test', `npx cdk synth -c pipeline=${file}`],
      }),
    });
    for (const name of ORDER) {
      const environment = props.environments.find((each) => each.name === name);
      if (environment === undefined)
        throw new ConfigurationError('pipeline', 'env', name, 'none: a pipeline needs dev, staging and prod at once');
      requireTrust(environment, config.account);
      pipeline.addStage(new EnvironmentStage(this, environment), {
        pre: name === 'prod' ? approval(environment, source, config) : [],
        post: [checkStep(environment, source)],
      });
    }
    pipeline.buildPipeline();
    allowConnection(pipeline, config.connectionArn);
  }
}

/**
 * The CDK grants the use of a connection under the service's former name only (`codestar-connections`, aws-cdk#31236); a
 * connection whose ARN says `codeconnections` is granted under that one.
 */
function allowConnection({ pipeline }: CodePipeline, connectionArn: string): void {
  const sources = pipeline.node.findAll().filter((each): each is iam.Role => each instanceof iam.Role);
  for (const role of sources.filter(({ node }) => node.path.includes('/Source/'))) {
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['codeconnections:UseConnection'], resources: [connectionArn] }),
    );
  }
}

/** The checks work as the environment's operator: its role has to trust the pipeline's account. */
function requireTrust({ name, access }: EnvironmentConfig, account: string): void {
  const root = `arn:aws:iam::${account}:root`;
  if (access.operators.includes(root)) return;
  const allowed = `a list with ${root} in it (the pipeline's account), and with whoever else operates`;
  throw new ConfigurationError(name, 'access.operators', access.operators, allowed);
}

/** Somebody says yes who has read the plan, which stands in the log of the step before. */
function approval(
  environment: EnvironmentConfig,
  source: IFileSetProducer,
  { region }: PipelineConfig,
): readonly Step[] & Step[] {
  const plan = commandStep('Plan', environment, source, 'plan --allow-destructive');
  const approve = new ManualApprovalStep('Approve', {
    comment: `Read the plan for ${environment.name} first: the log of the step Plan (CodeBuild, ${region}). It marks what would lose data.`,
  });
  approve.addStepDependency(plan);
  return [plan, approve];
}

function checkStep(environment: EnvironmentConfig, source: IFileSetProducer): Step {
  return commandStep('Check', environment, source, `check --max-age-hours ${MAX_AGE_HOURS}`);
}

/**
 * Runs `sparkify` against an environment: it looks with the CDK's lookup role, and speaks to the warehouse as the
 * operator that the stack names. The step itself may do nothing but take on these two.
 */
function commandStep(
  id: string,
  { name, account, region }: EnvironmentConfig,
  source: IFileSetProducer,
  command: string,
): CodeBuildStep {
  const lookup = `arn:aws:iam::${account}:role/cdk-hnb659fds-lookup-role-${account}-${region}`;
  const [verb, ...flags] = command.split(' ');
  return new CodeBuildStep(`${id}-${name}`, {
    input: source,
    installCommands: INSTALL,
    commands: [
      [
        `npm run --silent sparkify -- ${verb} --env ${name}`,
        `--region ${region} --assume ${lookup} --as-operator`,
        ...flags,
      ].join(' '),
    ],
    rolePolicyStatements: [
      new iam.PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: [lookup, `arn:aws:iam::${account}:role/Sparkify-${name}-*`],
      }),
    ],
  });
}
