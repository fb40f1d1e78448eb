import { LEGACY_PARSING, MalformedPolicyError } from './errors';

const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];
const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** An ARN without its service, or one of S3 with too few colons. @throws MalformedPolicyError */
export function checkResourceLegacy(resource: string, where: string): void {
  const [prefix, partition, service, ...rest] = resource.split(':');
  if (prefix !== 'arn' || !isPartition(partition ?? '') || service === undefined) return;
  const shortS3 = service === 's3' && rest.length === 2 && !rest[1]!.startsWith('*');
  if (service === '' || shortS3) {
    throw new MalformedPolicyError(
      LEGACY_PARSING,
      `${where}: "${resource}" is no ARN (arn:partition:service:region:account:resource)`,
    );
  }
}

/** The form of a Resource. @throws MalformedPolicyError in IAM's words */
export function checkResource(resource: string, where: string): void {
  if (resource === '*') return;
  const parts = resource.split(':');
  if (parts.length === 1) refuse(`Resource ${resource} must be in ARN format or "*".`, where);
  const [, partition = '', service, region, , ...path] = parts;
  if (!isPartition(partition)) {
    const padded = ['arn', ...parts.slice(1), ...Array<string>(Math.max(0, 6 - parts.length)).fill('*')].join(':');
    refuse(`Partition "${partition}" is not valid for resource "${padded}".`, where);
  }
  if (parts[0] !== 'arn') refuse(`Resource ${resource} must be in ARN format or "*".`, where);
  if (service === undefined || /[*?]/.test(service)) {
    refuse('Resource vendor must be fully qualified and cannot contain regexes.', `${where}: "${resource}"`);
  }
  if (service === 's3' && isRegion(region)) refuse(`Resource ${resource} can not contain region information.`, where);
  if (service === 'iam') checkIamResource(resource, region, path.join(':'), where);
}

function checkIamResource(resource: string, region: string | undefined, path: string, where: string): void {
  if (isRegion(region)) refuse(`IAM resource ${resource} cannot contain region information.`, where);
  // A variable or a wildcard may stand for any beginning.
  if (path !== '' && path !== 'root' && !/^[*$]/.test(path) && !IAM_PATHS.some((start) => path.startsWith(start))) {
    refuse(`IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`, `${where}: "${resource}"`);
  }
}

function isPartition(text: string): boolean {
  return PARTITIONS.includes(text) || text === '*' || text.startsWith('${');
}

function isRegion(text: string | undefined): boolean {
  return text !== undefined && text !== '' && text !== '*';
}

function refuse(sentence: string, detail: string): never {
  throw new MalformedPolicyError(sentence, detail);
}
