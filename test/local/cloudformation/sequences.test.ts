import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { type Harness, startHarness } from './harness';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

/** A resource in one version of a template; a change of `name` replaces it. */
interface Node {
  readonly present: boolean;
  readonly name: string;
  readonly size: number;
  readonly fail: 'create' | 'update' | 'nothing';
  /** Refers to the present ones before it, up to this one. */
  readonly upTo: number;
}

interface Step {
  readonly nodes: readonly Node[];
  readonly rollBack: boolean;
}

const NODES = 4;
const node: fc.Arbitrary<Node> = fc.record({
  present: fc.boolean(),
  name: fc.constantFrom('v1', 'v2'),
  size: fc.nat({ max: 2 }),
  fail: fc.oneof({ weight: 6, arbitrary: fc.constant('nothing' as const) }, fc.constantFrom('create', 'update')),
  upTo: fc.nat({ max: NODES }),
});
const step: fc.Arbitrary<Step> = fc.record({
  nodes: fc.array(node, { minLength: NODES, maxLength: NODES }),
  rollBack: fc.boolean(),
});

function template({ nodes }: Step): string {
  const resources: Record<string, object> = { Base: { Type: 'Test::Thing' } };
  for (const [index, { present, name, size, fail, upTo }] of nodes.entries()) {
    if (!present) continue;
    const earlier = Object.keys(resources).filter((id) => id === 'Base' || Number(id.slice(1)) < upTo);
    const Of = earlier.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] }));
    resources[`T${index}`] = { Type: 'Test::Thing', Properties: { Name: name, Size: size, Fail: fail, Of } };
  }
  return JSON.stringify({ Resources: resources });
}

async function status(StackName: string): Promise<string> {
  await harness.service.idle();
  const { Stacks } = await harness.client.send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!.StackStatus!;
}

async function resources(StackName: string) {
  const { StackResources } = await harness.client.send(new DescribeStackResourcesCommand({ StackName }));
  return StackResources!;
}

/** Goes on until the stack is whole: back from a failed operation, past what cannot go back. */
async function settle(StackName: string): Promise<string> {
  let state = await status(StackName);
  for (let turn = 0; turn <= NODES && state.endsWith('_FAILED'); turn += 1) {
    if (state === 'UPDATE_ROLLBACK_FAILED') await harness.continueRollback({ StackName, ForceRollback: true });
    else await harness.rollBack({ StackName });
    state = await status(StackName);
  }
  return state;
}

/** Deploys a version, however the stack is; a failed one without rollback is left for the next step. */
async function deploy(StackName: string, version: Step): Promise<void> {
  const before = await status(StackName);
  const DisableRollback = !version.rollBack || before.endsWith('_FAILED');
  const command = new UpdateStackCommand({ StackName, TemplateBody: template(version), DisableRollback });
  try {
    await harness.client.send(command);
  } catch (error) {
    if (!String(error).includes('No updates are to be performed')) throw error;
  }
  if ((await status(StackName)) === 'UPDATE_ROLLBACK_FAILED') await settle(StackName);
}

/** Physical ids of what lives and of what the stack says it has. */
async function expectNoOrphans(StackName: string): Promise<void> {
  const owned = (await resources(StackName)).map(({ PhysicalResourceId: id }) => id!);
  expect([...harness.things.living.keys()].sort()).toEqual(owned.sort());
}

describe('Any sequence of updates that fail or not, with rollback or without', () => {
  it('loses no resource and leaves none behind', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const StackName = `Random${++run}`;
        harness.things.living.clear();
        const TemplateBody = JSON.stringify({ Resources: { Base: { Type: 'Test::Thing' } } });
        await harness.client.send(new CreateStackCommand({ StackName, TemplateBody }));
        for (const version of steps) {
          await deploy(StackName, version);
          if ((await status(StackName)).endsWith('_COMPLETE')) await expectNoOrphans(StackName);
        }
        expect(await settle(StackName)).toMatch(/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/);
        await expectNoOrphans(StackName);
        await harness.client.send(new DeleteStackCommand({ StackName }));
        await harness.service.idle();
        expect([...harness.things.living.keys()]).toEqual([]);
      }),
      { numRuns: Number(process.env.RUNS ?? 40) },
    );
  });
});
