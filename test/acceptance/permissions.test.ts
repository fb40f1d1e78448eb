import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { localAssembly } from '../support/local-world/assembly';
import { LocalWorld, SOURCE_BUCKET } from '../support/local-world/local-world';
import type { StackTemplate } from '../support/local-world/stack';
import { trustingOnly, without, withStatement } from './support/permissions';

const FUNCTION = 'EtlRole';
const COPY = 'CopyRole';
const SCHEDULE = 'NightlyRole';

/** One local AWS, in which the stack is made again and again, each time with one permission less. */
describe('a deploy with one permission less', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-permissions-'));
  const assembly = localAssembly(SOURCE_BUCKET);
  let world: LocalWorld;

  beforeAll(async () => {
    await generateBucket({ folder: join(folder, 'source'), seed: 3, songs: 20, events: 60, users: 5, days: 2 });
    world = await LocalWorld.open({ home: join(folder, 'home'), source: join(folder, 'source') });
    await world.publish(assembly);
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await world.beginDelete();
    await world.quiet().catch(() => undefined);
    world.forgetStack();
  });

  /** What CloudFormation says of the resource that fails. */
  async function failure(template: StackTemplate): Promise<{ readonly status: string; readonly reason: string }> {
    const status = await world.create(template);
    const failed = (await world.stackEvents()).filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    const told = failed.filter(({ ResourceStatusReason: text }) => text !== 'Resource creation cancelled');
    return { status, reason: told.map((event) => `${event.ResourceType}: ${event.ResourceStatusReason}`).join('\n') };
  }

  const session = (role: string) => `User: arn:aws:sts::000000000000:assumed-role/Sparkify-local-${role}`;

  it.each<[string, (template: StackTemplate) => StackTemplate, readonly string[]]>([
    [
      "COPY's s3:GetObject",
      (template) => without(template, COPY, 's3:GetObject'),
      [session(COPY), '/RedshiftIamRoleSession', 's3:GetObject on resource: arn:aws:s3:::', 'Error AccessDenied'],
    ],
    [
      "COPY's kms:Decrypt on the work bucket's key",
      (template) => without(template, COPY, 'kms:Decrypt'),
      [session(COPY), 'kms:Decrypt on resource: arn:aws:kms:us-west-2:000000000000:key/'],
    ],
    [
      "the cluster's trust in the COPY role",
      (template) => trustingOnly(template, COPY, 'glue.amazonaws.com'),
      [
        'User arn:aws:redshift:us-west-2:000000000000:dbuser:sparkify-local-',
        'is not authorized to assume IAM Role arn:aws:iam::000000000000:role/Sparkify-local-CopyRole',
      ],
    ],
    [
      "the function's redshift-data:BatchExecuteStatement",
      (template) => without(template, FUNCTION, 'redshift-data:BatchExecuteStatement'),
      [
        session(FUNCTION),
        'redshift-data:BatchExecuteStatement on resource: arn:aws:redshift:us-west-2:000000000000:cluster:sparkify-local-',
      ],
    ],
    [
      "the function's redshift-data:DescribeStatement",
      (template) => without(template, FUNCTION, 'redshift-data:DescribeStatement'),
      [session(FUNCTION), 'redshift-data:DescribeStatement on resource: *'],
    ],
    [
      "the function's redshift:GetClusterCredentials",
      (template) => without(template, FUNCTION, 'redshift:GetClusterCredentials'),
      [
        session(FUNCTION),
        'redshift:GetClusterCredentials on resource: arn:aws:redshift:us-west-2:000000000000:dbuser:sparkify-local-',
      ],
    ],
    [
      "the function's s3:ListBucket",
      (template) => without(template, FUNCTION, 's3:ListBucket'),
      [session(FUNCTION), `s3:ListBucket on resource: arn:aws:s3:::${SOURCE_BUCKET}`],
    ],
    [
      "the function's kms:GenerateDataKey",
      (template) => without(template, FUNCTION, 'kms:GenerateDataKey'),
      [session(FUNCTION), 'kms:GenerateDataKey on resource: arn:aws:kms:us-west-2:000000000000:key/'],
    ],
    [
      "the function's sqs:SendMessage to its dead letters",
      (template) => without(template, FUNCTION, 'sqs:SendMessage'),
      [
        'AWS::Lambda::Function',
        'The provided execution role does not have permissions to call SendMessage on SQS',
        '(arn:aws:iam::000000000000:role/Sparkify-local-EtlRole',
        'needs sqs:SendMessage on arn:aws:sqs:us-west-2:000000000000:Sparkify-local-EtlDeadLetters',
      ],
    ],
    [
      "Lambda's trust",
      (template) => trustingOnly(template, FUNCTION, 'ec2.amazonaws.com'),
      ['AWS::Lambda::Function', 'The role defined for the function cannot be assumed by Lambda.'],
    ],
    [
      "Scheduler's trust",
      (template) => trustingOnly(template, SCHEDULE, 'events.amazonaws.com'),
      [
        'AWS::Scheduler::Schedule',
        'The execution role you provide must allow AWS EventBridge Scheduler to assume the role (arn:aws:iam::',
      ],
    ],
    [
      "what the work bucket's policy denies",
      (template) =>
        withStatement(template, 'AWS::S3::BucketPolicy', {
          Effect: 'Deny',
          Principal: '*' as never,
          Action: 's3:PutObject',
          Resource: '*',
        }),
      [session(FUNCTION), 's3:PutObject', 'with an explicit deny in a resource-based policy'],
    ],
  ])('fails without %s, and names action, resource and principal', async (_what, changed, words) => {
    const { status, reason } = await failure(changed(assembly.template));
    for (const word of words) expect(reason).toContain(word);
    expect(status).toBe('ROLLBACK_COMPLETE');
  });

  it('sends what Scheduler may not deliver to the dead letters, with the reason', async () => {
    expect(await world.create(without(assembly.template, SCHEDULE, 'lambda:InvokeFunction'))).toBe('CREATE_COMPLETE');
    const [fired] = await world.services.scheduler.tick();
    expect(fired?.error).toContain(
      'lambda:InvokeFunction on resource: arn:aws:lambda:us-west-2:000000000000:function:',
    );
    const queues = join(folder, 'home', 'sqs');
    const letters = readdirSync(queues).map((name) => readFileSync(join(queues, name), 'utf8'));
    expect(letters.join()).toMatch(/"ERROR_MESSAGE": "User: [^"]*lambda:InvokeFunction on resource: /);
  });
});
