import { jsonService } from '../aws/protocols/json';
import { AwsError, type AwsService, type Principal } from '../aws/service';
import type { ManagedSecret, SecretVersions } from './managed-secrets';

type Input = Readonly<Record<string, unknown>>;

/** What the service asks IAM; only it knows a secret's ARN and key when it is called by its name. */
export interface SecretsAccess {
  /** @throws AwsError AccessDeniedException */
  describe(principal: Principal, secretArn: string): void;
  /** Reading, and decrypting with the secret's key if it has one of its own. @throws AwsError AccessDeniedException */
  read(principal: Principal, secretArn: string, keyArn: string | undefined): void;
  /** The ARN that a secret of that name would have, for the refusal of those who may not know that it is not there. */
  arnOf(name: string): string;
}

/**
 * Secrets Manager, as far as Redshift uses it: the admin passwords that it manages can be described and read. Source:
 * API Reference of Secrets Manager, GetSecretValue and DescribeSecret.
 */
export function createSecretsManagerService(options: {
  readonly secrets: () => readonly ManagedSecret[];
  readonly versions: SecretVersions;
  readonly access: SecretsAccess;
}): AwsService {
  const { versions, access } = options;
  const find = (id: string) => options.secrets().find(({ arn }) => arn === id || nameOf(arn) === id);
  const arnOf = (id: string) => find(id)?.arn ?? (id.startsWith('arn:') ? id : access.arnOf(id));
  return jsonService({
    signingName: 'secretsmanager',
    operations: {
      DescribeSecret(input, { principal }) {
        const id = secretId(input);
        access.describe(principal, arnOf(id));
        const secret = existing(find(id));
        const { versionId, created } = versions.of(secret);
        return {
          ARN: secret.arn,
          Name: nameOf(secret.arn),
          KmsKeyId: secret.keyArn,
          OwningService: 'redshift',
          CreatedDate: new Date(created),
          VersionIdsToStages: { [versionId]: ['AWSCURRENT'] },
        };
      },
      GetSecretValue(input, { principal }) {
        const id = secretId(input);
        access.read(principal, arnOf(id), find(id)?.keyArn);
        const secret = existing(find(id));
        const { versionId, password, created } = versions.of(secret);
        if ((input.VersionId ?? versionId) !== versionId || (input.VersionStage ?? 'AWSCURRENT') !== 'AWSCURRENT')
          throw notFound('version');
        return {
          ARN: secret.arn,
          Name: nameOf(secret.arn),
          VersionId: versionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: new Date(created),
          SecretString: JSON.stringify({ username: secret.username, password }),
        };
      },
    },
  });
}

/** Secrets Manager puts a hyphen and six characters behind a name to make the ARN. */
function nameOf(arn: string): string {
  return arn.replace(/^.*:secret:/, '').replace(/-[^-]{6}$/, '');
}

function existing(secret: ManagedSecret | undefined): ManagedSecret {
  if (secret === undefined) throw notFound('');
  return secret;
}

function notFound(what: 'version' | ''): AwsError {
  const text = what === '' ? "can't find the specified secret." : "can't find the specified secret value for it.";
  return new AwsError('ResourceNotFoundException', `Secrets Manager ${text}`);
}

function secretId({ SecretId }: Input): string {
  if (typeof SecretId !== 'string' || SecretId === '')
    throw new AwsError('ValidationException', 'SecretId must have a length of 1 or more.');
  return SecretId;
}
