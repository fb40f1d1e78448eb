import { AwsError } from '../aws/service';

/** What CloudFormation answers to a request it refuses: code ValidationError, status 400. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}

/** A template that is not valid by itself, or cannot be resolved with the values given. */
export class TemplateError extends AwsError {
  override readonly name = 'TemplateError';
  constructor(message: string) {
    super('ValidationError', message, 400);
  }
}

/**
 * A resource's create, update or delete failed. The message is the event's ResourceStatusReason as people will read
 * it; `physicalId` is set when something came into being that a rollback has to delete.
 */
export class ResourceFailedError extends Error {
  override readonly name = 'ResourceFailedError';
  constructor(
    message: string,
    readonly physicalId?: string,
  ) {
    super(message);
  }
}

/** The reason an in-flight resource gets when another one failed. */
export const CANCELLED_REASON = 'Resource creation cancelled';

/**
 * The text of a failed resource's event. Failures of services are worded as the resource handlers of AWS word
 * them; the CDK CLI reads the HandlerErrorCode out of it.
 */
export function statusReason(error: unknown, requestToken: string): string {
  if (error instanceof ResourceFailedError || error instanceof TemplateError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Resource handler returned message: "${message}" (RequestToken: ${requestToken}, HandlerErrorCode: ${handlerErrorCode(error)})`;
}

function handlerErrorCode(error: unknown): string {
  if (!(error instanceof AwsError)) return 'GeneralServiceException';
  if (/AccessDenied/i.test(error.code)) return 'AccessDenied';
  if (/AlreadyExists|ResourceConflict|NameTaken/i.test(error.code)) return 'AlreadyExists';
  if (/NotFound|NoSuch|NonExistent/i.test(error.code)) return 'NotFound';
  if (/Validation|Invalid/i.test(error.code)) return 'InvalidRequest';
  return 'GeneralServiceException';
}
