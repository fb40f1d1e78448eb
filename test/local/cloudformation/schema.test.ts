import { propertyProblems, replacingBySchema, validationReason } from '../../../local/cloudformation/schema/check';
import { KNOWN_AFTER_APPLY } from '../../../local/cloudformation/template/intrinsics';
import type { JsonObject } from '../../../local/cloudformation/values';

describe('Properties of a resource', () => {
  it.each<[string, string, JsonObject, string[]]>([
    ['that are right', 'AWS::SQS::Queue', { QueueName: 'q', DelaySeconds: 5 }, []],
    ['given as text', 'AWS::SQS::Queue', { DelaySeconds: '5', SqsManagedSseEnabled: 'true', QueueName: 7 }, []],
    ['nobody knows', 'AWS::SQS::Queue', { Nmae: 'q' }, ['#: extraneous key [Nmae] is not permitted']],
    ['left out', 'AWS::IAM::Role', {}, ['#: required key [AssumeRolePolicyDocument] not found']],
    [
      'of another type',
      'AWS::Lambda::Function',
      { Code: { S3Bucket: ['b'] }, Role: {}, Timeout: 1.5, Layers: 'one', Environment: { Variables: { A: [] } } },
      [
        '#/Code/S3Bucket: expected type: String, found: JSONArray',
        '#/Role: expected type: String, found: JSONObject',
        '#/Timeout: expected type: Integer, found: Number',
        '#/Layers: expected type: JSONArray, found: String',
        '#/Environment/Variables/A: expected type: String, found: JSONArray',
      ],
    ],
    [
      'nested and unknown or missing',
      'AWS::EC2::SecurityGroup',
      { GroupDescription: 'd', SecurityGroupIngress: [{ IpProtocol: 'tcp', Port: 1 }, {}] },
      [
        '#/SecurityGroupIngress/0: extraneous key [Port] is not permitted',
        '#/SecurityGroupIngress/1: required key [IpProtocol] not found',
      ],
    ],
    [
      'that another resource will give',
      'AWS::Lambda::Function',
      { Code: {}, Role: KNOWN_AFTER_APPLY, Timeout: KNOWN_AFTER_APPLY, Layers: [KNOWN_AFTER_APPLY] },
      [],
    ],
    ['of a type without specification', 'Custom::Thing', { Anything: [1] }, []],
  ])('%s', (_name, type, properties, expected) => {
    const found = propertyProblems(type, properties).map(({ path, handlerText }) => `#${path}: ${handlerText}`);
    expect(found).toEqual(expected);
  });

  it('are told all at once', () => {
    expect(validationReason('Queue', propertyProblems('AWS::SQS::Queue', { A: 1, B: 2 }))).toBe(
      'Properties validation failed for resource Queue with message:\n[#: extraneous key [A] is not permitted, #: extraneous key [B] is not permitted]',
    );
  });

  it('say themselves which of them mean another resource', () => {
    expect(replacingBySchema('AWS::SQS::Queue')).toEqual(['FifoQueue', 'QueueName']);
    expect(replacingBySchema('Custom::Thing')).toEqual([]);
  });
});
