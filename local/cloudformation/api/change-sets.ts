import { optionalText, type QueryOperation, type QueryStructure, requiredText } from '../../aws/protocols/query';
import { AwsError } from '../../aws/service';
import { setStackStatus } from '../engine/context';
import { detectDrift } from '../engine/drift';
import { checkUpdatable } from '../engine/engine';
import type { ChangeSetRecord, LiveProperties, StackRecord, Tag } from '../engine/model';
import { preview } from '../engine/preview';
import { TemplateError, validationError } from '../errors';
import { stackParameters } from '../template/parameters';
import { parseTemplate, type Template } from '../template/template';
import { sameValue } from '../values';
import type { ApiContext } from './context';
import { existingStack, newStack } from './context';
import { checkCapabilities, failurePolicy, flag, givenParameters, tags, templateBody, texts } from './input';
import { changeSetSummary, describedChangeSet } from './output';
import { page } from './paging';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** The CDK CLI looks for the name in it and then asks DescribeEvents. */
const INVALID_PROPERTIES =
  'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.';

/** CreateChangeSet and its kin. */
export function changeSetOperations(api: ApiContext): Record<string, QueryOperation> {
  const { context, engine } = api;

  async function create(input: QueryStructure): Promise<object> {
    const stackName = requiredText(input, 'StackName');
    const name = requiredText(input, 'ChangeSetName');
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    const type = optionalText(input, 'ChangeSetType') ?? 'UPDATE';
    if (type !== 'CREATE' && type !== 'UPDATE') {
      throw validationError(`The local CloudFormation has no change sets of type ${type}; only CREATE and UPDATE.`);
    }
    const body = (await templateBody(input, api.objects)) ?? previousTemplate(api, stackName, input);
    const template = parseTemplate(body);
    checkCapabilities(template, texts(input, 'Capabilities'));
    const stack = stackFor(api, stackName, type, name);
    if (stack.changeSets.some((existing) => existing.name === name)) {
      throw new AwsError(
        'AlreadyExistsException',
        `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Template`,
      );
    }
    const parameters = stackParameters(template, givenParameters(input), stack.parameters, context.ssmParameter);
    const live = await liveProperties(api, stack, input);
    const changeSet: ChangeSetRecord = {
      id: `arn:aws:cloudformation:${context.region}:${context.account}:changeSet/${name}/${context.ids.uuid()}`,
      name,
      type,
      createdAt: context.clock.now(),
      description: optionalText(input, 'Description'),
      templateBody: body,
      parameters,
      tags: tags(input),
      capabilities: texts(input, 'Capabilities'),
      notificationArns: texts(input, 'NotificationARNs'),
      roleArn: optionalText(input, 'RoleARN'),
      onStackFailure: failurePolicy(input),
      live,
      ...planned(api, stack, template, {
        parameters,
        live,
        tags: tags(input),
        arns: texts(input, 'NotificationARNs'),
      }),
    };
    const isNew = context.store.find(stack.stackId) === undefined;
    if (isNew) context.store.add(stack);
    stack.changeSets.push(changeSet);
    if (isNew) setStackStatus(context, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    context.store.save(stack);
    return { Id: changeSet.id, StackId: stack.stackId };
  }

  /** Changes and status: a template that does not apply makes a failed change set, as in AWS. */
  function planned(
    { context: engineContext }: ApiContext,
    stack: StackRecord,
    template: Template,
    next: { parameters: ChangeSetRecord['parameters']; tags: Tag[]; arns: string[]; live?: LiveProperties },
  ): Pick<ChangeSetRecord, 'changes' | 'status' | 'statusReason' | 'executionStatus' | 'problems'> {
    try {
      const { parameters, live } = next;
      const { changes, outputsChange, problems } = preview(engineContext, stack, template, parameters, live);
      if (problems.length > 0) {
        const failed = { status: 'FAILED', statusReason: INVALID_PROPERTIES, executionStatus: 'UNAVAILABLE' } as const;
        return { changes: [], problems, ...failed };
      }
      const nothing =
        changes.length === 0 &&
        !outputsChange &&
        sameValue(stack.tags, next.tags) &&
        sameValue(stack.notificationArns, next.arns) &&
        stack.templateBody !== '';
      if (!nothing) return { changes, status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' };
      return { changes: [], status: 'FAILED', statusReason: NO_CHANGES, executionStatus: 'UNAVAILABLE' };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { changes: [], status: 'FAILED', statusReason: error.message, executionStatus: 'UNAVAILABLE' };
    }
  }

  function execute(input: QueryStructure): object {
    const { stack, changeSet } = find(api, input);
    if (changeSet.executionStatus !== 'AVAILABLE') {
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
      );
    }
    const onFailure = failurePolicy(input) ?? changeSet.onStackFailure ?? 'ROLLBACK';
    const options = {
      token: optionalText(input, 'ClientRequestToken'),
      onFailure,
      retainExceptOnCreate: flag(input, 'RetainExceptOnCreate'),
    };
    if (changeSet.type === 'UPDATE') checkUpdatable(stack, options);
    changeSet.executionStatus = 'EXECUTE_COMPLETE';
    // As in AWS the stack's other change sets no longer fit it and go.
    stack.changeSets = [changeSet];
    if (changeSet.type === 'CREATE') engine.create(stack, changeSet, options);
    else engine.update(stack, changeSet, options);
    return {};
  }

  return {
    CreateChangeSet: create,
    ExecuteChangeSet: execute,
    DescribeChangeSet(input) {
      const { stack, changeSet } = find(api, input);
      return describedChangeSet(stack, changeSet, flag(input, 'IncludePropertyValues') === true);
    },
    DeleteChangeSet(input) {
      const { stack, changeSet } = findLeniently(api, input);
      if (stack !== undefined && changeSet !== undefined) {
        stack.changeSets = stack.changeSets.filter((candidate) => candidate !== changeSet);
        context.store.save(stack);
      }
      return {};
    },
    ListChangeSets(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      const { items, nextToken } = page(stack.changeSets, input, 100);
      return { Summaries: items.map((changeSet) => changeSetSummary(stack, changeSet)), NextToken: nextToken };
    },
  };
}

/** Under REVERT_DRIFT what the drifted resources are now. @throws AwsError ValidationError for another mode */
async function liveProperties(
  { context }: ApiContext,
  stack: StackRecord,
  input: QueryStructure,
): Promise<LiveProperties | undefined> {
  const mode = optionalText(input, 'DeploymentMode');
  if (mode === undefined) return undefined;
  if (mode !== 'REVERT_DRIFT') {
    throw validationError(`DeploymentMode must be REVERT_DRIFT when it is given, not ${mode}`);
  }
  const results = await detectDrift(context, stack);
  const drifted = results.filter(({ status }) => status === 'MODIFIED' || status === 'DELETED');
  return Object.fromEntries(drifted.map(({ logicalId, actual }) => [logicalId, actual ?? null]));
}

function previousTemplate(api: ApiContext, stackName: string, input: QueryStructure): string {
  const stack = api.context.store.find(stackName);
  if (flag(input, 'UsePreviousTemplate') !== true || stack === undefined || stack.templateBody === '') {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return stack.templateBody;
}

/** The stack a change set is for; a new one, not yet kept, for the type CREATE. */
function stackFor(api: ApiContext, stackName: string, type: 'CREATE' | 'UPDATE', changeSetName: string): StackRecord {
  const present = api.context.store.find(stackName);
  if (type === 'UPDATE') {
    if (present === undefined || present.status === 'DELETE_COMPLETE')
      throw validationError(`Stack [${stackName}] does not exist`);
    if (present.status === 'REVIEW_IN_PROGRESS') {
      throw validationError(`Stack:${present.stackId} is in REVIEW_IN_PROGRESS state and can not be updated.`);
    }
    checkUpdatable(present);
    return present;
  }
  if (present === undefined) return newStack(api.context, stackName, 'REVIEW_IN_PROGRESS');
  if (present.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${present.stackName}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
    );
  }
  return present;
}

function findLeniently(api: ApiContext, input: QueryStructure): { stack?: StackRecord; changeSet?: ChangeSetRecord } {
  const name = requiredText(input, 'ChangeSetName');
  const stackName = optionalText(input, 'StackName');
  if (stackName === undefined && !name.startsWith('arn:')) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stacks = stackName === undefined ? api.context.store.all() : [api.context.store.find(stackName)];
  for (const stack of stacks) {
    const changeSet = stack?.changeSets.find((candidate) => candidate.id === name || candidate.name === name);
    if (changeSet !== undefined) return { stack, changeSet };
  }
  return {};
}

function find(api: ApiContext, input: QueryStructure): { stack: StackRecord; changeSet: ChangeSetRecord } {
  const { stack, changeSet } = findLeniently(api, input);
  if (stack === undefined || changeSet === undefined) {
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${optionalText(input, 'ChangeSetName')}] does not exist`, 404);
  }
  return { stack, changeSet };
}
