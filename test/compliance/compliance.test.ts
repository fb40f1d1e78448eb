import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Variant } from '../../compliance/assess';
import { type Command, comply } from '../../compliance/command';
import { PACKS, type Pack } from '../../compliance/packs';
import { MOST_KINDS, passes } from '../../compliance/report';
import { kindOf, review } from '../../compliance/review';
import { acknowledge, acknowledgeWildcards, inPacks } from '../../lib/acknowledge';

/** The packs that need neither cfn-guard's binary nor the CDK's engine: their start takes seconds. */
const FAST = PACKS.filter(({ name }) => ['AwsSolutions', 'Serverless'].includes(name));
const NO_TLS = 'AwsSolutions::AwsSolutions-SQS4';
const NO_DLQ = ['AwsSolutions::AwsSolutions-SQS3', ...inPacks('SQSRedrivePolicy', 'Serverless')] as const;

const folder = mkdtempSync(join(tmpdir(), 'sparkify-compliance-test-'));
const document = join(folder, 'security.md');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A variant of one stack, as the environments are. */
const variant = (build: (stack: Construct) => void, name = 'dev'): Variant => ({
  name,
  build: (scope) => build(new Stack(scope, `Sparkify-${name}`)),
});

/** What the command prints, and its exit code. */
function run(variants: readonly Variant[], more: Partial<Command> = {}) {
  const lines: string[] = [];
  const code = comply({
    variants,
    packs: FAST,
    context: {},
    format: 'table',
    document,
    write: true,
    out: (text) => lines.push(text),
    err: (text) => lines.push(text),
    ...more,
  });
  return { code, text: lines.join('\n') };
}

/** A queue that lets itself be called without TLS, which has no dead-letter queue either. */
function openQueue(scope: Construct): sqs.Queue {
  return new sqs.Queue(scope, 'Queue');
}

