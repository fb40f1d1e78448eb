import { listOf, optionalText, type QueryStructure, type QueryValue } from '../../aws/protocols/query';
import { AwsError } from '../../aws/service';
import type { ObjectStore } from '../../s3/object-store';
import type { OperationRecord, Tag } from '../engine/model';
import { validationError } from '../errors';
import type { GivenParameter } from '../template/parameters';
import type { Template } from '../template/template';

function structures(values: readonly QueryValue[]): QueryStructure[] {
  return values.filter((value): value is QueryStructure => typeof value === 'object' && !Array.isArray(value));
}

export function texts(input: QueryStructure, name: string): string[] {
  return listOf(input, name).filter((value): value is string => typeof value === 'string');
}

export function flag(input: QueryStructure, name: string): boolean | undefined {
  const value = optionalText(input, name);
  return value === undefined ? undefined : value.toLowerCase() === 'true';
}

export function givenParameters(input: QueryStructure): GivenParameter[] {
  return structures(listOf(input, 'Parameters')).map((parameter) => ({
    key: optionalText(parameter, 'ParameterKey') ?? '',
    value: optionalText(parameter, 'ParameterValue'),
    usePreviousValue: flag(parameter, 'UsePreviousValue'),
  }));
}

export function tags(input: QueryStructure): Tag[] {
  return structures(listOf(input, 'Tags')).map((tag) => ({
    key: optionalText(tag, 'Key') ?? '',
    value: optionalText(tag, 'Value') ?? '',
  }));
}

/** OnFailure, OnStackFailure and DisableRollback in one. Express deployments are not rolled back unless asked to. */
export function failurePolicy(input: QueryStructure): OperationRecord['onFailure'] | undefined {
  const named = optionalText(input, 'OnStackFailure') ?? optionalText(input, 'OnFailure');
  if (named !== undefined) {
    if (named !== 'ROLLBACK' && named !== 'DO_NOTHING' && named !== 'DELETE') {
      throw validationError(`OnFailure must be ROLLBACK, DO_NOTHING or DELETE, not ${named}`);
    }
    return named;
  }
  const config = structures([input.DeploymentConfig ?? ''])[0] ?? {};
  const express = optionalText(config, 'Mode') === 'EXPRESS' ? true : undefined;
  const disabled = flag(input, 'DisableRollback') ?? flag(config, 'DisableRollback') ?? express;
  return disabled === undefined ? undefined : disabled ? 'DO_NOTHING' : 'ROLLBACK';
}

/**
 * The template's text from TemplateBody, or from TemplateURL in the local S3.
 * @returns undefined when the request names none @throws AwsError ValidationError
 */
export async function templateBody(input: QueryStructure, objects: ObjectStore): Promise<string | undefined> {
  const body = optionalText(input, 'TemplateBody');
  const url = optionalText(input, 'TemplateURL');
  if (body !== undefined && url !== undefined) {
    throw validationError('You must specify either TemplateBody or TemplateURL, not both');
  }
  if (url === undefined) {
    if (body !== undefined && Buffer.byteLength(body) > 51_200) {
      throw validationError(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
      );
    }
    return body;
  }
  const { bucket, key } = s3Location(url);
  try {
    return (await objects.read(bucket, key)).toString('utf8');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw validationError(`S3 error: ${detail} (TemplateURL ${url})`);
  }
}

/** Bucket and key of a path-style or virtual-hosted-style S3 URL, or an s3:// one. @throws AwsError ValidationError */
export function s3Location(url: string): { readonly bucket: string; readonly key: string } {
  if (!URL.canParse(url)) throw validationError(`TemplateURL must be an Amazon S3 URL, got ${url}`);
  const { protocol, hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  if (protocol === 's3:') return { bucket: hostname, key: path };
  const virtual = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/.exec(hostname);
  if (virtual !== null) return { bucket: virtual[1]!, key: path };
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1)
    throw validationError(`TemplateURL must name a bucket and a key, got ${url}`);
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

const NAMED_IAM: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
};

/** @throws AwsError InsufficientCapabilitiesException when the template makes identities nobody acknowledged */
export function checkCapabilities(template: Template, capabilities: readonly string[]): void {
  const iam = Object.values(template.resources).filter((resource) => resource.type.startsWith('AWS::IAM::'));
  const named = iam.some((resource) => (NAMED_IAM[resource.type] ?? '') in resource.properties);
  const enough =
    iam.length === 0 ||
    capabilities.includes('CAPABILITY_NAMED_IAM') ||
    (!named && capabilities.includes('CAPABILITY_IAM'));
  if (!enough) {
    const needed = named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
  }
}
