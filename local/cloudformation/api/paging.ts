import { optionalText, type QueryStructure } from '../../aws/protocols/query';
import { validationError } from '../errors';

/** One page of a list, and the token of the next; tokens are positions. @throws AwsError ValidationError */
export function page<T>(
  items: readonly T[],
  input: QueryStructure,
  size: number,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const token = optionalText(input, 'NextToken');
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw validationError(`NextToken ${token} is not one of ours`);
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}

/**
 * One page of a list that grows at its head (newest first): the token counts from the tail, so that no item is
 * seen twice or missed while new ones arrive.
 */
export function pageFromTail<T>(
  items: readonly T[],
  input: QueryStructure,
  size: number,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const token = optionalText(input, 'NextToken');
  const left = token === undefined ? items.length : Number(token);
  if (!Number.isInteger(left) || left < 0 || left > items.length) {
    throw validationError(`NextToken ${token} is not one of ours`);
  }
  const start = items.length - left;
  const rest = left - size;
  return { items: items.slice(start, start + size), nextToken: rest > 0 ? String(rest) : undefined };
}
