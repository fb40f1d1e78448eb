import { TemplateError } from '../errors';
import type { Scope } from '../template/intrinsics';
import { parameterReferences, type StackParameter } from '../template/parameters';
import type { Template } from '../template/template';
import type { EngineContext } from './context';
import type { StackRecord } from './model';

/** How a resource answers Ref and Fn::GetAtt while a template is resolved. */
export interface ResourceValues {
  ref(logicalId: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
}

/** The scope in which a stack's template is resolved. Imports made through it are added to `imports`. */
export function stackScope(
  context: EngineContext,
  stack: Pick<StackRecord, 'stackId' | 'stackName' | 'notificationArns'>,
  template: Template,
  parameters: readonly StackParameter[],
  resources: ResourceValues,
  imports: Set<string> = new Set(),
): Scope {
  return {
    template,
    parameters: parameterReferences(template, parameters),
    pseudo: {
      'AWS::AccountId': context.account,
      'AWS::Region': context.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.stackName,
      'AWS::StackId': stack.stackId,
      'AWS::NotificationARNs': stack.notificationArns,
    },
    availabilityZones: ['a', 'b', 'c'].map((zone) => `${context.region}${zone}`),
    ref: resources.ref,
    getAtt: resources.getAtt,
    importValue(name) {
      const exported = findExport(context, name);
      if (exported === undefined) throw new TemplateError(`No export named ${name} found.`);
      imports.add(name);
      return exported.value;
    },
    ssmParameter(name) {
      const value = context.ssmParameter(name);
      if (value === undefined) {
        throw new TemplateError(
          `Parameter ${name} not found in the parameter store (dynamic reference {{resolve:ssm:${name}}}).`,
        );
      }
      return value;
    },
  };
}

/** An export by name, with the stack it belongs to. */
export function findExport(context: EngineContext, name: string): { value: string; stack: StackRecord } | undefined {
  for (const stack of context.store.all()) {
    if (stack.status === 'DELETE_COMPLETE') continue;
    const output = stack.outputs.find((candidate) => candidate.exportName === name);
    if (output !== undefined) return { value: output.value, stack };
  }
  return undefined;
}

/** Names of the stacks that import an export. */
export function importersOf(context: EngineContext, exportName: string): string[] {
  return context.store
    .all()
    .filter((stack) => stack.status !== 'DELETE_COMPLETE' && stack.imports.includes(exportName))
    .map((stack) => stack.stackName);
}

/** Ref and Fn::GetAtt from what a stack's resources are now. */
export function deployedResources(stack: StackRecord): ResourceValues {
  const present = (logicalId: string) => {
    const resource = stack.resources[logicalId];
    if (resource?.physicalId === undefined) {
      throw new TemplateError(
        `Template error: resource ${logicalId} does not exist (is it left out by its condition?)`,
      );
    }
    return resource;
  };
  return {
    ref: (logicalId) => present(logicalId).physicalId,
    getAtt(logicalId, attribute) {
      const resource = present(logicalId);
      if (Object.hasOwn(resource.attributes, attribute)) return resource.attributes[attribute];
      if (isCustomResource(resource.type)) {
        throw new TemplateError(
          `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${resource.physicalId}`,
        );
      }
      throw new TemplateError(
        `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt (locally ${resource.type} has ${Object.keys(resource.attributes).join(', ') || 'none'})`,
      );
    },
  };
}

/** Resource types whose life is in the hands of a function of the user's. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
