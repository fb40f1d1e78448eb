import type { AwsRequest } from '../aws/service';
import type { AccessRequest } from '../iam/authorizer';

/** A permission that a call takes. */
export type Need = Omit<AccessRequest, 'principal' | 'context'> & Partial<Pick<AccessRequest, 'context'>>;

/** The permissions that a request takes, each of them; none for a call that is open to everybody who signs. */
export type NeedsOf = (request: AwsRequest) => readonly Need[];

/** Where the caller's resources are: ARNs are made of it. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `arn:aws:<service>:<region>:<account>:<resource>` */
export function arnIn({ account, region }: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** A member of a request as text, '' when it is missing or something else: the service will say so. */
export function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}
