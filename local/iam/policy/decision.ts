import type { FailedCondition } from './condition';

/** The kinds of policy that take part in a decision, in AWS's words for them. */
export type PolicyType =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'role trust policy'
  | 'permissions boundary'
  | 'session policy'
  | 'service control policy';

/** A statement, so that a person finds it. */
export interface StatementReference {
  readonly policyType: PolicyType;
  /** An inline policy's name, a managed policy's ARN, or the resource whose policy it is. */
  readonly policyName: string;
  readonly sid?: string;
  /** From 0. */
  readonly index: number;
}

/** An allowing statement that names the action and yet did not apply, with what kept it from it. */
export interface NearMiss {
  readonly statement: StatementReference;
  /** The resources it names, when the request's is none of them. */
  readonly resources?: readonly string[];
  /** Empty when the resource did not fit. */
  readonly conditions: readonly FailedCondition[];
}

export type Decision =
  | {
      readonly allowed: true;
      readonly reason: 'allowed';
      /** Every statement that allows the request; never empty but for an account's root user. */
      readonly allowedBy: readonly StatementReference[];
    }
  | { readonly allowed: false; readonly reason: 'explicit deny'; readonly deniedBy: StatementReference }
  | {
      readonly allowed: false;
      readonly reason: 'implicit deny';
      /** The kind of policy of which none allows the request. */
      readonly missing: PolicyType;
      readonly nearMisses: readonly NearMiss[];
    }
  /** No action of that name, or none that takes such a resource: a fault of who asks, whatever the policies say. */
  | { readonly allowed: false; readonly reason: 'invalid request'; readonly problem: string };
