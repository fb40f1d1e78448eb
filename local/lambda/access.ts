import type { Principal } from '../aws/service';

/** What the Lambda service asks IAM; without it everybody may do everything. */
export interface LambdaAccess {
  /** Decides a call of the API. @throws AwsError AccessDeniedException */
  authorize(principal: Principal, action: string, resource: string, context?: Readonly<Record<string, string>>): void;
  /** Decides what Lambda does as a function's role. @throws AwsError AccessDeniedException */
  authorizeRole(roleArn: string, action: string, resource: string): void;
  /** The same as a question. False too where Lambda may not take the role on. */
  roleMay(roleArn: string, action: string, resource: string): boolean;
  /** Whether Lambda may take the role on: it is there and trusts the service. */
  trusts(roleArn: string): boolean;
}
