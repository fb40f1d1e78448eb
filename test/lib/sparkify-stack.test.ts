import { Match } from 'aws-cdk-lib/assertions';
import { type EnvironmentConfig, selectEnvironments } from '../../lib/config';
import { ENVIRONMENT_NAMES } from '../../lib/config/environment';
import { identityStatements, synthesized, templateOf } from './synthesized';

describe.each(ENVIRONMENT_NAMES)('the %s stack', (name) => {
  const template = () => synthesized(name);

  it('has one private, encrypted cluster behind the VPC, with the COPY role attached', () => {
    template().resourceCountIs('AWS::Redshift::Cluster', 1);
    template().hasResourceProperties('AWS::Redshift::Cluster', {
      PubliclyAccessible: false,
      Encrypted: true,
      KmsKeyId: Match.anyValue(),
      EnhancedVpcRouting: true,
      IamRoles: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^CopyRole'), 'Arn'] }],
    });
  });

  it('knows no password: Secrets Manager makes and keeps the admin one', () => {
    template().hasResourceProperties('AWS::Redshift::Cluster', {
      ManageMasterPassword: true,
      MasterPasswordSecretKmsKeyId: Match.anyValue(),
      MasterUserPassword: Match.absent(),
    });
    template().resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(template().toJSON())).not.toMatch(/MasterUserPassword|resolve:secretsmanager/);
  });

  it('accepts TLS only', () => {
    template().hasResourceProperties('AWS::Redshift::ClusterParameterGroup', {
      Parameters: Match.arrayWith([{ ParameterName: 'require_ssl', ParameterValue: 'true' }]),
    });
  });

  it('exports the audit logs and keeps snapshots', () => {
    template().hasResourceProperties('AWS::Redshift::Cluster', {
      LoggingProperties: {
        LogDestinationType: 'cloudwatch',
        LogExports: ['connectionlog', 'userlog', 'useractivitylog'],
      },
      AutomatedSnapshotRetentionPeriod: Match.anyValue(),
    });
  });

  it('has isolated subnets only, a gateway endpoint for S3, and no way to the internet', () => {
    template().hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::Route']) {
      template().resourceCountIs(type, 0);
    }
    template().allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  it('lets nobody in and the cluster out to S3 only', () => {
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      DestinationPrefixListId: Match.stringLikeRegexp('^pl-'),
      FromPort: 443,
      ToPort: 443,
    });
  });

  it('has a rotating key, and a work bucket that is private, encrypted with it, TLS only and kept', () => {
    template().hasResource('AWS::KMS::Key', { Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Retain' });
    template().hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      },
    });
    template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      }),
    });
  });

  it('has one function, durable, outside of the VPC, with a dead-letter queue and a runtime that durable ones need', () => {
    template().resourceCountIs('AWS::Lambda::Function', 1);
    template().hasResourceProperties('AWS::Lambda::Function', {
      DurableConfig: { ExecutionTimeout: 59 * 60 },
      VpcConfig: Match.absent(),
      DeadLetterConfig: Match.anyValue(),
      Runtime: 'nodejs24.x',
    });
  });

  it('calls the durable function through its alias only', () => {
    const [alias] = Object.keys(template().findResources('AWS::Lambda::Alias', { Properties: { Name: 'live' } }));
    template().hasResourceProperties('Custom::WarehouseLoad', { ServiceToken: { Ref: alias } });
    template().hasResourceProperties('AWS::Scheduler::Schedule', { Target: { Arn: { Ref: alias } } });
    const invoked = identityStatements(template()).filter((s) => [s.Action].flat().includes('lambda:InvokeFunction'));
    // The schedule and operators; CloudFormation asks nobody.
    expect(invoked.map((statement) => [statement.Resource].flat())).toEqual([[{ Ref: alias }], [{ Ref: alias }]]);
  });

  it('loads in the deploy after everything that the load needs', () => {
    const { DependsOn: needed } = Object.values(template().findResources('Custom::WarehouseLoad'))[0] as {
      DependsOn: string[];
    };
    const policies = Object.keys(template().findResources('AWS::IAM::ManagedPolicy')).filter(
      (id) => !/^(Nightly|People)/.test(id),
    );
    const bucketPolicies = Object.keys(template().findResources('AWS::S3::BucketPolicy'));
    expect(needed).toEqual(expect.arrayContaining(bucketPolicies.filter((id) => id.startsWith('WorkBucket'))));
    for (const type of ['AWS::Redshift::Cluster', 'AWS::EC2::VPCEndpoint', 'AWS::Lambda::Alias']) {
      expect(needed).toEqual(expect.arrayContaining(Object.keys(template().findResources(type))));
    }
    expect(needed).toEqual(expect.arrayContaining(policies));
  });

  it('gives up on a load before CloudFormation does', () => {
    template().hasResourceProperties('Custom::WarehouseLoad', { ServiceTimeout: '3600' });
    const [fn] = Object.values(template().findResources('AWS::Lambda::Function'));
    const deadline = Number(fn?.Properties.Environment.Variables.LOAD_DEADLINE_SECONDS);
    expect(deadline).toBeLessThan(fn?.Properties.DurableConfig.ExecutionTimeout);
  });

  it('fires nightly with the scheduled time as identity, and keeps what could not be delivered', () => {
    template().hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      Target: {
        DeadLetterConfig: Match.anyValue(),
        Input: '{"trigger":"schedule","scheduledTime":"<aws.scheduler.scheduled-time>"}',
      },
    });
  });

  it('grants no action by wildcard, and all resources only where the service takes none', () => {
    for (const statement of identityStatements(template())) {
      expect([statement.Action].flat().filter((action) => action.includes('*'))).toEqual([]);
      if (![statement.Resource].flat().includes('*')) continue;
      // X-Ray takes no resource and no condition of its own.
      if ([statement.Action].flat().every((action) => action.startsWith('xray:Put'))) continue;
      if ([statement.Action].flat().every((action) => action.startsWith('cloudwatch:'))) continue;
      expect([statement.Action].flat().every((action) => action.startsWith('redshift-data:'))).toBe(true);
      expect(statement.Condition).toEqual({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
        StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' },
      });
    }
  });

  it('names its outputs as the command line expects them', () => {
    expect(Object.keys(template().findOutputs('*')).sort()).toEqual([
      'AnalystRoleArn',
      'AnalystUser',
      'ClusterIdentifier',
      'Database',
      'DatabaseUser',
      'FunctionAliasArn',
      'LastLoadRun',
      'LogGroupName',
      'OperatorRoleArn',
      'OperatorUser',
      'ScheduleName',
      'SourceBucketName',
      'WorkBucketName',
    ]);
  });
});

