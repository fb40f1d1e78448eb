import { randomBytes } from 'node:crypto';

/**
 * A run's name that nobody has used: the same name is the same run, and two people may ask at the same moment.
 * @returns lower-case letters, digits and hyphens, such as `manual-20181105t020000-3f9a1c`
 */
export function freshRunName(prefix: string, now = new Date()): string {
  const time = now.toISOString().replace(/[-:]|\..*/g, '');
  return `${prefix}-${time.toLowerCase()}-${randomBytes(3).toString('hex')}`;
}
