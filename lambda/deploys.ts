import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ResponseData } from './cloudformation';
import { sha256 } from './digest';
import type { CloudFormationRequest } from './events';

/** What the last deploy that succeeded was, kept in the work bucket: a rollback must not depend on the warehouse. */
export interface DeployRecord {
  /** Digest of the custom resource's properties. */
  readonly properties: string;
  /** What was answered: a rollback to the same properties answers the same. */
  readonly data: ResponseData;
}

/** One record a custom resource of a stack. */
function recordKey(request: CloudFormationRequest): string {
  return `deploys/${sha256(request.StackId, request.LogicalResourceId)}.json`;
}

/** Digest of what a request asks for: its properties without those that CloudFormation reads itself. */
export function propertiesDigest(request: CloudFormationRequest): string {
  const { ServiceToken: _token, ServiceTimeout: _timeout, ...properties } = request.ResourceProperties ?? {};
  return sha256(
    ...Object.entries(properties)
      .sort()
      .flatMap(([name, value]) => [name, JSON.stringify(value)]),
  );
}

/**
 * The record of the last deploy that succeeded. Undefined when there is none, also where S3 says AccessDenied: without
 * the right to list a bucket that is its answer for a key that does not exist.
 */
export async function lastDeploy(
  s3: S3Client,
  bucket: string,
  request: CloudFormationRequest,
): Promise<DeployRecord | undefined> {
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: recordKey(request) }));
    return JSON.parse((await object.Body?.transformToString()) ?? '') as DeployRecord;
  } catch (error) {
    if (['NoSuchKey', 'AccessDenied'].includes((error as Error).name)) return undefined;
    throw error;
  }
}

/** Keeps a deploy as the last one that succeeded. */
export async function rememberDeploy(
  s3: S3Client,
  bucket: string,
  request: CloudFormationRequest,
  data: ResponseData,
): Promise<void> {
  const record: DeployRecord = { properties: propertiesDigest(request), data };
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: recordKey(request),
      Body: JSON.stringify(record),
      ContentType: 'application/json; charset=utf-8',
    }),
  );
}
