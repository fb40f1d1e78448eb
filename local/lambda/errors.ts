import { AwsError } from '../aws/service';

/** `ResourceNotFoundException` with the text Lambda gives for an unknown function, version or alias. */
export function functionNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

export function resourceConflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, 409, { Type: 'User' });
}

export function invalidRequestContent(message: string): AwsError {
  return new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
}

export function requestTooLarge(message: string): AwsError {
  return new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
}

export function executionAlreadyStarted(name: string): AwsError {
  return new AwsError(
    'DurableExecutionAlreadyStartedException',
    `A durable execution named "${name}" was already started with a different payload.`,
    409,
    { Type: 'User' },
  );
}

/** What the local Lambda does not have answers this, never a made-up success. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The local Lambda does not implement ${what}.`, 501, { Type: 'Service' });
}
