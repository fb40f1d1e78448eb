import type { Authorizer } from '../iam/authorizer';
import type { SecretsAccess } from '../secretsmanager/secrets-manager-service';
import { arnIn, type Need, type Place } from './need';

/** Secrets Manager's questions. Source: Service Authorization Reference, "AWS Secrets Manager". */
export function secretsAccess(authorizer: Authorizer, place: Place): SecretsAccess {
  return {
    describe: (principal, resource) =>
      authorizer.authorize({ principal, action: 'secretsmanager:DescribeSecret', resource, context: {} }),
    read(principal, secretArn, keyArn) {
      for (const { context = {}, ...need } of secretNeeds(secretArn, keyArn, place))
        authorizer.authorize({ ...need, principal, context });
    },
    arnOf: (name) => arnIn(place, 'secretsmanager', `secret:${name}`),
  };
}

/** Secrets Manager decrypts with the secret's key on behalf of the caller, if it is not AWS's own. */
export function secretNeeds(secretArn: string, keyArn: string | undefined, { region }: Place): readonly Need[] {
  const read = { action: 'secretsmanager:GetSecretValue', resource: secretArn };
  if (keyArn === undefined) return [read];
  const context = {
    'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
    'kms:EncryptionContextKeys': ['SecretARN', 'SecretVersionId'],
    'kms:EncryptionContext:SecretARN': secretArn,
  };
  return [read, { action: 'kms:Decrypt', resource: keyArn, context }];
}
