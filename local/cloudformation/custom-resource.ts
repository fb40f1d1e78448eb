import type { AwsResponse } from '../aws/service';
import type { Clock, Ids } from '../clock';
import { CANCELLED_REASON, ResourceFailedError } from './errors';
import type { CreatedResource, Properties, ResourceContext, ResourceProvider } from './resource-provider';
import type { TokenLog } from './token-log';
import { isObject, scalarsAsStrings } from './values';

/** How custom resources reach their functions and are answered. */
export interface CustomResourceDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tokens: TokenLog;
  /** Queues the event for the function (Lambda's InvocationType Event), as the stack's role if it has one. */
  invoke(functionArn: string, payload: string, roleArn: string | undefined): Promise<unknown>;
  /** The URL to PUT the answer to. */
  responseUrl(token: string): string;
}

export interface CustomResources {
  readonly provider: ResourceProvider;
  /** Takes an answer PUT to a response URL. The first counts; later ones are accepted and ignored. */
  acceptResponse(token: string, body: Buffer | string): AwsResponse;
}

/** Bytes of an answer's body that CloudFormation takes. */
const RESPONSE_LIMIT = 4096;
const DEFAULT_TIMEOUT_SECONDS = 3600;
/** Bytes of a physical resource id. */
const PHYSICAL_ID_LIMIT = 1024;

interface Answer {
  readonly physicalId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Request {
  readonly requestId: string;
  readonly context: ResourceContext;
  answered(outcome: Answer | ResourceFailedError): void;
}

/**
 * Custom resources: an event to the function named by ServiceToken, then waiting for its PUT.
 * Source: CloudFormation user guide, "Custom resource request types" and "Custom resource response objects".
 */
export function createCustomResources(deps: CustomResourceDeps): CustomResources {
  const waiting = new Map<string, Request>();

  async function ask(
    requestType: 'Create' | 'Update' | 'Delete',
    context: ResourceContext,
    properties: Properties,
    more: { readonly physicalId?: string; readonly oldProperties?: Properties; readonly fallbackId: string },
  ): Promise<Answer> {
    const requestId = deps.ids.uuid();
    const token = deps.ids.uuid();
    const serviceToken = properties.ServiceToken;
    if (typeof serviceToken !== 'string' || !serviceToken.startsWith('arn:aws:lambda:')) {
      throw new ResourceFailedError(
        `Invalid ServiceToken ${JSON.stringify(serviceToken)}: the local CloudFormation sends custom resource events to Lambda functions only.`,
      );
    }
    const event = {
      RequestType: requestType,
      ServiceToken: serviceToken,
      ResponseURL: deps.responseUrl(token),
      StackId: context.stackId,
      RequestId: requestId,
      LogicalResourceId: context.logicalId,
      ...(more.physicalId === undefined ? {} : { PhysicalResourceId: more.physicalId }),
      ResourceType: context.resourceType,
      ResourceProperties: scalarsAsStrings(properties),
      ...(more.oldProperties === undefined ? {} : { OldResourceProperties: scalarsAsStrings(more.oldProperties) }),
    };
    const answer = waitForAnswer(token, requestId, context, timeoutSeconds(properties), more.fallbackId);
    // The answer may fail (cancelled, timed out) while the invocation is still being queued.
    answer.catch(() => {});
    deps.tokens.issue(token);
    try {
      await deps.invoke(serviceToken, JSON.stringify(event), context.roleArn);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      waiting.get(token)?.answered(new ResourceFailedError(`Failed to invoke ${serviceToken}: ${message}`));
    }
    return answer;
  }

  function waitForAnswer(
    token: string,
    requestId: string,
    context: ResourceContext,
    seconds: number,
    fallbackId: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stopTimer = deps.clock.after(seconds * 1000, () =>
        settle(new ResourceFailedError(timeoutReason(requestId), fallbackId)),
      );
      const cancel = () => settle(new ResourceFailedError(CANCELLED_REASON, fallbackId));
      const settle = (outcome: Answer | ResourceFailedError) => {
        if (!waiting.delete(token)) return;
        stopTimer();
        context.signal?.removeEventListener('abort', cancel);
        if (outcome instanceof ResourceFailedError) {
          reject(new ResourceFailedError(outcome.message, outcome.physicalId ?? fallbackId));
        } else resolve(outcome);
      };
      waiting.set(token, { requestId, context, answered: settle });
      if (context.signal?.aborted) cancel();
      else context.signal?.addEventListener('abort', cancel);
    });
  }

  return {
    provider: {
      // Another function is another resource.
      replaceOn: ['ServiceToken'],
      async create(context, properties) {
        const fallbackId = context.generateName(255);
        return created(await ask('Create', context, properties, { fallbackId }), fallbackId);
      },
      async update(context, physicalId, properties, oldProperties) {
        const more = { physicalId, oldProperties, fallbackId: physicalId };
        return created(await ask('Update', context, properties, more), physicalId);
      },
      async delete(context, physicalId, properties) {
        await ask('Delete', context, properties, { physicalId, fallbackId: physicalId });
      },
    },

    acceptResponse(token, body) {
      const request = waiting.get(token);
      if (request !== undefined) request.answered(readAnswer(request, Buffer.from(body)));
      else if (!deps.tokens.wasIssued(token)) return { status: 403, body: 'Request has expired' };
      return { status: 200 };
    },
  };
}

