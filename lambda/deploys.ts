import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sha256 } from '../statements/digest';
import type { Outcome, ResponseData } from './cloudformation';
import type { CloudFormationRequest } from './events';

/** What the last deploy that succeeded was, kept in the work bucket: a rollback must not depend on the warehouse. */
export interface DeployRecord {
  /** Digest of the custom resource's properties; empty before the first deploy has succeeded. */
  readonly properties: string;
  /** What was answered: a rollback to the same properties answers the same. */
  readonly data: ResponseData;
  /** How the last requests ended, oldest first. */
  readonly ended?: readonly { readonly request: string; readonly outcome: Outcome }[];
}

/** How many ended requests are kept: deliveries of one that is older than so many deploys do not come any more. */
const MOST_ENDED = 20;
/** How much of a reason is kept, in characters. */
const MOST_REASON = 1_000;

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

/**
 * Keeps how a request ended, and the deploy as the last one where it succeeded. A request may be delivered twice, and
 * the slower run may end long after other deploys: the first to end decides, the other changes nothing.
 * @returns how the request ended
 */
export async function rememberDeploy(
  s3: S3Client,
  bucket: string,
  request: CloudFormationRequest,
  outcome: Outcome,
): Promise<Outcome> {
  const last = await lastDeploy(s3, bucket, request);
  const ended = last?.ended ?? [];
  const before = ended.find((each) => each.request === request.RequestId);
  if (before !== undefined) return before.outcome;
  const { succeeded, reason, data = {} } = outcome;
  const kept = { request: request.RequestId, outcome: { succeeded, reason: reason.slice(0, MOST_REASON), data } };
  const record: DeployRecord = {
    properties: succeeded ? propertiesDigest(request) : (last?.properties ?? ''),
    data: succeeded ? data : (last?.data ?? {}),
    ended: [...ended, kept].slice(-MOST_ENDED),
  };
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: recordKey(request),
      Body: JSON.stringify(record),
      ContentType: 'application/json; charset=utf-8',
    }),
  );
  return outcome;
}
