import { type Outcome, responseBody } from '../lambda/cloudformation';
import type { CloudFormationRequest } from '../lambda/events';
import type { VirtualTime } from './virtual-time';

/** A request of CloudFormation's and what became of it. */
export interface Sent {
  readonly request: CloudFormationRequest;
  readonly sentAt: number;
  readonly rollback: boolean;
  accepted?: { readonly at: number; readonly succeeded: boolean; readonly reason: string };
  /** The stack was deleted meanwhile: nobody waits any more. */
  abandoned: boolean;
  timedOut: boolean;
}

/** Told of what CloudFormation does. */
export interface Stage {
  readonly deliver: (request: CloudFormationRequest) => void;
  readonly deleted: () => void;
  readonly trace: (text: () => string) => void;
}

/** ServiceTimeout of the custom resource, in seconds. */
export const SERVICE_TIMEOUT = 3_600;

type StackState = 'none' | 'busy' | 'stands' | 'deleting';

/** One stack with the one custom resource: Create, Update, Delete and what CloudFormation rolls back by itself. */
export class CloudFormationModel {
  readonly sent: Sent[] = [];
  state: StackState = 'none';
  private stack = 0;
  private version = 0;
  private properties: Readonly<Record<string, string>> = {};

  constructor(
    private readonly time: VirtualTime,
    private readonly stage: Stage,
  ) {}

  /** Creates the stack, or updates it; nothing while CloudFormation is busy with it. @returns the request */
  deploy(): CloudFormationRequest | undefined {
    if (this.state === 'busy' || this.state === 'deleting') return undefined;
    this.version += 1;
    const properties = { ServiceToken: 'x', Digest: `v${this.version}` };
    if (this.state === 'stands') return this.update(properties, false);
    this.stack += 1;
    this.properties = properties;
    return this.send('Create', properties, false);
  }

  /** Deletes the stack, also in the middle of a deploy; nothing where there is none. */
  remove(rollback: boolean): CloudFormationRequest | undefined {
    if (this.state === 'none' || this.state === 'deleting') return undefined;
    for (const each of this.sent) if (each.accepted === undefined) each.abandoned = true;
    return this.send('Delete', this.properties, rollback);
  }

  /** An answer came in at the presigned address; only the first counts. */
  answer(request: CloudFormationRequest, outcome: Outcome): void {
    const body = responseBody(request, outcome);
    if (Buffer.byteLength(body) > 4096) throw new Error('the answer is longer than CloudFormation takes');
    const sent = this.sent.find((each) => each.request.RequestId === request.RequestId);
    if (sent === undefined || sent.accepted !== undefined || sent.timedOut) return;
    sent.accepted = { at: this.time.now, succeeded: outcome.succeeded, reason: outcome.reason };
    this.stage.trace(() => `CloudFormation takes the answer to ${label(sent)}: ${outcome.succeeded} ${outcome.reason}`);
    if (!sent.abandoned) this.settle(sent, outcome.succeeded);
  }

  private update(properties: Readonly<Record<string, string>>, rollback: boolean): CloudFormationRequest {
    return this.send('Update', properties, rollback);
  }

  private send(
    RequestType: CloudFormationRequest['RequestType'],
    properties: Readonly<Record<string, string>>,
    rollback: boolean,
  ): CloudFormationRequest {
    this.state = RequestType === 'Delete' ? 'deleting' : 'busy';
    const request: CloudFormationRequest = {
      RequestType,
      ResponseURL: 'https://example.test/put',
      StackId: `stack-${this.stack}`,
      RequestId: `request-${this.sent.length + 1}`,
      LogicalResourceId: 'WarehouseLoad',
      ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'sparkify-warehouse-load' }),
      ResourceProperties: properties,
    };
    const sent: Sent = { request, sentAt: this.time.now, rollback, abandoned: false, timedOut: false };
    this.sent.push(sent);
    this.stage.deliver(request);
    this.time.after(SERVICE_TIMEOUT * 1000, () => this.timeOut(sent));
    return request;
  }

  private timeOut(sent: Sent): void {
    if (sent.accepted !== undefined || sent.abandoned) return;
    sent.timedOut = true;
    this.stage.trace(() => `CloudFormation waits for ${label(sent)} no longer`);
    this.settle(sent, false);
  }

  /** What CloudFormation does next with the outcome of a request. */
  private settle(sent: Sent, succeeded: boolean): void {
    switch (sent.request.RequestType) {
      case 'Create':
        if (succeeded) this.state = 'stands';
        else this.remove(true);
        return;
      case 'Update':
        if (succeeded) this.properties = sent.request.ResourceProperties as Readonly<Record<string, string>>;
        if (succeeded || sent.rollback) this.state = 'stands';
        else this.update(this.properties, true);
        return;
      case 'Delete':
        this.state = succeeded ? 'none' : 'stands';
        if (succeeded) this.stage.deleted();
        // People delete a stack again whose deletion has failed.
        else this.remove(sent.rollback);
    }
  }
}

export function label(sent: Sent): string {
  return `${sent.rollback ? 'rollback ' : ''}${sent.request.RequestType} ${sent.request.RequestId}`;
}
