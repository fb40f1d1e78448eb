import { createHash } from 'node:crypto';
import { type Template, templateDigest } from '../assembly';
import type { AppliedRow } from './migrations';

/** Hex digits of each half. */
const LENGTH = 20;

/**
 * A plan's hash: the digest of what would be deployed, a hyphen, the digest of what it would be deployed over (the
 * deployed template and the applied migrations). Synth checks the first half, for it knows no more (`-c plan=HASH`);
 * `sparkify plan --expect HASH` checks both. Files that wait are in neither: they come every day.
 */
export function planHash(wanted: Template, deployed: Template | undefined, applied: readonly AppliedRow[]): string {
  const over = JSON.stringify([
    deployed === undefined ? null : templateDigest(deployed),
    applied.map(({ version, checksum }) => [version, checksum]),
  ]);
  const from = createHash('sha256').update(over).digest('hex');
  return `${templateDigest(wanted).slice(0, LENGTH)}-${from.slice(0, LENGTH)}`;
}
