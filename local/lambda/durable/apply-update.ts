import { invalidParameter } from '../errors';
import type { Operation, OperationUpdate } from './operation';

/** Limits of one execution (Lambda quotas, "Durable functions"), bytes. */
const STEP_PAYLOAD_LIMIT = 262_144;
const ERROR_LIMIT = 32_768;
const MAX_WAIT_SECONDS = 31_622_400;

/**
 * The state machine of a durable execution's operations: what one checkpoint update makes of an operation.
 * @param current the operation as it is, undefined when the update is the first to name it
 * @throws AwsError InvalidParameterValueException for an action that the operation's type or status does not allow
 */
export function applyUpdate(current: Operation | undefined, update: OperationUpdate, now: number): Operation {
  checkSizes(update);
  if (current && current.type !== update.Type) {
    throw invalidParameter(`Inconsistent operation type: ${update.Id} is ${current.type}, not ${update.Type}.`);
  }
  switch (update.Type) {
    case 'STEP':
      return applyStep(current, update, now);
    case 'WAIT':
      return applyWait(current, update, now);
    case 'CONTEXT':
      return applyContext(current, update, now);
    case 'CALLBACK':
    case 'CHAINED_INVOKE':
      throw invalidParameter(`The local Lambda does not implement ${update.Type} operations of durable functions.`);
    default:
      throw invalidParameter(`Invalid operation type: ${update.Type}.`);
  }
}

function applyStep(current: Operation | undefined, update: OperationUpdate, now: number): Operation {
  if (update.Action === 'START') {
    if (current && current.status !== 'READY') throw invalidParameter('Invalid current STEP state to start.');
    return { ...(current ?? created(update, 'STEP', now)), status: 'STARTED' };
  }
  const open = current ?? created(update, 'STEP', now);
  if (open.status !== 'STARTED' && open.status !== 'READY') {
    throw invalidParameter(`Invalid current STEP state to ${update.Action === 'RETRY' ? 're-attempt' : 'close'}.`);
  }
  const attempt = (open.attempt ?? 0) + 1;
  const { result: _result, error: _error, ...rest } = open;
  const outcome = { ...rest, attempt, ...payloadOf(update) };
  switch (update.Action) {
    case 'RETRY':
      return { ...outcome, status: 'PENDING', nextAttemptAt: now + retryDelay(update) * 1000 };
    case 'SUCCEED':
      return { ...outcome, status: 'SUCCEEDED', endedAt: now };
    case 'FAIL':
      return { ...outcome, status: 'FAILED', endedAt: now };
    default:
      throw invalidAction(update);
  }
}

function retryDelay(update: OperationUpdate): number {
  const seconds = update.StepOptions?.NextAttemptDelaySeconds;
  if (seconds === undefined || !(seconds >= 1 && seconds <= MAX_WAIT_SECONDS)) {
    throw invalidParameter(`Invalid StepOptions for the given action: NextAttemptDelaySeconds is ${seconds}.`);
  }
  return seconds;
}

function applyWait(current: Operation | undefined, update: OperationUpdate, now: number): Operation {
  if (update.Action === 'START') {
    if (current) throw invalidParameter('Cannot start a WAIT operation that already exists.');
    const seconds = update.WaitOptions?.WaitSeconds;
    if (seconds === undefined || !(seconds >= 1 && seconds <= MAX_WAIT_SECONDS)) {
      throw invalidParameter(`Invalid WaitOptions: WaitSeconds is ${seconds}, not from 1 to ${MAX_WAIT_SECONDS}.`);
    }
    return { ...created(update, 'WAIT', now), wakeAt: now + seconds * 1000 };
  }
  if (update.Action !== 'CANCEL') throw invalidAction(update);
  if (current?.status !== 'STARTED') {
    throw invalidParameter('Cannot cancel a WAIT that does not exist or has already completed.');
  }
  return { ...current, status: 'CANCELLED', endedAt: now };
}

function applyContext(current: Operation | undefined, update: OperationUpdate, now: number): Operation {
  if (update.Action === 'START') {
    if (current) throw invalidParameter('Cannot start a CONTEXT operation that already exists.');
    return created(update, 'CONTEXT', now);
  }
  if (update.Action !== 'SUCCEED' && update.Action !== 'FAIL') throw invalidAction(update);
  const open = current ?? created(update, 'CONTEXT', now);
  if (open.status !== 'STARTED') throw invalidParameter('Invalid current CONTEXT state to close.');
  const replayChildren = update.ContextOptions?.ReplayChildren;
  return {
    ...open,
    ...payloadOf(update),
    ...(replayChildren === undefined ? {} : { replayChildren }),
    status: update.Action === 'SUCCEED' ? 'SUCCEEDED' : 'FAILED',
    endedAt: now,
  };
}

function created(update: OperationUpdate, type: Operation['type'], now: number): Operation {
  return {
    id: update.Id,
    type,
    ...(update.ParentId === undefined ? {} : { parentId: update.ParentId }),
    ...(update.Name === undefined ? {} : { name: update.Name }),
    ...(update.SubType === undefined ? {} : { subType: update.SubType }),
    status: 'STARTED',
    startedAt: now,
  };
}

function payloadOf(update: OperationUpdate): Pick<Operation, 'result' | 'error'> {
  return {
    ...(update.Payload === undefined ? {} : { result: update.Payload }),
    ...(update.Error === undefined ? {} : { error: update.Error }),
  };
}

function checkSizes(update: OperationUpdate): void {
  if (update.Type !== 'EXECUTION' && Buffer.byteLength(update.Payload ?? '') > STEP_PAYLOAD_LIMIT) {
    throw invalidParameter(
      `${update.Type} output payload size must be less than or equal to ${STEP_PAYLOAD_LIMIT} bytes.`,
    );
  }
  if (update.Error && Buffer.byteLength(JSON.stringify(update.Error)) > ERROR_LIMIT) {
    throw invalidParameter(`Error object size must be less than or equal to ${ERROR_LIMIT} bytes.`);
  }
}

function invalidAction(update: OperationUpdate): Error {
  return invalidParameter(`Invalid ${update.Type} action: ${update.Action}.`);
}
