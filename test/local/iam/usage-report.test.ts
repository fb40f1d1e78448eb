import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthorizer } from '../../../local/iam/authorizer';
import type { RoleRecord } from '../../../local/iam/identity-store';
import { roleSession } from '../../../local/iam/principals';
import { createUsageJournal } from '../../../local/iam/usage-journal';
import { usageReport } from '../../../local/iam/usage-report';

const LOADER = 'arn:aws:iam::000000000000:role/path/loader';
const objects = 'arn:aws:s3:::source/*';

describe('a usage report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  const file = join(folder, 'usage.json');
  let now = 1_000;
  const clock = { now: () => now, after: () => () => {} };
  let role: RoleRecord;
  let journal: ReturnType<typeof createUsageJournal>;

  const withStatements = (...Statement: readonly object[]): RoleRecord => ({
    arn: LOADER,
    roleName: 'loader',
    roleId: 'AROALOADER',
    trustPolicy: {},
    managedPolicyArns: [],
    inlinePolicies: { own: { Version: '2012-10-17', Statement } },
  });
  const ask = (action: string, resource: string) => {
    const authorizer = createAuthorizer({
      identitiesOf: () => ({ role: () => role }),
      resourcePolicies: { of: () => [] },
      region: 'us-west-2',
      clock,
      usage: journal,
    });
    const principal = roleSession(role, 'night');
    return authorizer.allows({ principal, action, resource, context: {}, resourceAccount: '000000000000' }).allowed;
  };
  const statements = () => usageReport([role], { of: () => [] }, journal)[0]?.statements;

  beforeEach(() => {
    rmSync(file, { force: true });
    journal = createUsageJournal({ file, clock });
    role = withStatements(
      { Sid: 'Read', Effect: 'Allow', Action: ['s3:Get*', 's3:PutObject'], Resource: objects },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('counts by statement and action, wildcards included, with the last resource', () => {
    ask('s3:GetObject', 'arn:aws:s3:::source/a');
    now = 2_000;
    ask('s3:GetObjectTagging', 'arn:aws:s3:::source/b');
    expect(statements()).toEqual([
      {
        policy: 'own',
        sid: 'Read',
        index: 0,
        resources: [objects],
        actions: [
          {
            action: 's3:Get*',
            count: 2,
            last: { action: 's3:GetObjectTagging', resource: 'arn:aws:s3:::source/b', at: 2_000 },
          },
          { action: 's3:PutObject', count: 0 },
        ],
      },
    ]);
  });

  it('tells what was refused', () => {
    expect(ask('s3:DeleteObject', 'arn:aws:s3:::source/a')).toBe(false);
    ask('s3:ListBucket', 'arn:aws:s3:::source');
    const [report] = usageReport([role], { of: () => [] }, journal);
    expect(report?.refusals.map(({ action, reason, count }) => [action, reason, count])).toEqual([
      ['s3:DeleteObject', 'explicit deny', 1],
      ['s3:ListBucket', 'no identity-based policy', 1],
    ]);
  });

  it('counts nothing of a statement that has changed since, and all of it after a restart', () => {
    ask('s3:GetObject', 'arn:aws:s3:::source/a');
    journal.flush();
    journal = createUsageJournal({ file, clock });
    expect(statements()?.[0]?.actions[0]?.count).toBe(1);
    role = withStatements({ Sid: 'Read', Effect: 'Allow', Action: ['s3:Get*', 's3:PutObject'], Resource: '*' });
    expect(statements()?.[0]?.actions[0]?.count).toBe(0);
  });
});