function created(answer: Answer, physicalId: string): CreatedResource {
  return { physicalId: answer.physicalId ?? physicalId, attributes: answer.data };
}

function timeoutSeconds(properties: Properties): number {
  if (properties.ServiceTimeout === undefined) return DEFAULT_TIMEOUT_SECONDS;
  const seconds = Number(properties.ServiceTimeout);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) {
    throw new ResourceFailedError(
      `Invalid ServiceTimeout ${JSON.stringify(properties.ServiceTimeout)}: it must be a whole number of seconds from 1 to 3600.`,
    );
  }
  return seconds;
}

function timeoutReason(requestId: string): string {
  return `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`;
}

function readAnswer(request: Request, body: Buffer): Answer | ResourceFailedError {
  if (body.byteLength > RESPONSE_LIMIT) {
    return new ResourceFailedError(
      `Response object is too long. (${body.byteLength} bytes, at most ${RESPONSE_LIMIT}; RequestId: ${request.requestId})`,
    );
  }
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    answer = undefined;
  }
  if (!isObject(answer)) return invalid(request, 'the body is not a JSON object');
  const mismatch = mismatched(request, answer);
  if (mismatch !== undefined) return invalid(request, mismatch);
  const physicalId = answer.PhysicalResourceId;
  if (
    physicalId !== undefined &&
    (typeof physicalId !== 'string' || Buffer.byteLength(physicalId) > PHYSICAL_ID_LIMIT)
  ) {
    return new ResourceFailedError('Invalid PhysicalResourceId');
  }
  if (answer.Status === 'FAILED') {
    const reason = typeof answer.Reason === 'string' ? answer.Reason : '(no reason given)';
    return new ResourceFailedError(
      `Received response status [FAILED] from custom resource. Message returned: ${reason} (RequestId: ${request.requestId})`,
      physicalId === '' ? undefined : physicalId,
    );
  }
  if (answer.Status !== 'SUCCESS')
    return invalid(request, `Status is ${JSON.stringify(answer.Status)}, not SUCCESS or FAILED`);
  if (physicalId === undefined || physicalId === '') return new ResourceFailedError('Invalid PhysicalResourceId');
  return { physicalId, data: isObject(answer.Data) ? answer.Data : {} };
}

function mismatched(request: Request, answer: Readonly<Record<string, unknown>>): string | undefined {
  const expected = {
    StackId: request.context.stackId,
    RequestId: request.requestId,
    LogicalResourceId: request.context.logicalId,
  };
  const wrong = Object.entries(expected).find(([name, value]) => answer[name] !== value);
  return wrong && `${wrong[0]} is ${JSON.stringify(answer[wrong[0]])}, not ${wrong[1]}`;
}

function invalid(request: Request, what: string): ResourceFailedError {
  return new ResourceFailedError(`Invalid response from custom resource: ${what} (RequestId: ${request.requestId})`);
}
