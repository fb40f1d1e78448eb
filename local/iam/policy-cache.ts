import { createHash } from 'node:crypto';
import type { PolicyDocument, PolicyKind } from './policy/document';
import { parsePolicy } from './policy/parse';

/** A document with fingerprints of its statements, by which uses find back to them. */
export interface StoredPolicy {
  readonly document: PolicyDocument;
  /** By the statement's place. */
  readonly fingerprints: readonly string[];
}

const parsed = new WeakMap<object, StoredPolicy>();

/** Reads a document that is kept in memory, once for as long as it is the same object. @throws MalformedPolicyError */
export function storedPolicy(given: unknown, kind: PolicyKind): StoredPolicy {
  const key = typeof given === 'object' && given !== null ? given : undefined;
  const known = key && parsed.get(key);
  if (known) {
    return known;
  }
  const made = { document: parsePolicy(given, kind), fingerprints: statementFingerprints(given) };
  if (key) parsed.set(key, made);
  return made;
}

function statementFingerprints(given: unknown): readonly string[] {
  const { Statement: statement } = (typeof given === 'string' ? JSON.parse(given) : given) as { Statement: unknown };
  return (Array.isArray(statement) ? statement : [statement]).map((each) =>
    createHash('sha256').update(JSON.stringify(each)).digest('hex').slice(0, 12),
  );
}
