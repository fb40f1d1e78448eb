import { resourcePattern } from './arn';
import { type FailedCondition, failedConditions } from './condition';
import type { ActionElement, ResourceElement, Statement } from './document';
import { matchesPattern } from './pattern';
import { type Caller, type PrincipalGrade, principalGrade } from './principal';
import type { RequestContext } from './request-context';
import { resolveTemplate } from './template';

/** One request as statements see it. */
export interface PolicyRequest {
  readonly caller: Caller;
  /** `s3:GetObject`; case does not matter. */
  readonly action: string;
  /** An ARN, or `*` for an action that takes no resource. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** How a statement takes a request. */
export type StatementMatch =
  | { readonly applies: true; readonly grade: PrincipalGrade }
  /** The action and the principal fit, something else does not. */
  | {
      readonly applies: false;
      readonly near: true;
      readonly resources?: readonly string[];
      readonly conditions: readonly FailedCondition[];
    }
  | { readonly applies: false; readonly near: false };

const FAR = { applies: false, near: false } as const;

/** Source: IAM User Guide, "JSON policy element reference": all elements of a statement must fit. */
export function matchStatement(statement: Statement, request: PolicyRequest): StatementMatch {
  if (!actionFits(statement.action, request.action)) {
    return FAR;
  }
  const { principal } = statement;
  const grade = principal ? principalGrade(principal, request.caller, statement.effect === 'Deny') : 'itself';
  if (grade === undefined) {
    return FAR;
  }
  if (statement.resource && !resourceFits(statement.resource, request)) {
    const resources = statement.resource.entries.map(({ template }) => template.source);
    return { applies: false, near: true, resources, conditions: [] };
  }
  const conditions = failedConditions(statement.conditions, request.context);
  return conditions.length === 0 ? { applies: true, grade } : { applies: false, near: true, conditions };
}

function actionFits({ not, entries }: ActionElement, action: string): boolean {
  const lower = action.toLowerCase();
  return entries.some(({ pattern }) => matchesPattern(pattern, lower)) !== not;
}

function resourceFits({ not, entries }: ResourceElement, request: PolicyRequest): boolean {
  const fits = entries.some(({ template, pattern }) => {
    if (pattern) return matchesPattern(pattern, request.resource);
    const resolved = resolveTemplate(template, request.context);
    return resolved !== undefined && matchesPattern(resourcePattern(resolved.pieces), request.resource);
  });
  return fits !== not;
}
