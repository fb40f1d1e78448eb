import { AwsError } from '../../aws/service';

/** A policy document that IAM refuses. The text begins with AWS's own sentence and says in brackets where and why. */
export class MalformedPolicyError extends AwsError {
  override readonly name = 'MalformedPolicyError';
  constructor(
    /** AWS's sentence alone. */
    readonly sentence: string,
    /** Where in the document, and the value. */
    readonly detail?: string,
  ) {
    super('MalformedPolicyDocument', detail === undefined ? sentence : `${sentence} (${detail})`, 400);
  }
}

/** What IAM says of a document that it can't read as the policy grammar. */
export const SYNTAX_ERRORS = 'Syntax errors in policy.';
/** What IAM says of values that are of the right type and yet can't be read: dates, short ARNs, `allow`. */
export const LEGACY_PARSING = 'The policy failed legacy parsing';
