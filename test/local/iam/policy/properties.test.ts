import fc from 'fast-check';
import { matchesPattern, patternRegExp, patternsOverlap, wildcardPattern } from '../../../../local/iam/policy/pattern';
import { type Asked, type Given, HERE, outcome, SESSION, type StatementJson } from './harness';

const RUNS = { numRuns: 300 };
/** Where most of what is drawn does not fit the case. */
const FEWER = { numRuns: 80 };

/** Written to be plainly right: tries every length for every asterisk. */
function naive(pattern: string, text: string): boolean {
  const [first, ...rest] = Array.from(pattern);
  const [head, ...tail] = Array.from(text);
  if (first === undefined) return head === undefined;
  if (first === '*') {
    return naive(rest.join(''), text) || (head !== undefined && naive(pattern, tail.join('')));
  }
  return head !== undefined && (first === '?' || first === head) && naive(rest.join(''), tail.join(''));
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '😀'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?', '😀'), maxLength: 7 });

describe('the wildcard matcher', () => {
  it('agrees with a naive one', () => {
    fc.assert(
      fc.property(pattern, text, (wanted, given) => {
        expect(matchesPattern(wildcardPattern(wanted), given)).toBe(naive(wanted, given));
        expect(patternRegExp(wildcardPattern(wanted)).test(given)).toBe(naive(wanted, given));
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes no longer for many asterisks', () => {
    expect(matchesPattern(wildcardPattern(`${'a*'.repeat(40)}b`), 'a'.repeat(2_000))).toBe(false);
  });

  it('never says that two patterns have no text in common when one fits both', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, given) => {
        const both = matchesPattern(wildcardPattern(one), given) && matchesPattern(wildcardPattern(other), given);
        return !both || patternsOverlap(wildcardPattern(one), wildcardPattern(other));
      }),
      { numRuns: 3_000 },
    );
  });

  it('says it of patterns that have none', () => {
    expect(patternsOverlap(wildcardPattern('a*'), wildcardPattern('b*'))).toBe(false);
    expect(patternsOverlap(wildcardPattern('*a'), wildcardPattern('*b'))).toBe(false);
    expect(patternsOverlap(wildcardPattern('a?'), wildcardPattern('a'))).toBe(false);
    expect(patternsOverlap(wildcardPattern('a*c'), wildcardPattern('*b*'))).toBe(true);
  });
});

const condition = fc.constantFrom(
  undefined,
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'loading' } },
  { StringNotEquals: { 'aws:PrincipalTag/team': 'loading' } },
  { 'ForAllValues:StringLike': { 'aws:TagKeys': ['a*', 'b'] } },
  { Null: { 'aws:PrincipalTag/team': 'false' } },
);
const actions = fc.constantFrom('s3:GetObject', 's3:*', 's3:Put*', '*', 'ec2:*', 'S3:getobject');
const resources = fc.constantFrom('*', 'arn:aws:s3:::reports/*', 'arn:aws:s3:::reports/2018/*', 'arn:aws:s3:::other/*');
const principals = fc.constantFrom(
  '*',
  { AWS: HERE },
  { AWS: `arn:aws:iam::${HERE}:role/Loader` },
  { AWS: `arn:aws:sts::${HERE}:assumed-role/Loader/nightly` },
  { AWS: `arn:aws:iam::${HERE}:user/Jane` },
);

function statement(effects: readonly string[], named: boolean): fc.Arbitrary<StatementJson> {
  return fc
    .record({
      effect: fc.constantFrom(...effects),
      not: fc.boolean(),
      action: actions,
      resource: resources,
      condition,
      principal: principals,
    })
    .map(({ effect, not, action, resource, condition: held, principal }) => ({
      Effect: effect,
      [not ? 'NotAction' : 'Action']: action,
      Resource: resource,
      ...(held && { Condition: held }),
      ...(named && { Principal: principal }),
    }));
}

const BOTH = ['Allow', 'Deny'] as const;
const identity = fc.array(statement(BOTH, false), { maxLength: 4 });
const resource = fc.array(statement(BOTH, true), { minLength: 1, maxLength: 4 });
const given: fc.Arbitrary<Given> = fc.record(
  { identity, resource, boundary: fc.array(statement(BOTH, false), { minLength: 1, maxLength: 2 }) },
  { requiredKeys: [] },
);
const asked: fc.Arbitrary<Asked> = fc
  .record({
    session: fc.boolean(),
    context: fc.record(
      {
        'aws:SecureTransport': fc.constantFrom('true', 'false'),
        'aws:PrincipalTag/team': fc.constantFrom('loading', 'reading'),
        'aws:TagKeys': fc.array(fc.constantFrom('ab', 'b', 'c'), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ session, context }) => ({ context, ...(session && { caller: SESSION }) }));

const everything: StatementJson = { Effect: 'Deny', Action: '*', Resource: '*' };

describe('whatever the policies', () => {
  it('a deny of everything denies, wherever it stands', () => {
    fc.assert(
      fc.property(given, asked, fc.constantFrom('identity', 'resource', 'boundary'), (policies, request, where) => {
        const denying = where === 'resource' ? { ...everything, Principal: '*' } : everything;
        const list = policies[where as 'identity'] ?? [];
        expect(outcome({ ...policies, [where]: [...list, denying] }, request)).toBe('explicit deny');
      }),
      RUNS,
    );
  });

  it('one more allow never takes a permission away', () => {
    fc.assert(
      fc.property(
        given,
        asked,
        statement(['Allow'], false),
        statement(['Allow'], true),
        (policies, request, mine, its) => {
          fc.pre(outcome(policies, request) === 'allowed');
          expect(outcome({ ...policies, identity: [mine, ...(policies.identity ?? [])] }, request)).toBe('allowed');
          expect(outcome({ ...policies, resource: [its, ...(policies.resource ?? [])] }, request)).toBe('allowed');
        },
      ),
      FEWER,
    );
  });

  it('one more deny never gives one', () => {
    fc.assert(
      fc.property(given, asked, statement(['Deny'], false), (policies, request, mine) => {
        fc.pre(outcome(policies, request) !== 'allowed');
        expect(outcome({ ...policies, identity: [mine, ...(policies.identity ?? [])] }, request)).not.toBe('allowed');
      }),
      RUNS,
    );
  });

  it('the order of statements does not matter', () => {
    fc.assert(
      fc.property(given, asked, (policies, request) => {
        const turned = Object.fromEntries(
          Object.entries(policies).map(([where, list]) => [where, [...(list as StatementJson[])].reverse()]),
        );
        expect(outcome(turned, request)).toBe(outcome(policies, request));
      }),
      RUNS,
    );
  });

  it('a boundary only takes away', () => {
    fc.assert(
      fc.property(given, asked, (policies, request) => {
        fc.pre(outcome(policies, request) === 'allowed');
        const { boundary: _without, ...open } = policies;
        expect(outcome(open, request)).toBe('allowed');
      }),
      FEWER,
    );
  });
});
