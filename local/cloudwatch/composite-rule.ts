import { AwsError } from '../aws/service';
import type { AlarmState } from './alarm-store';

const TOKEN = /\s*(\(|\)|"[^"]*"|[A-Za-z_]+|[^\s()"]+)/y;

/**
 * The truth of a composite alarm's rule: ALARM(name), OK(name), INSUFFICIENT_DATA(name), TRUE, FALSE with AND, OR, NOT
 * and parentheses. NOT binds before AND, AND before OR.
 * @throws AwsError ValidationError for what is no rule
 */
export function evaluateRule(rule: string, stateOf: (alarm: string) => AlarmState): boolean {
  const tokens = tokenize(rule);
  let position = 0;
  const fail = (what: string): never => {
    throw new AwsError('ValidationError', `AlarmRule is not valid: ${what} (in ${rule})`);
  };
  const take = (): string => tokens[position++] ?? fail('it ends too early');
  const next = (word: string): boolean => tokens[position]?.toUpperCase() === word;
  const expect = (token: string): void => {
    if (take() !== token) fail(`expected ${token}`);
  };

  function disjunction(): boolean {
    let value = conjunction();
    while (next('OR')) {
      take();
      value = conjunction() || value;
    }
    return value;
  }

  function conjunction(): boolean {
    let value = negation();
    while (next('AND')) {
      take();
      value = negation() && value;
    }
    return value;
  }

  function negation(): boolean {
    if (!next('NOT')) return primary();
    take();
    return !negation();
  }

  function primary(): boolean {
    const token = take();
    if (token === '(') {
      const value = disjunction();
      expect(')');
      return value;
    }
    const word = token.toUpperCase();
    if (word === 'TRUE' || word === 'FALSE') return word === 'TRUE';
    if (word !== 'ALARM' && word !== 'OK' && word !== 'INSUFFICIENT_DATA') return fail(`${token} is not a state`);
    expect('(');
    let name = '';
    while (tokens[position] !== undefined && tokens[position] !== ')') name += take();
    expect(')');
    return stateOf(name.replace(/^"|"$/g, '')) === word;
  }

  const value = disjunction();
  if (position < tokens.length) fail(`${tokens[position]} is left over`);
  return value;
}

function tokenize(rule: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(rule); match !== null; match = TOKEN.exec(rule)) tokens.push(match[1]!);
  return tokens;
}
