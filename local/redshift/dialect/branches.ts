import type { Expression, ProcedureStatement } from './ast';

/** One `when … then …` of a CASE expression. */
export class CaseBranch {
  constructor(
    readonly when: Expression,
    readonly then: Expression,
  ) {}
}

/** One `if … then …` of a procedure. */
export class IfBranch {
  constructor(
    readonly condition: Expression,
    readonly then: readonly ProcedureStatement[],
  ) {}
}
