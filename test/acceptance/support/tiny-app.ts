import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_REGION } from '../../../local/home';

export interface TinyResource {
  readonly Type: string;
  readonly [attribute: string]: unknown;
}

export interface TinyTemplate {
  readonly Resources: Readonly<Record<string, TinyResource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface TinyStack {
  readonly name: string;
  readonly template: TinyTemplate;
  readonly dependsOn?: readonly string[];
  readonly terminationProtection?: boolean;
}

/** The code of a custom resource's function, which does as its properties say. `release` makes it other code. */
const handler = (release: string) => `
// ${release}
exports.handler = async (event) => {
  const properties = event.ResourceProperties;
  console.log(JSON.stringify({ request: event.RequestType, id: event.PhysicalResourceId, ...properties }));
  const failed = ((process.env.FAIL ?? '') + ' ' + (properties.Fail ?? '')).split(' ').includes(event.RequestType);
  const answer = {
    Status: failed ? 'FAILED' : 'SUCCESS',
    Reason: 'told to fail: ' + properties.Fail,
    PhysicalResourceId: properties.Id ?? event.PhysicalResourceId ?? 'made-by-the-function',
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
    Data: { Told: properties.Tell ?? '', Release: '${release}' },
  };
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};
`;
export const FIRST_RELEASE = 'first';
const codeFolder = (release: string) => `asset.handler-${release}`;
const codeKey = (release: string) => `${digest(handler(release))}.zip`;
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Resources that a custom resource needs: its function and that one's role. */
export function handlerResources(account: string, release = FIRST_RELEASE): Readonly<Record<string, TinyResource>> {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
        },
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      },
    },
    Handler: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Timeout: 20,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { S3Bucket: assetBucket(account), S3Key: codeKey(release) },
      },
      Metadata: { 'aws:asset:path': codeFolder(release), 'aws:asset:property': 'Code' },
    },
  };
}

/** A custom resource on the function of `handlerResources`. */
export function custom(properties: Readonly<Record<string, unknown>>): TinyResource {
  return {
    Type: 'Custom::Thing',
    Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] }, ...properties },
  };
}

/**
 * Writes an assembly as `cdk synth` does, roles of the bootstrap stack and assets included, without the seconds that
 * synthesis takes.
 */
export function writeAssembly(
  folder: string,
  account: string,
  stacks: readonly TinyStack[],
  release = FIRST_RELEASE,
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, codeFolder(release)), { recursive: true });
  writeFileSync(join(folder, codeFolder(release), 'index.js'), handler(release));
  const artifacts = Object.assign({}, ...stacks.map((stack) => stackArtifacts(folder, account, stack, release)));
  writeJson(join(folder, 'manifest.json'), { version: '48.0.0', artifacts });
}

function stackArtifacts(folder: string, account: string, stack: TinyStack, release: string): object {
  const text = JSON.stringify(stack.template);
  const role = (name: string) =>
    `arn:\${AWS::Partition}:iam::${account}:role/cdk-hnb659fds-${name}-role-${account}-${LOCAL_REGION}`;
  const destination = (objectKey: string) => ({
    [`${account}-${LOCAL_REGION}`]: {
      bucketName: assetBucket(account),
      objectKey,
      region: LOCAL_REGION,
      assumeRoleArn: role('file-publishing'),
    },
  });
  const templateFile = `${stack.name}.template.json`;
  const key = `${digest(text)}.json`;
  writeFileSync(join(folder, templateFile), text);
  const code = codeKey(release);
  const usesCode = text.includes(code);
  writeJson(join(folder, `${stack.name}.assets.json`), {
    version: '48.0.0',
    files: {
      [digest(text)]: { source: { path: templateFile, packaging: 'file' }, destinations: destination(key) },
      ...(usesCode && {
        [digest(handler(release))]: {
          source: { path: codeFolder(release), packaging: 'zip' },
          destinations: destination(code),
        },
      }),
    },
    dockerImages: {},
  });
  const bootstrap = {
    requiresBootstrapStackVersion: 6,
    bootstrapStackVersionSsmParameter: '/cdk-bootstrap/hnb659fds/version',
  };
  return {
    [`${stack.name}.assets`]: {
      type: 'cdk:asset-manifest',
      properties: { file: `${stack.name}.assets.json`, ...bootstrap },
    },
    [stack.name]: {
      type: 'aws:cloudformation:stack',
      environment: `aws://${account}/${LOCAL_REGION}`,
      dependencies: [`${stack.name}.assets`, ...(stack.dependsOn ?? [])],
      displayName: stack.name,
      properties: {
        templateFile,
        terminationProtection: stack.terminationProtection,
        stackTemplateAssetObjectUrl: `s3://${assetBucket(account)}/${key}`,
        assumeRoleArn: role('deploy'),
        cloudFormationExecutionRoleArn: role('cfn-exec'),
        lookupRole: { arn: role('lookup'), ...bootstrap },
        ...bootstrap,
      },
    },
  };
}

function assetBucket(account: string): string {
  return `cdk-hnb659fds-assets-${account}-${LOCAL_REGION}`;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, undefined, 1));
}
