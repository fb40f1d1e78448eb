import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import type { SourceConfig } from '../../lib/config/environment';
import { identityStatements, type PolicyStatement, templateOf } from './synthesized';

const [dev] = selectEnvironments({ env: 'dev' }) as [EnvironmentConfig];
const KEY = 'arn:aws:kms:us-west-2:999999999999:key/0a1b2c3d';
const withSources = (change: Partial<SourceConfig>) => templateOf({ ...dev, sources: { ...dev.sources, ...change } });

/** The statements that allow an action on the source bucket of that name. */
const onSource = (template: Template, action: string, bucket: string) =>
  identityStatements(template).filter(
    ({ Action, Resource }) => [Action].flat().includes(action) && JSON.stringify(Resource).includes(bucket),
  );
const conditions = (statements: readonly PolicyStatement[]) => statements.map(({ Condition }) => Condition);

const bucketsNamed = (template: Template) =>
  Object.values(template.findResources('AWS::S3::Bucket')).flatMap(({ Properties }) => Properties.BucketName ?? []);

describe('a source bucket that is given', () => {
  it('is not made, and is read under its prefixes only, whoever owns it', () => {
    const template = withSources({});
    expect(bucketsNamed(template)).toEqual([]);
    const [read] = onSource(template, 's3:GetObject', 'udacity-dend');
    expect(JSON.stringify(read?.Resource)).toMatch(/song_data\/\*.*log_data\/\*.*log_json_path\.json/);
    const listed = conditions(onSource(template, 's3:ListBucket', 'udacity-dend'));
    expect(listed).toHaveLength(2);
    for (const condition of listed)
      expect(condition).toEqual({ StringLike: { 's3:prefix': expect.arrayContaining(['song_data/*', 'log_data/*']) } });
  });

  it('of another account is read only as long as it is that account’s', () => {
    const template = withSources({ account: '999999999999' });
    const all = [
      ...onSource(template, 's3:GetObject', 'udacity-dend'),
      ...onSource(template, 's3:ListBucket', 'udacity-dend'),
    ];
    expect(all).toHaveLength(3);
    for (const { Condition } of all)
      expect(Condition).toMatchObject({ StringEquals: { 's3:ResourceAccount': '999999999999' } });
  });

  it('encrypted with a key of its owner’s is decrypted by COPY alone, and through S3 of its region alone', () => {
    const template = withSources({ kmsKeyArn: KEY });
    const decrypting = identityStatements(template).filter(({ Resource }) => Resource === KEY);
    expect(decrypting).toEqual([
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: KEY,
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-west-2.amazonaws.com' } },
      },
    ]);
    const [policy] = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([, resource]) =>
      JSON.stringify(resource).includes(KEY),
    );
    expect(policy?.[0]).toMatch(/^CopyRole/);
  });

  it('of another region is told to COPY, and reached by a NAT gateway, of another account too', () => {
    const template = withSources({
      region: 'eu-west-1',
      account: '999999999999',
      kmsKeyArn: KEY.replace('us-west-2', 'eu-west-1'),
    });
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SOURCE_REGION: 'eu-west-1' }) },
    });
    const [decrypt] = identityStatements(template).filter(({ Resource }) =>
      JSON.stringify(Resource).includes(':key/0a1b'),
    );
    expect(decrypt?.Condition).toEqual({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } });
  });
});

describe('a source bucket that the stack makes', () => {
  const template = () => withSources({ origin: 'made', bucket: 'sparkify-source-dev' });

  it('is private, encrypted with the key, TLS only, versioned, watched, and kept when the stack goes', () => {
    template().hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: 'sparkify-source-dev',
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            Match.objectLike({
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
            }),
          ],
        },
        LoggingConfiguration: { DestinationBucketName: Match.anyValue(), LogFilePrefix: 'source/' },
        LifecycleConfiguration: {
          Rules: [
            Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 90 }, ExpirationInDays: Match.absent() }),
          ],
        },
      },
    });
  });

  it('is listed by the function, and read by COPY with the key', () => {
    const [id] = Object.entries(template().findResources('AWS::S3::Bucket')).find(
      ([, { Properties }]) => Properties.BucketName === 'sparkify-source-dev',
    ) as [string, unknown];
    expect(onSource(template(), 's3:ListBucket', id)).toHaveLength(2);
    expect(onSource(template(), 's3:GetObject', id)).toHaveLength(1);
    const copy = Object.entries(template().findResources('AWS::IAM::ManagedPolicy')).find(([name]) =>
      name.startsWith('CopyRole'),
    );
    expect(JSON.stringify(copy)).toContain('kms:Decrypt');
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ SOURCES: Match.stringLikeRegexp('s3://sparkify-source-dev/song_data/') }),
      },
    });
  });

  it('is there before the load', () => {
    const [load] = Object.values(template().findResources('Custom::WarehouseLoad'));
    const made = Object.keys(
      template().findResources('AWS::S3::Bucket', { Properties: { BucketName: 'sparkify-source-dev' } }),
    );
    expect(load?.DependsOn).toEqual(expect.arrayContaining(made));
  });
});

describe('every bucket of a stack', () => {
  it('takes TLS only, is not public, is versioned, and gives up what was never uploaded to its end', () => {
    const template = withSources({ origin: 'made', bucket: 'sparkify-source-dev' });
    const buckets = Object.entries(template.findResources('AWS::S3::Bucket'));
    expect(buckets).toHaveLength(3);
    const policies = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    for (const [id, { Properties: properties }] of buckets) {
      expect(properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
      });
      expect(JSON.stringify(properties.LifecycleConfiguration)).toContain('AbortIncompleteMultipartUpload');
      const policy = policies.find(({ Properties }) => Properties.Bucket.Ref === id);
      expect(policy?.Properties.PolicyDocument.Statement).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      );
    }
  });

  it('is watched by the access logs, which take them from S3 for this account’s buckets alone', () => {
    const template = withSources({ origin: 'made', bucket: 'sparkify-source-dev' });
    const deliveries = Object.values(template.findResources('AWS::S3::BucketPolicy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as readonly Delivery[])
      .filter(({ Principal }) => Principal.Service === 'logging.s3.amazonaws.com');
    expect(deliveries).toHaveLength(2);
    for (const { Action, Condition } of deliveries) {
      expect(Action).toBe('s3:PutObject');
      expect(Condition).toMatchObject({
        ArnLike: { 'aws:SourceArn': expect.anything() },
        StringEquals: { 'aws:SourceAccount': dev.account },
      });
    }
  });
});

interface Delivery {
  readonly Action: string;
  readonly Principal: { readonly Service?: string };
  readonly Condition: object;
}
