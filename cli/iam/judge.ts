import type { ActionUsage, RoleUsage, StatementUsage } from '../../local/iam/usage-report';
import type { Explanation } from './explanations';

/** A role of the deployed stack. */
export interface StackRole {
  /** The construct path below the stack: `Etl/Role`. */
  readonly path: string;
  readonly usage: RoleUsage;
}

export interface JudgedAction extends ActionUsage {
  /** Why it is unused, where the file says so. */
  readonly reason?: string;
}

export interface JudgedStatement extends Omit<StatementUsage, 'actions'> {
  readonly actions: readonly JudgedAction[];
}

export interface JudgedRole {
  readonly path: string;
  readonly roleArn: string;
  readonly statements: readonly JudgedStatement[];
  readonly refusals: RoleUsage['refusals'];
}

export interface Judgement {
  readonly roles: readonly JudgedRole[];
  /** Unused and unexplained, one sentence each. */
  readonly unexplained: readonly string[];
  /** Explained, yet used or not there, one sentence each. */
  readonly outdated: readonly string[];
}

/** Puts explanations to what the roles of a stack were used for. */
export function judge(
  roles: readonly StackRole[],
  explanations: readonly Explanation[],
  warehouse: 'provisioned' | 'serverless',
): Judgement {
  const applicable = explanations.filter((each) => each.warehouse === undefined || each.warehouse === warehouse);
  const judged = roles.map(({ path, usage }) => judgedRole(path, usage, applicable));
  return {
    roles: judged,
    unexplained: judged.flatMap(unexplainedOf),
    outdated: applicable.flatMap((explanation) => outdatedActions(explanation, roles)),
  };
}

function judgedRole(path: string, usage: RoleUsage, explanations: readonly Explanation[]): JudgedRole {
  const own = explanations.filter(({ role }) => matches(role, path));
  const statements = usage.statements.map((statement) => ({
    ...statement,
    actions: statement.actions.map((action): JudgedAction => {
      const found = own.find((each) => explains(each, statement, action.action));
      return action.count === 0 && found ? { ...action, reason: found.reason } : action;
    }),
  }));
  return { path, roleArn: usage.roleArn, statements, refusals: usage.refusals };
}

function unexplainedOf({ path, statements }: JudgedRole): readonly string[] {
  return statements.flatMap(({ policy, sid, index, resources, actions }) =>
    actions
      .filter(({ count, reason }) => count === 0 && reason === undefined)
      .map(
        ({ action }) =>
          `${path}: ${action} on ${resources.join(', ')} (statement ${index + 1}${sid ? ` "${sid}"` : ''} of ${policy})`,
      ),
  );
}

/** Each action of an explanation must still be unused somewhere, or be there and used now and then. */
function outdatedActions(explanation: Explanation, roles: readonly StackRole[]): readonly string[] {
  const named = roles.filter(({ path }) => matches(explanation.role, path));
  if (named.length === 0) return [`${explanation.role}: the stack has no such role`];
  return explanation.actions.flatMap((pattern) => {
    const there = named
      .flatMap(({ usage }) => usage.statements)
      .flatMap((statement) =>
        statement.actions.filter(({ action }) => explains({ ...explanation, actions: [pattern] }, statement, action)),
      );
    if (there.length === 0) return [`${explanation.role}: no policy of the role has ${pattern}`];
    const unused = there.some(({ count }) => count === 0);
    return unused || explanation.sometimes ? [] : [`${explanation.role}: ${pattern} is used`];
  });
}

function explains(explanation: Explanation, { resources }: StatementUsage, action: string): boolean {
  const { resource, actions } = explanation;
  return (
    (resource === undefined || resources.some((each) => each.includes(resource))) &&
    actions.some((pattern) => matches(pattern, action))
  );
}

/** Whether a text fits a pattern in which `*` stands for any text; a pattern in the text stands for itself. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
