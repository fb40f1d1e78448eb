import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../errors';

/** Why a permission of a role stays unused on a local run. */
export interface Explanation {
  /** The role's construct path below the stack, as `iam-report` shows it; `*` stands for any text. */
  readonly role: string;
  /** Actions as the policies have them; `*` stands for any text. */
  readonly actions: readonly string[];
  /** A part of one of the statement's resources, where the same action stands in several statements. */
  readonly resource?: string;
  /** What would use it. */
  readonly reason: string;
  /** Some local runs use it, others do not: it needs no removal when it was used. */
  readonly sometimes: boolean;
  /** The kind of warehouse that the role or permission belongs to; without it both. */
  readonly warehouse?: 'provisioned' | 'serverless';
}

const EXPLANATIONS = z.array(
  z.strictObject({
    role: z.string().min(1),
    actions: z.array(z.string().min(1)).min(1),
    resource: z.string().min(1).optional(),
    reason: z.string().min(20, 'say what would use it, in a sentence'),
    sometimes: z.boolean().default(false),
    warehouse: z.enum(['provisioned', 'serverless']).optional(),
  }),
);

/** Reads the file of explanations. @throws UsageError naming the entry, the field and what is wrong with it */
export function readExplanations(file: string): readonly Explanation[] {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const read = EXPLANATIONS.safeParse(content);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
  throw new UsageError(`${file} is no list of explanations (role, actions, reason):\n${problems.join('\n')}`);
}
