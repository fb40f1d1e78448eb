import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import { type PipelineConfig, readPipeline } from '../../lib/config/pipeline';
import { PipelineStack } from '../../lib/pipeline/pipeline-stack';

const CONFIG: PipelineConfig = {
  account: '999999999999',
  region: 'us-west-2',
  repository: 'sparkify/warehouse',
  branch: 'main',
  connectionArn: 'arn:aws:codeconnections:us-west-2:999999999999:connection/00000000-0000-4000-8000-000000000000',
};

const trusting = (config: EnvironmentConfig): EnvironmentConfig => ({
  ...config,
  access: { ...config.access, operators: ['arn:aws:iam::999999999999:root'] },
});

function made(change: (config: EnvironmentConfig) => EnvironmentConfig = trusting): Template {
  const app = new App({ builtinCloudFormationValidation: false });
  const environments = selectEnvironments({}).map(change);
  return Template.fromStack(
    new PipelineStack(app, 'Sparkify-pipeline', { config: CONFIG, file: 'pipeline.yaml', environments }),
  );
}

interface Stage {
  readonly Name: string;
  readonly Actions: readonly { readonly Name: string; readonly RunOrder: number; readonly Configuration?: object }[];
}

describe('the pipeline', () => {
  const template = made();
  const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
  const stages = pipeline?.Properties.Stages as readonly Stage[];
  const actions = (name: string) =>
    [...(stages.find((stage) => stage.Name === name)?.Actions ?? [])]
      .sort((one, other) => one.RunOrder - other.RunOrder)
      .map((action) => action.Name);

  it('synthesizes once, changes itself, then goes through dev, staging and prod', () => {
    expect(stages.map(({ Name }) => Name)).toEqual([
      'Source',
      'Build',
      'UpdatePipeline',
      'Assets',
      'dev',
      'staging',
      'prod',
    ]);
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([
        Match.objectLike({
          Name: 'Source',
          Actions: [
            Match.objectLike({
              Configuration: Match.objectLike({ FullRepositoryId: 'sparkify/warehouse', BranchName: 'main' }),
            }),
          ],
        }),
      ]),
    });
  });

  it('checks each environment after its deploy, and asks before prod with the plan made', () => {
    expect(actions('dev').at(-1)).toBe('Check-dev');
    expect(actions('staging').at(-1)).toBe('Check-staging');
    expect(actions('prod').slice(0, 2)).toEqual(['Plan-prod', 'Approve']);
    expect(actions('prod').at(-1)).toBe('Check-prod');
    expect(actions('prod').indexOf('Approve')).toBeLessThan(
      actions('prod').findIndex((name) => /Deploy|Prepare/.test(name)),
    );
  });

  it("lets a check do nothing but take on the lookup role and the environment's own roles", () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      (policy) => policy.Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[],
    );
    const staging = statements.filter(({ Resource }) =>
      JSON.stringify(Resource).includes('222222222222:role/Sparkify-'),
    );
    expect(staging).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Resource: [
          'arn:aws:iam::222222222222:role/cdk-hnb659fds-lookup-role-222222222222-us-west-2',
          'arn:aws:iam::222222222222:role/Sparkify-staging-*',
        ],
      },
    ]);
  });

  it('may use its connection under both names of the service', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      (policy) => policy.Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[],
    );
    const using = statements.filter(({ Action }) => String(Action).endsWith(':UseConnection'));
    expect(using.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ['codestar-connections:UseConnection', CONFIG.connectionArn],
      ['codeconnections:UseConnection', CONFIG.connectionArn],
    ]);
  });

  it('deploys the very stack that cdk deploy makes', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    new PipelineStack(app, 'Sparkify-pipeline', {
      config: CONFIG,
      file: 'pipeline.yaml',
      environments: selectEnvironments({}).map(trusting),
    });
    const nested = app.synth().getNestedAssembly('assembly-Sparkify-pipeline-prod');
    expect(nested.stacks.map(({ stackName }) => stackName)).toEqual(['Sparkify-prod']);
  });

  it('is refused while an environment does not trust its account', () => {
    expect(() => made((config) => config)).toThrow(
      /"dev".*access\.operators is \[\]; allowed: a list with arn:aws:iam::999999999999:root/,
    );
  });
});

describe("the pipeline's file", () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (fields: object) => {
    const file = join(folder, 'pipeline.yaml');
    writeFileSync(file, JSON.stringify(fields, null, 2));
    return readPipeline(file);
  };

  it('is read', () => {
    expect(read(CONFIG)).toEqual(CONFIG);
  });

  it.each([
    [
      'a repository without an owner',
      { ...CONFIG, repository: 'warehouse' },
      /pipeline\.yaml:4\b.*repository is "warehouse"; allowed: owner\/name/,
    ],
    ['a missing field', { ...CONFIG, branch: undefined }, /branch is missing/],
    ['an unknown field', { ...CONFIG, brunch: 'main' }, /brunch is "main"; allowed: account, region/],
  ])('is refused for %s', (_what, fields, message) => {
    expect(() => read(fields)).toThrow(message);
  });
});
