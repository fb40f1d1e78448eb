import { z } from 'zod';

/** Text of a pattern. `allowed` is what an error names. */
export function matching(pattern: RegExp, allowed: string): z.ZodType<string> {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

/** A whole number from `low` to `high`, both included. */
export function integerBetween(low: number, high: number): z.ZodType<number> {
  const allowed = `a whole number from ${low} to ${high}`;
  return z
    .number({ error: allowed })
    .int({ error: allowed })
    .min(low, { error: allowed })
    .max(high, { error: allowed });
}

/** One of these texts. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T): z.ZodType<T[number]> {
  return z.enum(values, { error: values.join(', ') });
}

/** True or false, as JSON and YAML write them. */
export const flag: z.ZodType<boolean> = z.boolean({ error: 'true or false' });

export const accountId = matching(/^\d{12}$/, 'twelve digits, in quotes');
export const regionName = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region name such as us-west-2');
export const cronExpression = matching(/^cron\(.+\)$/, 'cron(...) in UTC');
/** An ARN of a principal that may take on a role. */
export const principalArn = matching(
  /^arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role)\/[\w+=,.@/-]+)$/,
  'the ARN of a user, a role or an account root',
);
export const emailAddress = matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'a mail address');
