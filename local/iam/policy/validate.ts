import type { ActionCatalogue } from './catalogue';
import type { PolicyDocument, PolicyKind } from './document';
import { lintPolicy, type PolicyWarning } from './lint';
import { parsePolicy } from './parse';

/** A document as IAM takes it, with what it would take and never apply. @throws MalformedPolicyError */
export function validatePolicy(
  given: unknown,
  kind: PolicyKind,
  catalogue: ActionCatalogue,
): { readonly document: PolicyDocument; readonly warnings: readonly PolicyWarning[] } {
  const document = parsePolicy(given, kind);
  return { document, warnings: lintPolicy(document, catalogue) };
}
