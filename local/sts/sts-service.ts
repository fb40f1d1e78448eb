import { listOf, optionalText, type QueryStructure, queryService, requiredText } from '../aws/protocols/query';
import { AwsError, type AwsRequest, type AwsService } from '../aws/service';
import type { AccessRequest } from '../iam/authorizer';
import type { IdentityStore } from '../iam/identity-store';
import type { ContextValues } from '../iam/policy/request-context';

/** What STS needs to know. */
export interface StsOptions {
  /**
   * The roles of an account; undefined where there is no such account. One that only the CDK's bootstrap roles are
   * asked of comes to be by that.
   */
  identitiesOf(account: string, roleName: string): IdentityStore | undefined;
  /** Decides whether the caller may take a role on. @throws AwsError AccessDenied */
  authorize(request: AccessRequest): void;
}

/** STS: GetCallerIdentity and AssumeRole, over all accounts. */
export function createStsService(options: StsOptions): AwsService {
  return queryService({
    signingName: 'sts',
    xmlns: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      GetCallerIdentity: (_input, { principal }) => ({
        Arn: principal.arn,
        UserId: principal.userId,
        Account: principal.account,
      }),
      AssumeRole: (input, request) => assumeRole(input, request, options),
    },
  });
}

function assumeRole(input: QueryStructure, request: AwsRequest, options: StsOptions): object {
  const roleArn = requiredText(input, 'RoleArn');
  const sessionName = requiredText(input, 'RoleSessionName');
  const duration = Number(optionalText(input, 'DurationSeconds') ?? 3_600);
  validate(roleArn, sessionName, duration);
  const [, , , , account = '', resource = ''] = roleArn.split(':');
  const identities = options.identitiesOf(account, resource.slice(resource.lastIndexOf('/') + 1));
  if (!identities?.role(roleArn)) {
    throw new AwsError(
      'AccessDenied',
      `User: ${request.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    );
  }
  for (const action of actions(input)) {
    options.authorize({
      principal: request.principal,
      action,
      resource: roleArn,
      context: context(input, sessionName),
    });
  }
  const credentials = identities.assumeRole(roleArn, sessionName, duration);
  const principal = identities.principalOf(credentials.accessKeyId)!;
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration,
    },
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
  };
}

/** Tags and a source identity in the request are permissions of their own. */
function actions(input: QueryStructure): readonly string[] {
  return [
    'sts:AssumeRole',
    ...(tagsOf(input).length > 0 ? ['sts:TagSession'] : []),
    ...(optionalText(input, 'SourceIdentity') === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
}

/** Source: IAM User Guide, "Keys for AWS STS". */
function context(input: QueryStructure, sessionName: string): ContextValues {
  const tags = tagsOf(input);
  return {
    'sts:RoleSessionName': sessionName,
    'sts:ExternalId': optionalText(input, 'ExternalId') ?? [],
    'sts:SourceIdentity': optionalText(input, 'SourceIdentity') ?? [],
    'aws:TagKeys': tags.map(({ key }) => key),
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
  };
}

function tagsOf(input: QueryStructure): readonly { readonly key: string; readonly value: string }[] {
  return listOf(input, 'Tags').flatMap((tag) =>
    typeof tag === 'object' && !Array.isArray(tag)
      ? [
          {
            key: optionalText(tag as QueryStructure, 'Key') ?? '',
            value: optionalText(tag as QueryStructure, 'Value') ?? '',
          },
        ]
      : [],
  );
}

function validate(roleArn: string, sessionName: string, duration: number): void {
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(roleArn)) {
    throw new AwsError('ValidationError', `${roleArn} is invalid`);
  }
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64`,
    );
  }
  if (!Number.isInteger(duration) || duration < 900 || duration > 43_200) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${duration}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  }
}
