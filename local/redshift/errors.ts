/**
 * An error as Redshift reports it to a client: message, SQLSTATE, and where known the detail, hint and position.
 * The message stands without the leading "ERROR: ", which the Data API adds.
 */
export class RedshiftError extends Error {
  override readonly name = 'RedshiftError';
  constructor(
    message: string,
    /** Five-character SQLSTATE, for example 42P01; XX000 is Redshift's own internal class. */
    readonly sqlState: string,
    readonly more: {
      readonly detail?: string;
      readonly hint?: string;
      /** 1-based character offset into the statement's text. */
      readonly position?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
  }
}

/** 42601: the statement does not parse. */
export function syntaxError(near: string, position: number): RedshiftError {
  const message = near === '' ? 'syntax error at end of input' : `syntax error at or near "${near}"`;
  return new RedshiftError(message, '42601', { position });
}

/** 0A000: what Redshift itself refuses as unsupported. */
export function notSupported(message: string): RedshiftError {
  return new RedshiftError(message, '0A000');
}

/**
 * 0A000 as well, but because this local engine is narrower than Redshift. The wording says so, so that nobody
 * takes it for Redshift's own answer; each such case stands in docs/divergences.md.
 */
export function notImplementedLocally(what: string): RedshiftError {
  return new RedshiftError(`${what} is not implemented by the local engine (Redshift accepts it)`, '0A000', {
    hint: 'See docs/divergences.md.',
  });
}
