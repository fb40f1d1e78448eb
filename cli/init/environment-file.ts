import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsEnvironment } from '../environments';
import { PROJECT } from '../home';

/** Where an environment's file stands, from the checkout's root. */
export function environmentPath(environment: AwsEnvironment): string {
  return `lib/config/${environment}.yaml`;
}

/** The text of an environment's file; undefined where there is none. */
export function environmentText(environment: AwsEnvironment, root = PROJECT): string | undefined {
  const file = join(root, environmentPath(environment));
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Twelve times the same digit: what stands in a checkout that nobody has set up. */
export function isPlaceholderAccount(account: unknown): boolean {
  return typeof account === 'string' && /^(\d)\1{11}$/.test(account);
}
