import {
  CloudFormationClient,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import type { RoleUsage } from '../../local/iam/usage-report';
import type { ClientOptions } from '../warehouse';
import type { StackRole } from './judge';

interface TemplateResource {
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

/** The roles that a deployed stack has made, with their construct paths and what they were used for. */
export async function stackRoles(
  stackName: string,
  options: ClientOptions,
  usages: readonly RoleUsage[],
): Promise<readonly StackRole[]> {
  const client = new CloudFormationClient(options);
  try {
    const { TemplateBody = '{}' } = await client.send(
      new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }),
    );
    const { Resources = {} } = JSON.parse(TemplateBody) as { Resources?: Record<string, TemplateResource> };
    const made = new Map<string, StackResourceSummary>();
    for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
      for (const resource of page.StackResourceSummaries ?? []) {
        if (resource.ResourceType === 'AWS::IAM::Role') made.set(resource.PhysicalResourceId ?? '', resource);
      }
    }
    return usages.flatMap((usage) => {
      const logicalId = made.get(usage.roleName)?.LogicalResourceId;
      if (logicalId === undefined) return [];
      const path = pathBelow(stackName, Resources[logicalId]?.Metadata?.['aws:cdk:path']);
      return [{ path: path ?? withoutHash(logicalId), usage }];
    });
  } finally {
    client.destroy();
  }
}

/** `Sparkify-local/Etl/Role/Resource` is `Etl/Role` to people. */
function pathBelow(stackName: string, cdkPath: string | undefined): string | undefined {
  return cdkPath?.replace(`${stackName}/`, '').replace(/\/Resource$/, '');
}

/** A template without paths tells them by its logical ids only, as the CDK makes them: names and eight digits. */
function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
