import { createColors } from 'picocolors';

/** What of a stream says whether a person looks at it. */
interface Stream {
  readonly isTTY?: boolean;
}

/**
 * Whether text on a stream is coloured: on a terminal only, unless FORCE_COLOR asks for it (0 does not); never where
 * NO_COLOR is set (https://no-color.org). A program that reads through a pipe gets plain text, in CI too.
 */
export function coloured(stream: Stream, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}

/** The colours of text that goes to a stream. */
export const coloursOf = (stream: Stream) => createColors(coloured(stream));

/** Of results. */
export const outColours = coloursOf(process.stdout);

/** Of progress and errors: its own, for one of both may be a terminal and the other a file. */
export const errorColours = coloursOf(process.stderr);
