import { optionalText, type QueryOperation, type QueryStructure, requiredText } from '../../aws/protocols/query';
import { AwsError } from '../../aws/service';
import { checkUpdatable, type StackTarget } from '../engine/engine';
import type { StackRecord } from '../engine/model';
import { preview } from '../engine/preview';
import { importersOf } from '../engine/scope';
import { parseStackPolicy } from '../engine/stack-policy';
import { validationError } from '../errors';
import { stackParameters } from '../template/parameters';
import { parseTemplate, type Template } from '../template/template';
import { sameValue } from '../values';
import { type ApiContext, existingStack, newStack } from './context';
import { checkCapabilities, failurePolicy, flag, givenParameters, tags, templateBody, texts } from './input';
import { describedStack, stackEvent, stackResource, stackResourceSummary, stackSummary } from './output';
import { page, pageFromTail } from './paging';

const EVENTS_A_PAGE = 100;

/** Operations on stacks, except for change sets. */
export function stackOperations(api: ApiContext): Record<string, QueryOperation> {
  return { ...writing(api), ...reading(api), ...templates(api) };
}

function writing(api: ApiContext): Record<string, QueryOperation> {
  const { context, engine } = api;

  async function target(
    input: QueryStructure,
    stack: StackRecord,
  ): Promise<{ template: Template; target: StackTarget }> {
    const previous = flag(input, 'UsePreviousTemplate') === true ? stack.templateBody : undefined;
    const body = (await templateBody(input, api.objects)) ?? previous;
    if (body === undefined || body === '')
      throw validationError('Either Template URL or Template Body must be specified.');
    const template = parseTemplate(body);
    checkCapabilities(template, texts(input, 'Capabilities'));
    return {
      template,
      target: {
        templateBody: body,
        parameters: stackParameters(template, givenParameters(input), stack.parameters, context.ssmParameter),
        tags: tags(input),
        capabilities: texts(input, 'Capabilities'),
        notificationArns: texts(input, 'NotificationARNs'),
        roleArn: optionalText(input, 'RoleARN'),
      },
    };
  }

  function options(input: QueryStructure) {
    return {
      token: optionalText(input, 'ClientRequestToken'),
      onFailure: failurePolicy(input) ?? ('ROLLBACK' as const),
      retainExceptOnCreate: flag(input, 'RetainExceptOnCreate'),
      stackPolicy: checkedPolicy(optionalText(input, 'StackPolicyDuringUpdateBody')),
    };
  }

  return {
    async CreateStack(input) {
      const stackName = requiredText(input, 'StackName');
      const present = context.store.find(stackName);
      if (present !== undefined) throw new AwsError('AlreadyExistsException', `Stack [${stackName}] already exists`);
      const stack = newStack(context, stackName, 'CREATE_IN_PROGRESS');
      const { template, target: wanted } = await target(input, stack);
      preview(context, stack, template, wanted.parameters);
      stack.terminationProtection = flag(input, 'EnableTerminationProtection') === true;
      stack.stackPolicy = checkedPolicy(optionalText(input, 'StackPolicyBody'));
      context.store.add(stack);
      engine.create(stack, wanted, options(input));
      return { StackId: stack.stackId };
    },

    async UpdateStack(input) {
      const stackName = requiredText(input, 'StackName');
      const stack = context.store.find(stackName);
      if (stack === undefined || stack.status === 'DELETE_COMPLETE')
        throw validationError(`Stack [${stackName}] does not exist`);
      checkUpdatable(stack, options(input));
      const { template, target: wanted } = await target(input, stack);
      const { changes, outputsChange } = preview(context, stack, template, wanted.parameters);
      if (changes.length === 0 && !outputsChange && sameValue(stack.tags, wanted.tags)) {
        throw validationError('No updates are to be performed.');
      }
      stack.stackPolicy = checkedPolicy(optionalText(input, 'StackPolicyBody')) ?? stack.stackPolicy;
      engine.update(stack, wanted, options(input));
      return { StackId: stack.stackId };
    },

    DeleteStack(input) {
      const stack = context.store.find(requiredText(input, 'StackName'));
      if (stack !== undefined && stack.status !== 'DELETE_COMPLETE') {
        const token = optionalText(input, 'ClientRequestToken');
        const forceDelete = optionalText(input, 'DeletionMode') === 'FORCE_DELETE_STACK';
        if (forceDelete && stack.status !== 'DELETE_FAILED') {
          throw validationError(
            `Invalid operation on stack [${stack.stackId}]. FORCE_DELETE_STACK can be used only when the stack is in the DELETE_FAILED state.`,
          );
        }
        engine.delete(stack, { token, forceDelete, retainResources: texts(input, 'RetainResources') });
      }
      return {};
    },

    UpdateTerminationProtection(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      stack.terminationProtection = flag(input, 'EnableTerminationProtection') === true;
      context.store.save(stack);
      return { StackId: stack.stackId };
    },

    RollbackStack(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      engine.rollBack(stack, {
        token: optionalText(input, 'ClientRequestToken'),
        retainExceptOnCreate: flag(input, 'RetainExceptOnCreate'),
      });
      return { StackId: stack.stackId };
    },

    CancelUpdateStack(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      engine.cancelUpdate(stack, { token: optionalText(input, 'ClientRequestToken') });
      return {};
    },

    SetStackPolicy(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      stack.stackPolicy = checkedPolicy(requiredText(input, 'StackPolicyBody'));
      context.store.save(stack);
      return {};
    },

    ContinueUpdateRollback(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      engine.continueRollback(stack, {
        token: optionalText(input, 'ClientRequestToken'),
        resourcesToSkip: texts(input, 'ResourcesToSkip'),
        force: flag(input, 'ForceRollback'),
      });
      return {};
    },
  };
}

