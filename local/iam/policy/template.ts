import { type PatternPiece, wildcardPieces } from './pattern';
import type { RequestContext } from './request-context';

/** Policy versions; variables are known from 2012-10-17 on, in the older one `${` is text like any other. */
export type PolicyVersion = '2008-10-17' | '2012-10-17';

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `${*}`, `${?}` and `${$}`: the character itself. */
  | { readonly kind: 'escaped'; readonly character: string }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback?: string };

/** A string of a policy in which variables may stand. */
export interface Template {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
}

/** A template with its variables filled in. */
export interface ResolvedTemplate {
  /** With `*` and `?` of the policy as wildcards; what came out of a variable is text. */
  readonly pieces: readonly PatternPiece[];
  /** The same with every character standing for itself. */
  readonly text: string;
}

const VARIABLE = /\$\{(?:([*?$])|\s*([^\s{},'"]+)\s*(?:,\s*'([^']*)'\s*)?)\}/g;

/** Finds the variables `${key}` and `${key, 'default'}`. Source: IAM User Guide, "Variables and tags". */
export function parseTemplate(source: string, version: PolicyVersion): Template {
  if (version === '2008-10-17' || !source.includes('${')) {
    return { source, parts: source === '' ? [] : [{ kind: 'text', text: source }] };
  }
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const found of source.matchAll(VARIABLE)) {
    if (found.index > end) parts.push({ kind: 'text', text: source.slice(end, found.index) });
    const [, escaped, key, fallback] = found;
    parts.push(
      escaped === undefined
        ? { kind: 'variable', key: key!, ...(fallback === undefined ? {} : { fallback }) }
        : { kind: 'escaped', character: escaped },
    );
    end = found.index + found[0].length;
  }
  if (end < source.length) parts.push({ kind: 'text', text: source.slice(end) });
  return { source, parts };
}

/** Whether the template reads the same in every request. */
export function isConstant({ parts }: Template): boolean {
  return parts.every(({ kind }) => kind !== 'variable');
}

/**
 * Fills the variables in. Undefined when one has no value and no default: nothing is equal to such a template or like
 * it ("Policy variables with no value"). A key with several values has none here: variables take single-valued keys.
 */
export function resolveTemplate(template: Template, context: RequestContext): ResolvedTemplate | undefined {
  const pieces: PatternPiece[] = [];
  let text = '';
  for (const part of template.parts) {
    if (part.kind === 'text') {
      pieces.push(...wildcardPieces(part.text));
      text += part.text;
      continue;
    }
    const literal = part.kind === 'escaped' ? part.character : variableValue(part, context);
    if (literal === undefined) return undefined;
    pieces.push({ literal });
    text += literal;
  }
  return { pieces, text };
}

function variableValue(
  { key, fallback }: { readonly key: string; readonly fallback?: string },
  context: RequestContext,
): string | undefined {
  const values = context.values(key);
  return values?.length === 1 ? values[0] : fallback;
}
