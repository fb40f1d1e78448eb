import {
  CreateUsageLimitCommand,
  DeleteUsageLimitCommand,
  ListUsageLimitsCommand,
  type RedshiftServerlessClient,
  UpdateUsageLimitCommand,
} from '@aws-sdk/client-redshift-serverless';
import { z } from 'zod';
import type { Outcome } from '../cloudformation';
import type { CloudFormationRequest } from '../events';
import { type LimitChange, limitChanges, type PresentLimit, type WantedLimit } from './plan';

/** What the handler reaches the world by. */
export interface World {
  readonly client: RedshiftServerlessClient;
  readonly respond: (request: CloudFormationRequest, outcome: Outcome) => Promise<void>;
  readonly log: (line: string) => void;
}

/** CloudFormation gives every value of a custom resource as text. */
const PROPERTIES = z.object({
  WorkgroupArn: z.string().regex(/^arn:aws[a-z-]*:redshift-serverless:[a-z0-9-]+:\d{12}:workgroup\/[\w-]+$/),
  Limits: z.array(
    z.object({
      Period: z.enum(['daily', 'weekly', 'monthly']),
      RpuHours: z.coerce.number().int().positive(),
      Breach: z.enum(['log', 'emit-metric', 'deactivate']),
    }),
  ),
});

/**
 * Makes the usage limits of a workgroup what the template says, and answers CloudFormation in any case. A Delete takes
 * them away; where the workgroup is gone already, so are they.
 */
export async function handleUsageLimits(request: CloudFormationRequest, world: World): Promise<void> {
  // The function's own id for it, the same for ever: another one would be a replacement.
  const answered = { ...request, PhysicalResourceId: request.PhysicalResourceId ?? 'usage-limits' };
  try {
    const reason = await apply(request, world);
    await world.respond(answered, { succeeded: true, reason });
  } catch (error) {
    const succeeded = request.RequestType === 'Delete' && (error as Error).name === 'ResourceNotFoundException';
    const reason = succeeded
      ? 'The workgroup is gone, and its limits with it.'
      : `Usage limits: ${String((error as Error).message)}`;
    world.log(JSON.stringify({ level: succeeded ? 'info' : 'error', request: request.RequestId, message: reason }));
    await world.respond(answered, { succeeded, reason });
  }
}

async function apply(request: CloudFormationRequest, { client, log }: World): Promise<string> {
  // The Delete after a Create that was refused for its properties must not fail for them once more.
  if (request.RequestType === 'Delete' && !PROPERTIES.safeParse(request.ResourceProperties).success)
    return 'No usage limits were ever set with these properties.';
  const { WorkgroupArn, Limits } = PROPERTIES.parse(request.ResourceProperties);
  const wanted = request.RequestType === 'Delete' ? [] : Limits.map(asLimit);
  const changes = limitChanges(await presentLimits(client, WorkgroupArn), wanted);
  for (const change of changes) {
    log(JSON.stringify({ level: 'info', request: request.RequestId, ...change }));
    await make(change, WorkgroupArn, client);
  }
  return `${changes.length} usage limits changed`;
}

function asLimit({ Period, RpuHours, Breach }: z.infer<typeof PROPERTIES>['Limits'][number]): WantedLimit {
  return { period: Period, amount: RpuHours, breachAction: Breach };
}

async function presentLimits(client: RedshiftServerlessClient, resourceArn: string): Promise<readonly PresentLimit[]> {
  const found: PresentLimit[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new ListUsageLimitsCommand({ resourceArn, usageType: 'serverless-compute', nextToken }),
    );
    for (const { usageLimitId, ...limit } of page.usageLimits ?? [])
      if (usageLimitId !== undefined) found.push({ ...limit, usageLimitId });
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

async function make(change: LimitChange, resourceArn: string, client: RedshiftServerlessClient): Promise<void> {
  switch (change.do) {
    case 'create':
      await client.send(new CreateUsageLimitCommand({ resourceArn, usageType: 'serverless-compute', ...change.limit }));
      return;
    case 'update':
      await client.send(new UpdateUsageLimitCommand({ usageLimitId: change.usageLimitId, amount: change.amount }));
      return;
    case 'delete':
      await client.send(new DeleteUsageLimitCommand({ usageLimitId: change.usageLimitId }));
  }
}