function reading(api: ApiContext): Record<string, QueryOperation> {
  const { context } = api;

  function resourcesOf(input: QueryStructure): { stack: StackRecord; resources: StackRecord['resources'][string][] } {
    const stack = existingStack(context, requiredText(input, 'StackName'));
    return { stack, resources: Object.values(stack.resources) };
  }

  return {
    DescribeStacks(input) {
      const name = optionalText(input, 'StackName');
      if (name !== undefined) return { Stacks: [describedStack(existingStack(context, name))] };
      const alive = context.store.all().filter((stack) => stack.status !== 'DELETE_COMPLETE');
      const { items, nextToken } = page(alive, input, 100);
      return { Stacks: items.map(describedStack), NextToken: nextToken };
    },

    ListStacks(input) {
      const wanted = texts(input, 'StackStatusFilter');
      const stacks = context.store.all().filter((stack) => wanted.length === 0 || wanted.includes(stack.status));
      const { items, nextToken } = page(stacks, input, 100);
      return { StackSummaries: items.map(stackSummary), NextToken: nextToken };
    },

    DescribeStackEvents(input) {
      const name = requiredText(input, 'StackName');
      const stack = context.store.find(name);
      if (stack === undefined) throw validationError(`Stack [${name}] does not exist`);
      const newestFirst = [...context.store.events(stack.stackId)].reverse();
      const { items, nextToken } = pageFromTail(newestFirst, input, EVENTS_A_PAGE);
      return { StackEvents: items.map((event) => stackEvent(stack, event)), NextToken: nextToken };
    },

    /** Hooks do not exist locally. */
    ListHookResults: () => ({ HookResults: [] }),

    DescribeStackResources(input) {
      const { stack, resources } = resourcesOf(input);
      const logicalId = optionalText(input, 'LogicalResourceId');
      const chosen = resources.filter((resource) => logicalId === undefined || resource.logicalId === logicalId);
      return { StackResources: chosen.map((resource) => stackResource(stack, resource)) };
    },

    DescribeStackResource(input) {
      const { stack } = resourcesOf(input);
      const logicalId = requiredText(input, 'LogicalResourceId');
      const resource = stack.resources[logicalId];
      if (resource === undefined) {
        throw validationError(`Resource ${logicalId} does not exist for stack ${stack.stackName}`);
      }
      return { StackResourceDetail: stackResourceSummary(stack, resource, true) };
    },

    ListStackResources(input) {
      const { stack, resources } = resourcesOf(input);
      const { items, nextToken } = page(resources, input, 100);
      return {
        StackResourceSummaries: items.map((resource) => stackResourceSummary(stack, resource, false)),
        NextToken: nextToken,
      };
    },

    ListExports(input) {
      const exports = context.store
        .all()
        .filter((stack) => stack.status !== 'DELETE_COMPLETE')
        .flatMap((stack) =>
          stack.outputs
            .filter((output) => output.exportName !== undefined)
            .map((output) => ({ ExportingStackId: stack.stackId, Name: output.exportName, Value: output.value })),
        );
      const { items, nextToken } = page(exports, input, 100);
      return { Exports: items, NextToken: nextToken };
    },

    ListImports(input) {
      const name = requiredText(input, 'ExportName');
      const users = importersOf(context, name);
      if (users.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
      return { Imports: users };
    },
  };
}

function templates(api: ApiContext): Record<string, QueryOperation> {
  const { context } = api;
  return {
    GetStackPolicy: (input) => ({
      StackPolicyBody: existingStack(context, requiredText(input, 'StackName')).stackPolicy,
    }),

    GetTemplate(input) {
      const changeSetName = optionalText(input, 'ChangeSetName');
      const stack = existingStack(context, requiredText(input, 'StackName'));
      const changeSet = stack.changeSets.find(({ id, name }) => id === changeSetName || name === changeSetName);
      if (changeSetName !== undefined && changeSet === undefined) {
        throw new AwsError('ChangeSetNotFound', `ChangeSet [${changeSetName}] does not exist`, 404);
      }
      const body = changeSet?.templateBody ?? stack.templateBody;
      return { TemplateBody: body === '' ? '{}' : body, StagesAvailable: ['Original', 'Processed'] };
    },

    async GetTemplateSummary(input) {
      const { body, template } = await templateOf(api, input);
      const resources = Object.values(template.resources);
      return {
        Description: template.description,
        Parameters: Object.entries(template.parameters).map(([key, parameter]) => ({
          ParameterKey: key,
          DefaultValue: parameter.default === undefined ? undefined : String(parameter.default),
          ParameterType: parameter.type,
          NoEcho: parameter.noEcho,
          Description: parameter.description,
          ParameterConstraints: {},
        })),
        Capabilities: resources.some(({ type }) => type.startsWith('AWS::IAM::')) ? ['CAPABILITY_IAM'] : [],
        ResourceTypes: [...new Set(resources.map(({ type }) => type))],
        Version: '2010-09-09',
        Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
        ResourceIdentifierSummaries: [],
        DeclaredTransforms: body === '' ? [] : template.transforms,
      };
    },

    async ValidateTemplate(input) {
      const { template } = await templateOf(api, input);
      return {
        Description: template.description,
        Parameters: Object.entries(template.parameters).map(([key, parameter]) => ({
          ParameterKey: key,
          DefaultValue: parameter.default === undefined ? undefined : String(parameter.default),
          NoEcho: parameter.noEcho,
          Description: parameter.description,
        })),
        DeclaredTransforms: template.transforms,
      };
    },
  };
}

/** The policy as given, read once to refuse what is none. @throws AwsError ValidationError */
function checkedPolicy(body: string | undefined): string | undefined {
  if (body !== undefined) parseStackPolicy(body);
  return body;
}

async function templateOf(api: ApiContext, input: QueryStructure): Promise<{ body: string; template: Template }> {
  const stackName = optionalText(input, 'StackName');
  const body =
    (await templateBody(input, api.objects)) ??
    (stackName === undefined ? undefined : existingStack(api.context, stackName).templateBody);
  if (body === undefined) throw validationError('Either StackName or TemplateBody or TemplateURL must be specified.');
  return { body, template: parseTemplate(body) };
}
