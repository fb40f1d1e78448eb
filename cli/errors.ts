/** Something the person at the keyboard can mend; printed without a stack. One class for each kind of failure. */
export abstract class CliError extends Error {
  /** The process's exit code. */
  abstract readonly exitCode: number;
}

/** The command line or a file named on it is not usable. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}

/** The source given with --source is not a Sparkify bucket. */
export class SourceError extends CliError {
  override readonly name = 'SourceError';
  readonly exitCode = 2;
}

/** There is nothing deployed to talk to. */
export class NotDeployedError extends CliError {
  override readonly name = 'NotDeployedError';
  readonly exitCode = 3;
}

/** The CDK CLI ended with an error; it has said what it was. */
export class DeployError extends CliError {
  override readonly name = 'DeployError';
  readonly exitCode = 1;
}

/** A statement failed, was cancelled, or was refused. */
export class QueryError extends CliError {
  override readonly name = 'QueryError';
  readonly exitCode = 1;
}

/** A load ended without success. */
export class LoadError extends CliError {
  override readonly name = 'LoadError';
  readonly exitCode = 1;
}

/** Permissions of the stack's roles are unused and nobody says why, or an explanation is outdated. */
export class IamReportError extends CliError {
  override readonly name = 'IamReportError';
  readonly exitCode = 1;
}

/** Ctrl-C or a termination in the middle of a deploy. */
export class InterruptedError extends CliError {
  override readonly name = 'InterruptedError';
  readonly exitCode = 130;
}

/** There is no assembly, or it lacks what was asked for. */
export class AssemblyError extends CliError {
  override readonly name = 'AssemblyError';
  readonly exitCode = 3;
}

/** The checks of an environment say that it must not be promoted. */
export class ChecksFailedError extends CliError {
  override readonly name = 'ChecksFailedError';
  readonly exitCode = 4;
}

/** A plan would lose data, would be refused, or is another than was expected. */
export class PlanRefusedError extends CliError {
  override readonly name = 'PlanRefusedError';
  readonly exitCode = 5;
}

/** A promotion waits for somebody to say yes. */
export class ApprovalNeededError extends CliError {
  override readonly name = 'ApprovalNeededError';
  readonly exitCode = 6;
}

/** There is no run of that name, or there are several that begin so. */
export class UnknownRunError extends CliError {
  override readonly name = 'UnknownRunError';
  readonly exitCode = 2;
}

/** AWS does not let somebody in, or cannot be reached: profile, credentials, region, permission, network. */
export class AwsAccessError extends CliError {
  override readonly name = 'AwsAccessError';
  readonly exitCode = 7;
}
