import type { Answer, Refused } from '../aws-answers';
import type { AwsEnvironment } from '../environments';
import { environmentPath, isPlaceholderAccount } from '../init/environment-file';
import type { Fields } from '../init/rules';
import { type Finding, findings } from './finding';
import type { Commands } from './where';

/** What an environment's file says of where it is. */
export interface Wanted {
  readonly environment: AwsEnvironment;
  readonly account: string;
  readonly region: string;
  readonly reservedConcurrency: number | null;
  readonly sources: { readonly origin: string; readonly bucket: string; readonly region: string };
  /** Key prefixes that are to hold files. */
  readonly prefixes: readonly string[];
}

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Milliseconds by which the clock of AWS is ahead of ours. */
  readonly clockAhead: number;
}

/** What there is to know of an account, each as AWS has answered it. */
export interface AccountFacts {
  readonly wanted: Wanted;
  /** AWS_ENDPOINT_URL of the shell: who sets it does not speak to AWS. */
  readonly endpoint: string | undefined;
  /** The region that the AWS tools would take here; undefined where none is configured. */
  readonly region: string | undefined;
  readonly caller: Answer<Caller>;
  /** Undefined where nobody could ask. */
  readonly rest: AccountRest | undefined;
}

export interface AccountRest {
  /** Version of the CDK's bootstrap stack; null where it was never made. */
  readonly bootstrap: Answer<number | null>;
  /** What the CDK CLI of this checkout would make. */
  readonly bootstrapOfCli: number;
  /** Concurrent Lambda executions that nobody has reserved. */
  readonly unreserved: Answer<number>;
  /** Whether the function, which would reserve some, is there. */
  readonly deployed: boolean;
  readonly serviceRole: Answer<boolean>;
  /** The bucket's region, null where there is none of the name. */
  readonly bucket: Answer<string | null>;
  /** Those of the prefixes that hold nothing. */
  readonly emptyPrefixes: Answer<readonly string[]>;
}

/** What the CDK needs at least (its modern synthesizer), so that nothing older is deployed with. */
const OLDEST_BOOTSTRAP = 6;
/** Lambda keeps so many executions for functions that reserve none. */
const LAMBDA_KEEPS = 100;
/** Signatures are refused beyond 5 minutes (15 at S3). */
const MOST_SKEW = 5 * 60_000;

const { ok, warn, fail, skipped } = findings('account');

/** The fields that a doctor needs of an environment that was judged to be right. */
export function wantedOf(environment: AwsEnvironment, config: Fields, prefixes: readonly string[]): Wanted {
  const { account, region, reservedConcurrency, sources } = config as unknown as Wanted;
  return { environment, account, region, reservedConcurrency, sources, prefixes };
}

/** Judges an account. What can only be looked at with credentials is left out where there are none. */
export function accountFindings(facts: AccountFacts, commands: Commands): readonly Finding[] {
  const first = [...endpoint(facts), ...file(facts, commands), ...caller(facts, commands), ...region(facts, commands)];
  const { rest, wanted } = facts;
  if (rest === undefined) return first;
  return [
    ...first,
    bootstrap(rest, wanted, commands),
    concurrency(rest, wanted),
    serviceRole(rest),
    ...source(rest, wanted),
  ];
}

function endpoint({ endpoint: url }: AccountFacts): readonly Finding[] {
  return url === undefined
    ? []
    : [warn('endpoint', `AWS_ENDPOINT_URL is ${url}: that is what is asked, not AWS`, 'unset AWS_ENDPOINT_URL')];
}

function file({ wanted }: AccountFacts, commands: Commands): readonly Finding[] {
  const { environment, account } = wanted;
  // On this machine an account comes to be when it is addressed, whatever its number.
  if (!isPlaceholderAccount(account) || commands.here) {
    return [ok('file', `${environmentPath(environment)}: account ${account}, ${wanted.region}`)];
  }
  return [
    fail(
      'file',
      `${environmentPath(environment)} names no account of yours: ${account}`,
      `npx sparkify init --env ${environment}`,
    ),
  ];
}

function caller({ caller: answer, wanted }: AccountFacts, commands: Commands): readonly Finding[] {
  if ('refused' in answer) return [credentials(answer.refused, commands)];
  const { account, arn, clockAhead } = answer.is;
  return [
    account === wanted.account
      ? ok('credentials', arn)
      : fail(
          'credentials',
          `are of account ${account} (${arn}), the environment's file says ${wanted.account}`,
          `npx sparkify init --env ${wanted.environment} --account ${account}`,
        ),
    Math.abs(clockAhead) <= MOST_SKEW
      ? ok('clock', `${Math.round(Math.abs(clockAhead) / 1000)} s from AWS's`)
      : fail(
          'clock',
          `${Math.round(Math.abs(clockAhead) / 60_000)} minutes from AWS's; 5 are allowed`,
          'sudo timedatectl set-ntp true',
        ),
  ];
}

