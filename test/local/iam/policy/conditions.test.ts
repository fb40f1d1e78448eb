import type { ContextValues } from '../../../../local/iam/policy/request-context';
import { allow, outcome } from './harness';

const ABSENT = undefined;
type Value = string | readonly string[] | undefined;

function met(operator: string, wanted: unknown, actual: Value, more: ContextValues = {}): boolean {
  const context = actual === ABSENT ? more : { ...more, 'aws:Asked': actual };
  return (
    outcome(
      { identity: [allow('s3:GetObject', '*', { Condition: { [operator]: { 'aws:Asked': wanted } } })] },
      { context },
    ) === 'allowed'
  );
}

type Row = readonly [operator: string, wanted: unknown, actual: Value, holds: boolean];

/** Sections of the IAM User Guide, "Condition operators" and "Multivalued context keys". */
const RULES: Readonly<Record<string, readonly Row[]>> = {
  'String condition operators': [
    ['StringEquals', 'queue', 'queue', true],
    ['StringEquals', 'queue', 'Queue', false],
    ['StringEquals', 'que*', 'queue', false],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', [], 'b', false],
    ['StringEquals', true, 'true', true],
    ['StringNotEquals', 'queue', 'Queue', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringEqualsIgnoreCase', 'queue', 'QUEUE', true],
    ['StringNotEqualsIgnoreCase', 'queue', 'QUEUE', false],
    ['StringLike', 'log_data/*', 'log_data/2018/11/x.json', true],
    ['StringLike', 'log_data/*', 'Log_data/x', false],
    ['StringLike', 'a?c', 'abc', true],
    ['StringLike', 'a?c', 'ac', false],
    ['StringLike', '', '', true],
    ['StringNotLike', 'log_data/*', 'song_data/x', true],
    ['StringNotLike', ['log_data/*', 'song_data/*'], 'song_data/x', false],
  ],
  'Numeric condition operators': [
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', 10, '10', true],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '100', true],
    ['NumericGreaterThanEquals', '10', '9.9', false],
    ['NumericEquals', '10', 'ten', false],
    ['NumericNotEquals', '10', 'ten', true],
  ],
  'Date condition operators': [
    ['DateEquals', '2018-11-15', '2018-11-15T00:00:00Z', true],
    ['DateEquals', '2018-11-15T02:00:00+02:00', '2018-11-15T00:00:00Z', true],
    ['DateEquals', '1542240000', '2018-11-15T00:00:00Z', true],
    ['DateNotEquals', '2018-11-15', '2018-11-16', true],
    ['DateLessThan', '2018-11-15T00:00:00Z', '2018-11-14T23:59:59Z', true],
    ['DateLessThanEquals', '2018-11-15T00:00:00Z', '2018-11-15T00:00:00Z', true],
    ['DateGreaterThan', '2018-11-15T00:00:00Z', '2018-11-15T00:00:00Z', false],
    ['DateGreaterThanEquals', '2018-11', '2018-12-01T00:00:00Z', true],
    ['DateLessThan', '2018-11-15', 'yesterday', false],
  ],
  'Boolean and binary condition operators': [
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'true', true],
    ['Bool', 'TRUE', 'true', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXI=', false],
  ],
  'IP address condition operators': [
    ['IpAddress', '203.0.113.0/24', '203.0.113.44', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.44', false],
    ['IpAddress', '203.0.113.44', '203.0.113.44', true],
    ['IpAddress', ['10.0.0.0/8', '2001:db8::/32'], '2001:db8:1::1', true],
    ['IpAddress', '2001:db8::/32', '203.0.113.44', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.44', false],
    ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
  ],
  'ARN condition operators': [
    ['ArnEquals', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws:sns:us-east-1:111122223333:topic', true],
    ['ArnEquals', 'arn:aws:sns:*:111122223333:*', 'arn:aws:sns:us-east-1:111122223333:topic', true],
    ['ArnLike', 'arn:aws:sns:*:*:top?c', 'arn:aws:sns:us-east-1:111122223333:topic', true],
    ['ArnLike', 'arn:aws:s*', 'arn:aws:sns:us-east-1:111122223333:topic', false],
    ['ArnLike', 'arn:aws:lambda:*:*:function:*', 'arn:aws:lambda:us-east-1:111122223333:function:load:live', true],
    ['ArnLike', 'arn:*:topic', 'arn:aws:sns:us-east-1:111122223333:topic', false],
    ['ArnEquals', '*', 'no arn', false],
    ['ArnNotEquals', 'arn:aws:sns:*:*:topic', 'arn:aws:sns:us-east-1:111122223333:topic', false],
    ['ArnNotLike', 'arn:aws:sns:*:*:other', 'arn:aws:sns:us-east-1:111122223333:topic', true],
  ],
  'Keys that are absent': [
    ['StringEquals', 'a', ABSENT, false],
    ['StringLike', '*', ABSENT, false],
    ['NumericLessThan', '1', ABSENT, false],
    ['Bool', 'false', ABSENT, false],
    ['StringNotEquals', 'a', ABSENT, true],
    ['StringNotLike', '*', ABSENT, true],
    ['NumericNotEquals', '1', ABSENT, true],
    ['DateNotEquals', '2018', ABSENT, true],
    ['NotIpAddress', '0.0.0.0/0', ABSENT, true],
    ['ArnNotLike', 'arn:aws:s3:::*', ABSENT, true],
    ['StringEquals', 'a', [], false],
  ],
  '...IfExists': [
    ['StringEqualsIfExists', 'a', ABSENT, true],
    ['StringEqualsIfExists', 'a', 'a', true],
    ['StringEqualsIfExists', 'a', 'b', false],
    ['BoolIfExists', 'true', ABSENT, true],
    ['StringNotEqualsIfExists', 'a', 'a', false],
    ['ForAnyValue:StringLikeIfExists', 'a', ABSENT, true],
  ],
  'Null: whether a key exists': [
    ['Null', 'true', ABSENT, true],
    ['Null', 'true', 'x', false],
    ['Null', 'false', 'x', true],
    ['Null', 'false', ABSENT, false],
    ['Null', 'true', [], true],
    ['Null', true, ABSENT, true],
  ],
  'ForAllValues and ForAnyValue': [
    ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a'], ABSENT, true],
    ['ForAllValues:StringEquals', ['a'], [], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'd'], false],
    ['ForAnyValue:StringEquals', ['a'], ABSENT, false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ABSENT, false],
    ['ForAllValues:StringLike', ['a*'], ['ab', 'ac'], true],
  ],
};

describe.each(Object.entries(RULES))('%s', (_section, rows) => {
  it.each(rows)('%s %j of a request with %j: %s', (operator, wanted, actual, holds) => {
    expect(met(operator, wanted, actual)).toBe(holds);
  });
});

describe('Conditions with multiple context keys or values', () => {
  const asked = (condition: unknown, context: ContextValues) =>
    outcome({ identity: [allow('s3:GetObject', '*', { Condition: condition })] }, { context });

  it('wants every operator to hold', () => {
    const condition = { StringEquals: { 'aws:a': '1' }, Bool: { 'aws:b': 'true' } };
    expect(asked(condition, { 'aws:a': '1', 'aws:b': 'true' })).toBe('allowed');
    expect(asked(condition, { 'aws:a': '1', 'aws:b': 'false' })).toBe('implicit deny');
  });

  it('wants every key of an operator to hold', () => {
    const condition = { StringEquals: { 'aws:a': '1', 'aws:b': '2' } };
    expect(asked(condition, { 'aws:a': '1', 'aws:b': '2' })).toBe('allowed');
    expect(asked(condition, { 'aws:a': '1', 'aws:b': '1' })).toBe('implicit deny');
  });

  it('reads names of keys without regard to case', () => {
    expect(asked({ StringEquals: { 'AWS:A': '1' } }, { 'aws:a': '1' })).toBe('allowed');
  });

  it('takes an empty condition as none', () => {
    expect(asked({}, {})).toBe('allowed');
  });
});