describe('npm run compliance', () => {
  it('fails on a finding that nobody acknowledged, and names rule, environments, construct and what it is', () => {
    const { code, text } = run([variant(openQueue), variant(openQueue, 'prod')]);
    expect(code).toBe(1);
    expect(text).toMatch(
      /AwsSolutions::AwsSolutions-SQS4 +│ dev, prod +│ Queue\/Resource +│ The SQS queue does not require/,
    );
  });

  it('passes when each finding is acknowledged beside its construct', () => {
    const build = (stack: Construct) => acknowledge(openQueue(stack), 'Nobody calls it.', NO_TLS, ...NO_DLQ);
    expect(run([variant(build)])).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^0 open, 3 acknowledged of 3 kinds/),
    });
  });

  it('fails on an acknowledgement that answers no finding, in the one environment where it does not', () => {
    const build = (name: string) => (stack: Construct) => {
      const queue = new sqs.Queue(stack, 'Queue', { enforceSSL: name === 'prod' });
      acknowledge(queue, 'Nobody calls it.', NO_TLS, ...NO_DLQ);
    };
    const { code, text } = run([variant(build('dev')), variant(build('prod'), 'prod')]);
    expect(code).toBe(1);
    expect(text).toMatch(/answer no finding[\s\S]*AwsSolutions-SQS4 +│ prod +│ Queue /);
  });

  it('does not let an acknowledgement without its pack hide a finding', () => {
    const build = (stack: Construct) => {
      const queue = openQueue(stack);
      acknowledge(queue, 'Nobody calls it.', ...NO_DLQ);
      Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS4', reason: 'hidden' });
    };
    expect(run([variant(build)])).toMatchObject({ code: 1, text: expect.stringContaining('AwsSolutions-SQS4') });
  });

  it('does not take an acknowledgement of one wildcard for another', () => {
    const policy = (stack: Construct, accepted: string) => {
      const queue = new sqs.Queue(stack, 'Queue');
      acknowledge(queue, 'Nobody calls it.', NO_TLS, ...NO_DLQ);
      const made = new iam.ManagedPolicy(stack, 'Policy', {
        statements: [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [`${queue.queueArn}/a/*`] })],
      });
      acknowledgeWildcards(made, 'Names are not known before.', `${queue.queueArn}/${accepted}`);
    };
    expect(run([variant((stack) => policy(stack, 'a/*'))]).code).toBe(0);
    expect(run([variant((stack) => policy(stack, 'b/*'))])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/IAM5\[Resource::<\w+\.Arn>\/a\/\*\][\s\S]*IAM5\[Resource::<\w+\.Arn>\/b\/\*\]/),
    });
  });

  it('fails when a pack could not do its work, instead of taking silence for consent', () => {
    const broken: Pack = {
      name: 'broken',
      title: 'broken',
      source: 'none',
      plugin: () => ({
        name: 'broken',
        validate: () => {
          throw new Error('no binary for this machine');
        },
      }),
    };
    expect(run([variant(() => {})], { packs: [broken] })).toMatchObject({
      code: 1,
      text: expect.stringMatching(/The pack broken failed: .*no binary for this machine/),
    });
  });

  it('writes the document of what is accepted, and fails when that is not what stands there', () => {
    const build = (reason: string) => (stack: Construct) => acknowledge(openQueue(stack), reason, NO_TLS, ...NO_DLQ);
    expect(run([variant(build('Nobody calls it.'))]).code).toBe(0);
    const written = readFileSync(document, 'utf8');
    expect(written).toContain('Nobody calls it.\n\n- `AwsSolutions::AwsSolutions-SQS4` at Queue/Resource (dev)');
    expect(run([variant(build('Nobody calls it.'))], { write: false }).code).toBe(0);
    expect(run([variant(build('Somebody does.'))], { write: false })).toMatchObject({
      code: 1,
      text: expect.stringContaining('security.md is not what the acknowledgements say'),
    });
    writeFileSync(document, '');
    expect(run([variant(build('Nobody calls it.'))], { write: false }).code).toBe(1);
  });

  it('prints all of it as JSON', () => {
    const { text } = run([variant(openQueue)], { format: 'json' });
    expect(JSON.parse(text)).toMatchObject({
      passes: false,
      open: expect.arrayContaining([
        expect.objectContaining({ id: NO_TLS, variants: ['dev'], path: 'Queue/Resource' }),
      ]),
    });
  });
});

describe('a kind of finding', () => {
  it('is the rule, whichever packs and details it comes in', () => {
    expect(kindOf('HIPAA.Security::HIPAA.Security-LambdaInsideVPC')).toBe('LambdaInsideVPC');
    expect(kindOf('PCI.DSS.321::PCI.DSS.321-LambdaInsideVPC')).toBe('LambdaInsideVPC');
    expect(kindOf('AwsSolutions::AwsSolutions-IAM5[Resource::<A.Arn>/[x]*]')).toBe('AwsSolutions-IAM5');
    expect(kindOf('cdk-validator-cfnguard::lambda_inside_vpc_check')).toBe('lambda_inside_vpc_check');
  });

  it('may be accepted fourteen times, not fifteen', () => {
    const of = (count: number) =>
      review(
        {
          version: '1',
          pluginReports: [
            {
              pluginName: 'pack',
              conclusion: 'success',
              violations: [],
              suppressedViolations: Array.from({ length: count }, (_, index) => ({
                ruleName: `rule-${index}`,
                description: '',
                severity: 'error' as const,
                violatingConstructs: [{ constructPath: 'dev/Stack/Thing' }],
                acknowledgedId: `pack::rule-${index}`,
                acknowledgedAt: 'dev/Stack/Thing',
              })),
            },
          ],
        },
        [],
      );
    expect(MOST_KINDS).toBe(14);
    expect(passes(of(14))).toBe(true);
    expect(passes(of(15))).toBe(false);
  });
});
