import type { CloudFormationRequest } from './events';

/** Attributes that Fn::GetAtt reads. */
export type ResponseData = Readonly<Record<string, string>>;

export interface Outcome {
  readonly succeeded: boolean;
  readonly reason: string;
  readonly data?: ResponseData;
}

/** CloudFormation refuses a longer body. Source: User Guide, "Custom resource response objects". */
const BODY_LIMIT = 4096;
const PHYSICAL_RESOURCE_ID = 'sparkify-warehouse-load';

/**
 * The answer to a custom resource request, at most 4096 bytes: data is left out first, then the reason is cut, never in
 * the middle of a character. The physical id is always the same: another one would be a replacement, and its Delete
 * would follow.
 */
export function responseBody(request: CloudFormationRequest, outcome: Outcome): string {
  const body = (reason: string, data: ResponseData): string =>
    JSON.stringify({
      Status: outcome.succeeded ? 'SUCCESS' : 'FAILED',
      Reason: reason,
      PhysicalResourceId: request.PhysicalResourceId ?? PHYSICAL_RESOURCE_ID,
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: request.LogicalResourceId,
      Data: data,
    });
  const reason = outcome.reason === '' ? 'No reason was given.' : outcome.reason;
  const data = outcome.data ?? {};
  if (fits(body(reason, data))) return body(reason, data);
  const characters = [...reason];
  let keep = 0;
  for (let step = characters.length; step >= 1; step = Math.floor(step / 2))
    while (keep + step <= characters.length && fits(body(cut(characters, keep + step), data))) keep += step;
  return body(cut(characters, keep), data);
}

function fits(body: string): boolean {
  return Buffer.byteLength(body) <= BODY_LIMIT;
}

/** The head and the last 60 characters: the end of a reason names the run. */
function cut(characters: readonly string[], length: number): string {
  if (length >= characters.length) return characters.join('');
  const tail = Math.min(60, Math.floor(length / 3));
  const end = tail === 0 ? [] : characters.slice(-tail);
  return `${characters.slice(0, length - tail).join('')} … ${end.join('')}`;
}

/** Delivers the answer. @throws Error when the presigned address does not take it */
export async function respond(request: CloudFormationRequest, outcome: Outcome): Promise<void> {
  const body = responseBody(request, outcome);
  // The address is signed for an empty content type.
  const response = await fetch(request.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok)
    throw new Error(`CloudFormation did not take the answer to ${request.RequestType}: HTTP ${response.status}`);
}
