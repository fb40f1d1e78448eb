import { AwsError } from '../../aws/service';

/** Codes, statuses and texts as the Redshift Data API has them. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function notFound(message: string, resourceId: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404, { ResourceId: resourceId });
}

export function unknownStatement(id: string): AwsError {
  return notFound('Query does not exist.', id);
}

export function noResult(id: string): AwsError {
  return notFound('Query does not have result. Please check query status with DescribeStatement.', id);
}

export function unknownEndpoint(): AwsError {
  return validation("Redshift endpoint doesn't exist in this region.");
}

export function tooManyStatements(quota: number): AwsError {
  return new AwsError('ActiveStatementsExceededException', `Active statements exceeded the allowed quota (${quota}).`);
}

export function tooManySessions(quota: number): AwsError {
  return new AwsError('ActiveSessionsExceededException', `Active sessions exceeded the allowed quota (${quota}).`);
}

export function tooManyWaiting(): AwsError {
  return new AwsError('ActiveWaitingRequestsExceededException', 'Too many requests wait for this statement.');
}

/** A metadata operation could not reach the database. */
export function connectionFailed(message: string): AwsError {
  return new AwsError('DatabaseConnectionException', message, 500);
}
