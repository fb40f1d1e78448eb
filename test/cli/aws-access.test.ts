import { explainAws, explainRefusal, lookedAt, profilesOf } from '../../cli/aws-access';
import { AwsAccessError, QueryError, UsageError } from '../../cli/errors';

const choice = { env: 'prod', profile: 'prod', region: 'eu-west-1' };
const failing = (name: string, message: string) => Object.assign(new Error(message), { name });
const told = (error: Error) => explainAws(error, choice, {})?.message;

describe('what keeps somebody from AWS', () => {
  it.each([
    [
      'no region',
      failing('Error', 'Region is missing'),
      /No AWS region is set .*aws configure set region us-west-2 --profile prod/,
    ],
    [
      'expired keys',
      failing('ExpiredTokenException', 'The security token is expired'),
      /have expired .*aws sso login --profile prod/,
    ],
    [
      'an expired single sign-on',
      failing('CredentialsProviderError', 'Token is expired. To refresh this SSO session run aws sso login'),
      /have expired/,
    ],
    [
      'no credentials',
      failing('CredentialsProviderError', 'Could not load credentials from any providers'),
      /No AWS credentials were found .*aws configure --profile prod/,
    ],
    [
      'deleted keys',
      failing('InvalidClientTokenId', 'The security token is invalid.'),
      /does not know these credentials .*aws sts get-caller-identity/,
    ],
    [
      'a refusal',
      failing('AccessDeniedException', 'User x is not authorized to perform y'),
      /AWS refuses this .*x is not authorized to perform y.*--assume/,
    ],
    [
      'no network',
      Object.assign(new Error('getaddrinfo ENOTFOUND sts'), { code: 'ENOTFOUND' }),
      /cannot be reached .*ENOTFOUND/,
    ],
  ])('is told of %s in one sentence, with profile, region and what to type', (_what, error, text) => {
    expect(told(error)).toMatch(text);
    expect(told(error)).toContain('(profile prod, region eu-west-1)');
  });

  it('is a refusal on this machine too, and nothing else there', () => {
    expect(explainRefusal(failing('AccessDenied', 'x may not y'))?.message).toMatch(/local AWS refuses .*x may not y/);
    expect(explainRefusal(failing('ValidationException', 'x'))).toBeUndefined();
    expect(explainRefusal(undefined)).toBeUndefined();
  });

  it('is told of a statement that could not be sent too, and not of one that has failed in the warehouse', () => {
    const unsent = new QueryError('AccessDenied: x may not y', { cause: failing('AccessDenied', 'x may not y') });
    expect(explainAws(unsent, choice, {})?.message).toMatch(/AWS refuses this .*x may not y/);
    expect(explainRefusal(unsent)?.message).toMatch(/local AWS refuses .*x may not y/);
    expect(explainAws(new QueryError('permission denied for table users'), choice, {})).toBeUndefined();
  });

  it('keeps what has caused it', () => {
    const cause = failing('ExpiredToken', 'expired');
    expect(explainAws(cause, choice, {})).toEqual(expect.any(AwsAccessError));
    expect(explainAws(cause, choice, {})?.cause).toBe(cause);
  });

  it('is nothing of what a person can mend elsewhere, nor of a mistake in the code', () => {
    expect(explainAws(new UsageError('wrong'), choice, {})).toBeUndefined();
    expect(explainAws(new TypeError('undefined is not a function'), choice, {})).toBeUndefined();
    expect(explainAws('text', choice, {})).toBeUndefined();
  });
});

describe('what was looked at', () => {
  it('is what the command line says, else the variables, else what the profile says', () => {
    expect(lookedAt(choice, { AWS_PROFILE: 'other' })).toBe('profile prod, region eu-west-1');
    expect(lookedAt({ env: 'dev' }, { AWS_PROFILE: 'other', AWS_REGION: 'us-east-1' })).toBe(
      'profile other (AWS_PROFILE), region us-east-1 (AWS_REGION)',
    );
    expect(lookedAt({ env: 'dev', assume: 'arn:r' }, {})).toBe(
      'profile default, region as the profile says, role arn:r',
    );
  });
});

describe('the profiles of the AWS configuration files', () => {
  it('are named as in either file; sessions and services are none', () => {
    const config =
      '[default]\nregion = x\n\n[profile prod]\n[profile "with space"]\n[sso-session corp]\n[services local]\n';
    expect(profilesOf(config)).toEqual(['default', 'prod', 'with space']);
    expect(profilesOf('[default]\naws_access_key_id = [x]\n[ci]\n')).toEqual(['default', 'ci']);
  });
});