function credentials({ code, message }: Refused, commands: Commands): Finding {
  const named = commands.profile === undefined ? '' : ` --profile ${commands.profile}`;
  const sso = /sso/i.test(message) || /Expired/.test(code);
  return fail('credentials', message, sso ? `aws sso login${named}` : `aws configure${named}`);
}

function region({ region: configured, wanted }: AccountFacts, commands: Commands): readonly Finding[] {
  if (configured === wanted.region) return [];
  const mend = commands.here ? commands.deploy : commands.sparkify('doctor', '--region', wanted.region);
  return [
    fail('region', `${configured ?? 'none'} is configured here, the environment's file says ${wanted.region}`, mend),
  ];
}

function bootstrap({ bootstrap: answer, bootstrapOfCli }: AccountRest, wanted: Wanted, commands: Commands): Finding {
  if ('refused' in answer) return unread('bootstrap', answer.refused);
  const mend = commands.here ? 'npm start -- --fresh' : `npx cdk bootstrap aws://${wanted.account}/${wanted.region}`;
  const place = `${wanted.account} in ${wanted.region}`;
  if (answer.is === null) return fail('bootstrap', `the CDK was never set up in ${place}`, mend);
  const found = `version ${answer.is} in ${place}`;
  if (answer.is < OLDEST_BOOTSTRAP) return fail('bootstrap', `${found}; ${OLDEST_BOOTSTRAP} or newer is needed`, mend);
  return answer.is < bootstrapOfCli
    ? warn('bootstrap', `${found}; the CDK CLI here brings ${bootstrapOfCli}`, mend)
    : ok('bootstrap', found);
}

function concurrency({ unreserved: answer, deployed }: AccountRest, { reservedConcurrency }: Wanted): Finding {
  if (reservedConcurrency === null) return ok('Lambda quota', 'nothing is reserved');
  if (deployed) return ok('Lambda quota', `${reservedConcurrency} executions are reserved`);
  if ('refused' in answer) return unread('Lambda quota', answer.refused);
  return answer.is - reservedConcurrency >= LAMBDA_KEEPS
    ? ok('Lambda quota', `${answer.is} executions unreserved, ${reservedConcurrency} will be taken`)
    : fail(
        'Lambda quota',
        `${answer.is} executions unreserved: Lambda keeps ${LAMBDA_KEEPS}, and ${reservedConcurrency} are to be reserved (or reservedConcurrency: null)`,
        'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
      );
}

function serviceRole({ serviceRole: answer }: AccountRest): Finding {
  if ('refused' in answer) return unread('Redshift role', answer.refused);
  return answer.is
    ? ok('Redshift role', 'AWSServiceRoleForRedshift')
    : warn(
        'Redshift role',
        'AWSServiceRoleForRedshift is not there; the first cluster makes it where it may',
        'aws iam create-service-linked-role --aws-service-name redshift.amazonaws.com',
      );
}

function source({ bucket, emptyPrefixes, deployed }: AccountRest, wanted: Wanted): readonly Finding[] {
  const { bucket: name, region: said, origin } = wanted.sources;
  const init = (...more: string[]) => ['npx sparkify init --env', wanted.environment, ...more].join(' ');
  if ('refused' in bucket) {
    // The roles of the stack may read what the caller may not.
    return [unread('source bucket', bucket.refused)];
  }
  if (origin === 'made' && !deployed) {
    return bucket.is === null
      ? [ok('source bucket', `${name} will be made`)]
      : [fail('source bucket', `${name} is to be made and is there already`, init('--source', 'given'))];
  }
  if (bucket.is === null) return [fail('source bucket', `there is no bucket ${name}`, init('--source-bucket', 'NAME'))];
  if (bucket.is !== said) {
    return [
      fail('source bucket', `${name} is in ${bucket.is}, the file says ${said}`, init('--source-region', bucket.is)),
    ];
  }
  const found = ok('source bucket', `${name} in ${said}`);
  if ('refused' in emptyPrefixes) return [found, unread('source files', emptyPrefixes.refused)];
  return emptyPrefixes.is.length === 0
    ? [found, ok('source files', `under ${wanted.prefixes.join(', ')}`)]
    : [found, warn('source files', `nothing under ${emptyPrefixes.is.join(', ')}`, `aws s3 sync FOLDER s3://${name}/`)];
}

/** What the account does not tell. The local AWS has not all services, and a role may not see everything. */
function unread(check: string, { code, message }: Refused): Finding {
  return skipped(check, `could not be looked at: ${code}${message === '' ? '' : `: ${message}`}`);
}
