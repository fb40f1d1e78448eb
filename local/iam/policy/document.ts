import type { Condition } from './condition';
import type { Pattern } from './pattern';
import type { PrincipalElement } from './principal';
import type { PolicyVersion, Template } from './template';

/** A policy document that has been read and found well formed. */
export interface PolicyDocument {
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** From 0, in the document's order. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** In resource-based policies only. */
  readonly principal?: PrincipalElement;
  readonly action: ActionElement;
  /** Absent in role trust policies: the role itself is meant. */
  readonly resource?: ResourceElement;
  readonly conditions: readonly Condition[];
}

/** The Action or NotAction element. */
export interface ActionElement {
  readonly not: boolean;
  /** `source` as written; `pattern` in lower case, for actions are not case-sensitive. */
  readonly entries: readonly { readonly source: string; readonly pattern: Pattern }[];
}

/** The Resource or NotResource element. */
export interface ResourceElement {
  readonly not: boolean;
  /** `pattern` where it is the same for all requests, having no variables. */
  readonly entries: readonly { readonly template: Template; readonly pattern?: Pattern }[];
}

/**
 * Where a document stands: a customer managed policy, an inline policy of a role or user (session policies,
 * boundaries and guardrails too), a policy of a bucket, key, queue or secret, or a role's trust policy.
 */
export type PolicyKind = 'managed' | 'inline' | 'resource' | 'trust';
