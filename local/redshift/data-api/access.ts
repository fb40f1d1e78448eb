import type { Principal } from '../../aws/service';
import type { Target } from './target';

/** What the Data API asks IAM. Whoever puts it together decides; it stands apart from IAM itself. */
export interface DataApiAccess {
  /**
   * Whether the caller may call the operation at all.
   * @param resource the cluster's or workgroup's ARN, or `*` where the operation takes none
   * @throws AwsError AccessDeniedException
   */
  authorize(principal: Principal, action: string, resource: string, context?: Readonly<Record<string, string>>): void;
  /**
   * Whether the caller may work as the target's database user: temporary credentials for a user that it names or for
   * itself, or a secret that it may read.
   * @throws AwsError AccessDeniedException
   */
  authorizeSignIn(principal: Principal, target: Target): void;
}
