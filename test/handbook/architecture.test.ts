import { drawArchitecture } from '../../handbook/architecture/draw';
import { pictureOf, UnknownTypeError } from '../../handbook/architecture/model';
import type { Resource, Template } from '../../handbook/architecture/template';

const at = (path: string) => ({ Metadata: { 'aws:cdk:path': `Stack/${path}/Resource` } });
const policy = (role: string, Action: unknown, resource: unknown): Resource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    Roles: [{ Ref: role }],
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: resource }] },
  },
  ...at(`${role}/Policy`),
});
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** A function that works as a role, with a bucket and a queue; what it may do is each test's own. */
const template = (more: Readonly<Record<string, Resource>> = {}): Template => ({
  Resources: {
    Role: { Type: 'AWS::IAM::Role', ...at('Etl/Role') },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role') }, ...at('Etl/Function') },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Function' } }, ...at('Etl/Live') },
    Key: { Type: 'AWS::KMS::Key', ...at('Key') },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Encryption: arn('Key') }, ...at('WorkBucket/Bucket') },
    ...more,
  },
});
const linesOf = (more: Readonly<Record<string, Resource>>) =>
  pictureOf('Stack', template(more)).lines.map(({ from, to, flow, words }) => [from, to, flow, words.join()]);

describe('the architecture diagram', () => {
  it('draws no line where nothing refers to anything, and says so beside the frame', () => {
    const { lines, boxes, notes } = pictureOf('Stack', template());
    expect(lines).toEqual([]);
    expect(boxes).toEqual([]);
    expect(notes).toMatchObject({ S3: ['work bucket'], ETL: ['ETL function'] });
  });

  it('draws what a role may do as lines of whoever works as it, data in the direction in which it goes', () => {
    expect(linesOf({ Policy: policy('Role', ['s3:GetObject', 's3:PutObject'], arn('Bucket')) })).toEqual([
      ['Function', 'Bucket', 'data', 'manifests'],
    ]);
    expect(linesOf({ Policy: policy('Role', 's3:GetObject', arn('Bucket')) })).toEqual([
      ['Bucket', 'Function', 'data', 'COPY'],
    ]);
  });

  it('draws a bucket that a policy names and the stack does not make', () => {
    const { boxes } = pictureOf(
      'Stack',
      template({ Policy: policy('Role', 's3:ListBucket', 'arn:aws:s3:::songs-of-others') }),
    );
    expect(boxes).toContainEqual(expect.objectContaining({ title: 'songs-of-others', isGiven: true }));
  });

  it('leads a call of an alias to its function', () => {
    const schedule: Resource = {
      Type: 'AWS::Scheduler::Schedule',
      Properties: { Target: { RoleArn: arn('Nightly') }, ScheduleExpression: 'cron(0 3 * * ? *)' },
      ...at('Nightly/Schedule'),
    };
    const nightly: Resource = { Type: 'AWS::IAM::Role', ...at('Nightly/Role') };
    expect(
      linesOf({
        Nightly: nightly,
        Schedule: schedule,
        Policy: policy('Nightly', 'lambda:InvokeFunction', { Ref: 'Live' }),
      }),
    ).toEqual([['Schedule', 'Function', 'call', 'starts']]);
  });

  it('marks what is encrypted with the key of the stack', () => {
    const { boxes } = pictureOf('Stack', template({ Policy: policy('Role', 's3:PutObject', arn('Bucket')) }));
    expect(boxes.map(({ title, isEncrypted }) => [title, isEncrypted])).toEqual([
      ['ETL function', false],
      ['Work bucket', true],
    ]);
  });

  it('refuses a type that nobody has said how to draw', () => {
    const table: Resource = { Type: 'AWS::DynamoDB::Table', ...at('Table') };
    expect(() => pictureOf('Stack', template({ Table: table }))).toThrow(UnknownTypeError);
    expect(() => pictureOf('Stack', template({ Table: table }))).toThrow(/handbook\/architecture\/kinds\.ts/);
  });

  it('is told in words too, and escapes what it shows', () => {
    const svg = drawArchitecture(
      pictureOf('A & B', template({ Policy: policy('Role', 's3:PutObject', arn('Bucket')) })),
    );
    expect(svg).toContain('What a deploy of A &amp; B makes');
    expect(svg).toContain('ETL function to Work bucket (manifests)');
  });
});