describe('what is kept when a stack goes', () => {
  it.each(['staging', 'prod'] as const)('is a final snapshot of the cluster in %s', (name) => {
    synthesized(name).hasResource('AWS::Redshift::Cluster', {
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
    });
  });

  it.each(['dev', 'local'] as const)('is nothing of the cluster in %s with both opt-ins', (name) => {
    synthesized(name, { allowDataLoss: name }).hasResource('AWS::Redshift::Cluster', { DeletionPolicy: 'Delete' });
  });

  it('is a final snapshot in dev too, while the second opt-in is missing', () => {
    synthesized('dev').hasResource('AWS::Redshift::Cluster', { DeletionPolicy: 'Snapshot' });
  });
});

describe('the network', () => {
  const [dev] = selectEnvironments({ env: 'dev' }) as [EnvironmentConfig];

  it('has no NAT gateway, no internet gateway and isolated subnets only, where the source is in the own region', () => {
    synthesized('dev').resourceCountIs('AWS::EC2::NatGateway', 0);
    synthesized('dev').resourceCountIs('AWS::EC2::InternetGateway', 0);
    synthesized('dev').resourceCountIs('AWS::EC2::Subnet', 3);
  });

  it('has one NAT gateway where the source is in another region, which no gateway endpoint reaches', () => {
    const template = templateOf({ ...dev, sources: { ...dev.sources, region: 'eu-west-1' } });
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.hasResourceProperties('AWS::Redshift::Cluster', { EnhancedVpcRouting: true, PubliclyAccessible: false });
  });

  it('makes nothing but the security group in a VPC that is given', () => {
    const subnetIds = ['subnet-11111111', 'subnet-22222222', 'subnet-33333333'];
    const template = templateOf({ ...dev, network: { kind: 'existing', vpcId: 'vpc-12345678', subnetIds } });
    template.resourceCountIs('AWS::EC2::VPC', 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-12345678' });
    template.hasResourceProperties('AWS::Redshift::ClusterSubnetGroup', { SubnetIds: subnetIds });
  });
});

describe('the environments on AWS', () => {
  it.each(['dev', 'staging', 'prod'] as const)('%s reads the public Sparkify bucket', (name) => {
    synthesized(name).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          SOURCES: Match.serializedJson(
            Match.objectLike({
              songs: { url: 's3://udacity-dend/song_data/', rejects: 0 },
              events: {
                url: 's3://udacity-dend/log_data/',
                jsonPaths: 's3://udacity-dend/log_json_path.json',
                rejects: 0,
              },
            }),
          ),
          SOURCE_REGION: 'us-west-2',
        }),
      },
    });
  });
});
