import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Explanation, readExplanations } from '../../cli/iam/explanations';
import { judge, type StackRole } from '../../cli/iam/judge';

/** A role with one statement a list of actions; those with a number were called so often. */
function role(path: string, ...statements: Readonly<Record<string, number>>[]): StackRole {
  return {
    path,
    usage: {
      roleArn: `arn:aws:iam::000000000000:role/${path.replaceAll('/', '')}`,
      roleName: path,
      statements: statements.map((actions, index) => ({
        policy: 'Default',
        index,
        resources: [`arn:aws:s3:::bucket${index}`],
        actions: Object.entries(actions).map(([action, count]) => ({ action, count })),
      })),
      refusals: [],
    },
  };
}

const explained = (role: string, actions: readonly string[], more: Partial<Explanation> = {}): Explanation => ({
  role,
  actions,
  reason: 'A night that fails would use it.',
  sometimes: false,
  ...more,
});

const ETL = role('Etl/Role', { 's3:GetObject': 7, 's3:AbortMultipartUpload': 0 }, { 's3:ListBucket': 0 });

describe('the judgement of permissions', () => {
  it('names each unused permission that nobody explains, with role, action, resource and statement', () => {
    const { unexplained, outdated } = judge([ETL], [explained('Etl/Role', ['s3:List*'])], 'provisioned');
    expect(unexplained).toEqual(['Etl/Role: s3:AbortMultipartUpload on arn:aws:s3:::bucket0 (statement 1 of Default)']);
    expect(outdated).toEqual([]);
  });

  it('shows the reason beside what is unused, not beside what is used', () => {
    const { roles } = judge([ETL], [explained('Etl/*', ['*'])], 'provisioned');
    expect(roles[0]?.statements.flatMap(({ actions }) => actions.map(({ reason }) => reason))).toEqual([
      undefined,
      'A night that fails would use it.',
      'A night that fails would use it.',
    ]);
  });

  it.each<[string, Explanation, readonly string[]]>([
    ['whose permission is used', explained('Etl/Role', ['s3:GetObject']), ['Etl/Role: s3:GetObject is used']],
    [
      'whose permission is gone',
      explained('Etl/Role', ['s3:PutObject'], { sometimes: true }),
      ['Etl/Role: no policy of the role has s3:PutObject'],
    ],
    ['whose role is gone', explained('Gone/Role', ['*']), ['Gone/Role: the stack has no such role']],
    ['whose permission is used now and then', explained('Etl/Role', ['s3:GetObject'], { sometimes: true }), []],
    ['of the other kind of warehouse', explained('Gone/Role', ['*'], { warehouse: 'serverless' }), []],
    [
      'that means another statement',
      explained('Etl/Role', ['s3:ListBucket'], { resource: 'bucket0' }),
      ['Etl/Role: no policy of the role has s3:ListBucket'],
    ],
  ])('finds an explanation outdated or not: one %s', (_what, explanation, wanted) => {
    const all = [explained('Etl/Role', ['s3:AbortMultipartUpload', 's3:ListBucket']), explanation];
    expect(judge([ETL], all, 'provisioned').outdated).toEqual(wanted);
  });
});

describe('the file of explanations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'explanations-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['- {role: A, actions: [s3:Get*], why: because}', /0: Unrecognized key: "why"/],
    ['- {role: A, actions: [s3:Get*], reason: so}', /0\.reason: say what would use it/],
    ['- {role: A, actions: [], reason: A reason that is long enough}', /0\.actions: /],
    ['role: A', /the file: /],
    ['- [', /cannot be read/],
  ])('is refused as %j, with the place and what is wrong', (text, message) => {
    const file = join(folder, 'file.yaml');
    writeFileSync(file, text);
    expect(() => readExplanations(file)).toThrow(message);
  });

  it('of this app is well formed', () => {
    expect(readExplanations(join(__dirname, '..', '..', 'lib', 'unused-permissions.yaml')).length).toBeGreaterThan(0);
  });
});
