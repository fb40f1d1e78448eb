import { compilePattern, matchesPattern, type Pattern, type PatternPiece } from './pattern';

/** The six parts of an ARN; `resource` is everything after the fifth colon. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Undefined when the text is no ARN of six parts. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || service === undefined || region === undefined || resource.length === 0) {
    return undefined;
  }
  return { partition, service, region, account: account ?? '', resource: resource.join(':') };
}

/**
 * A pattern for the Resource element. In the first five parts a `*` that ends a part may reach beyond its colon, one
 * in the middle of a part may not; in the resource part it matches anything, slashes and colons too. An ARN shorter
 * than six parts goes on with `*`. Source: IAM User Guide, "Resource", wildcards in ARN segments.
 */
export function resourcePattern(pieces: readonly PatternPiece[]): Pattern {
  const { made, colons } = confined(pieces, (at) => !endsPart(pieces, at));
  const short = colons > 0 && colons < 5 && made.at(-1) !== 'many';
  return compilePattern(short ? [...made, { literal: ':' }, 'many'] : made);
}

/** A pattern for the ARNs of a resource type: in the first five parts no `*` reaches beyond its part. */
export function resourceTypePattern(pieces: readonly PatternPiece[]): Pattern {
  return compilePattern(confined(pieces, () => true).made);
}

/** Keeps each `*` before the fifth colon within its part where `confine` says so. */
function confined(
  pieces: readonly PatternPiece[],
  confine: (at: number) => boolean,
): { readonly made: readonly PatternPiece[]; readonly colons: number } {
  let colons = 0;
  const made = pieces.map((piece, at): PatternPiece => {
    if (typeof piece !== 'string') colons += piece.literal.split(':').length - 1;
    return piece === 'many' && colons < 5 && confine(at) ? 'field' : piece;
  });
  return { made, colons };
}

function endsPart(pieces: readonly PatternPiece[], at: number): boolean {
  const next = pieces[at + 1];
  return next === undefined || (typeof next !== 'string' && next.literal.startsWith(':'));
}

/** Each of the six parts for itself, as ArnLike and ArnEquals compare. Source: "ARN condition operators". */
export function matchesArnPattern(arn: string, wanted: readonly PatternPiece[]): boolean {
  const actual = parseArn(arn);
  const parts = splitParts(wanted);
  if (!actual || parts.length !== 6) {
    return false;
  }
  const { partition, service, region, account, resource } = actual;
  return ['arn', partition, service, region, account, resource].every((value, index) =>
    matchesPattern(compilePattern(parts[index]!), value),
  );
}

/** Splits at the first five colons. */
function splitParts(pieces: readonly PatternPiece[]): PatternPiece[][] {
  const parts: PatternPiece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      parts.at(-1)!.push(piece);
      continue;
    }
    let rest = piece.literal;
    for (let colon = rest.indexOf(':'); colon >= 0 && parts.length < 6; colon = rest.indexOf(':')) {
      parts.at(-1)!.push({ literal: rest.slice(0, colon) });
      parts.push([]);
      rest = rest.slice(colon + 1);
    }
    parts.at(-1)!.push({ literal: rest });
  }
  return parts;
}
