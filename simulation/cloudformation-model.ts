import { type Outcome, responseBody } from '../lambda/cloudformation';
import type { CloudFormationRequest } from '../lambda/events';
import { type Code, FIRST_CODE } from './code';
import type { VirtualTime } from './virtual-time';

/** A request of CloudFormation's and what became of it. */
export interface Sent {
  readonly request: CloudFormationRequest;
  readonly sentAt: number;
  readonly rollback: boolean;
  /** What it puts in place; for a Delete what was. */
  readonly code: Code;
  accepted?: { readonly at: number; readonly succeeded: boolean; readonly reason: string };
  /** The stack was deleted meanwhile: nobody waits any more. */
  abandoned: boolean;
  timedOut: boolean;
}

/** Told of what CloudFormation does. */
export interface Stage {
  readonly deliver: (request: CloudFormationRequest) => void;
  readonly deleted: () => void;
  /** An answer was taken that says it went well. */
  readonly succeeded: (sent: Sent) => void;
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
  /** What the last deploy that went well has put in place. */
  private code = FIRST_CODE;

  constructor(
    private readonly time: VirtualTime,
    private readonly stage: Stage,
  ) {}

  /** The version of the function that answers now: it is replaced before the load's request is sent. */
  get live(): Code {
    return this.sent.at(-1)?.code ?? this.code;
  }

  /**
   * Creates the stack, or updates it; nothing while CloudFormation is busy with it.
   * @param change what is other than in the last deploy that went well
   * @returns the request
   */
  deploy(change: (code: Code) => Code = (code) => code): CloudFormationRequest | undefined {
    if (this.state === 'busy' || this.state === 'deleting') return undefined;
    const code = change(this.code);
    this.version += 1;
    const properties = { ServiceToken: 'x', Digest: `v${this.version}` };
    if (this.state === 'stands') return this.update(properties, false, code);
    this.stack += 1;
    this.properties = properties;
    return this.send('Create', properties, false, code);
  }

  /** Deletes the stack, also in the middle of a deploy; nothing where there is none. */
  remove(rollback: boolean): CloudFormationRequest | undefined {
    if (this.state === 'none' || this.state === 'deleting') return undefined;
    for (const each of this.sent) if (each.accepted === undefined) each.abandoned = true;
    return this.send('Delete', this.properties, rollback, this.live);
  }

  /** An answer came in at the presigned address; only the first counts. */
  answer(request: CloudFormationRequest, outcome: Outcome): void {
    const body = responseBody(request, outcome);
    if (Buffer.byteLength(body) > 4096) throw new Error('the answer is longer than CloudFormation takes');
    const sent = this.sent.find((each) => each.request.RequestId === request.RequestId);
    if (sent === undefined || sent.accepted !== undefined || sent.timedOut) return;
    sent.accepted = { at: this.time.now, succeeded: outcome.succeeded, reason: outcome.reason };
    this.stage.trace(() => `CloudFormation takes the answer to ${label(sent)}: ${outcome.succeeded} ${outcome.reason}`);
    if (outcome.succeeded && !sent.abandoned) this.stage.succeeded(sent);
    if (!sent.abandoned) this.settle(sent, outcome.succeeded);
  }

  private update(properties: Readonly<Record<string, string>>, rollback: boolean, code: Code): CloudFormationRequest {
    return this.send('Update', properties, rollback, code);
  }

  private send(
    RequestType: CloudFormationRequest['RequestType'],
    properties: Readonly<Record<string, string>>,
    rollback: boolean,
    code: Code,
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
    const sent: Sent = { request, sentAt: this.time.now, rollback, code, abandoned: false, timedOut: false };
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
    if (succeeded && sent.request.RequestType !== 'Delete') this.code = sent.code;
    switch (sent.request.RequestType) {
      case 'Create':
        if (succeeded) this.state = 'stands';
        else this.remove(true);
        return;
      case 'Update':
        if (succeeded) this.properties = sent.request.ResourceProperties as Readonly<Record<string, string>>;
        if (succeeded || sent.rollback) this.state = 'stands';
        else this.update(this.properties, true, this.code);
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
