import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import leven from 'leven';
import { AwsAccessError, CliError, QueryError } from './errors';

/** How somebody has said where AWS is. */
export interface AwsChoice {
  readonly env: string;
  readonly profile?: string;
  readonly region?: string;
  readonly assume?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The AWS configuration files, as the AWS tools find them. */
function configurationFiles(variables: Variables): readonly string[] {
  const folder = join(homedir(), '.aws');
  return [
    variables.AWS_CONFIG_FILE ?? join(folder, 'config'),
    variables.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials'),
  ];
}

/** The names of the profiles in the text of such a file: `[default]`, `[profile x]`, or `[x]`. */
export function profilesOf(text: string): readonly string[] {
  const heads = [...text.matchAll(/^\s*\[\s*(?:profile\s+)?"?([^\]"]+?)"?\s*\]/gm)].map(([, name = '']) => name);
  return heads.filter((name) => !/^(sso-session|services)\s/.test(name));
}

/** Says before any call that a profile is not there: the AWS SDK would only say that it found no credentials. */
export function refuseUnknownProfile(profile: string, variables: Variables = process.env): void {
  const files = configurationFiles(variables);
  const known = new Set(files.filter(existsSync).flatMap((file) => profilesOf(readFileSync(file, 'utf8'))));
  if (known.has(profile)) return;
  const where = files.join(' or ');
  const names = [...known];
  const advice =
    names.length === 0
      ? `There are none at all: aws configure --profile ${profile}`
      : `Did you mean --profile ${closest(profile, names)}? There are: ${names.join(', ')}.`;
  throw new AwsAccessError(`There is no profile ${profile} in ${where}. ${advice}`);
}

function closest(profile: string, names: readonly string[]): string {
  return names.reduce((best, name) => (leven(profile, name) < leven(profile, best) ? name : best));
}

/** Which profile and region are looked at, and who said so. */
export function lookedAt({ profile, region, assume }: AwsChoice, variables: Variables): string {
  const from = (value: string | undefined, variable: string) =>
    value ?? (variables[variable] === undefined ? undefined : `${variables[variable]} (${variable})`);
  return [
    `profile ${from(profile, 'AWS_PROFILE') ?? 'default'}`,
    `region ${from(region, 'AWS_REGION') ?? 'as the profile says'}`,
    ...(assume === undefined ? [] : [`role ${assume}`]),
  ].join(', ');
}

const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const UNKNOWN_KEYS =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure)$/;
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/;
const UNREACHABLE = /^(ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|TimeoutError)$/;

/**
 * What keeps somebody from AWS, in a sentence that ends the search: which profile and region were looked at, and what
 * to type.
 * @returns undefined for an error that has nothing to do with getting in
 */
export function explainAws(failure: unknown, choice: AwsChoice, variables: Variables): AwsAccessError | undefined {
  const error = originOf(failure);
  if (!(error instanceof Error) || error instanceof CliError) return undefined;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const where = `(${lookedAt(choice, variables)})`;
  const profile = choice.profile ?? variables.AWS_PROFILE;
  const profileOption = profile === undefined ? '' : ` --profile ${profile}`;
  const told = (message: string) => new AwsAccessError(message, { cause: error });
  if (/Region is missing/.test(error.message))
    return told(
      `No AWS region is set ${where}. Say one: --region us-west-2, AWS_REGION, or: aws configure set region us-west-2${profileOption}`,
    );
  if (EXPIRED.test(error.name) || /token.* (is|has) expired|session.*expired|SSO session/i.test(error.message))
    return told(
      `The AWS credentials have expired ${where}. Log in again: aws sso login${profileOption}, or renew the keys, then the same command.`,
    );
  if (/CredentialsProviderError|TokenProviderError/.test(error.name))
    return told(
      `No AWS credentials were found ${where}: ${firstLine(error.message)}. Log in: aws sso login${profileOption}, or aws configure${profileOption}; or name another with --profile.`,
    );
  if (UNKNOWN_KEYS.test(error.name))
    return told(
      `AWS does not know these credentials ${where}: ${error.message} Are they of the right account, and not deleted? Who am I: aws sts get-caller-identity${profileOption}`,
    );
  if (DENIED.test(error.name))
    return told(
      `AWS refuses this ${where}: ${error.message.replace(/\.?$/, '.')} Take another --profile, --assume a role that may, or --as-operator.`,
    );
  if (UNREACHABLE.test(code) || UNREACHABLE.test(error.name))
    return told(
      `AWS cannot be reached ${where}: ${error.message || code}. Is there a network, and is the region right?`,
    );
  return undefined;
}

/** What the local AWS refuses, as AWS would; undefined for any other error. */
export function explainRefusal(failure: unknown): AwsAccessError | undefined {
  const error = originOf(failure);
  if (!(error instanceof Error) || !DENIED.test(error.name)) return undefined;
  return new AwsAccessError(`The local AWS refuses this, as AWS would: ${error.message}`, { cause: error });
}

/** A statement that could not be sent, for who sends it may not, is no statement that failed: what AWS said of it. */
function originOf(failure: unknown): unknown {
  return failure instanceof QueryError && failure.cause instanceof Error ? failure.cause : failure;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/[.\s]+$/, '');
}
