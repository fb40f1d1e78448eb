import { AwsError } from '../aws/service';

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message, 400);
}

export function scheduleNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
}
