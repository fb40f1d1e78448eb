import type { RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless';
import fc from 'fast-check';
import type { Outcome } from '../../lambda/cloudformation';
import type { CloudFormationRequest } from '../../lambda/events';
import { handleUsageLimits } from '../../lambda/usage-limits/handler';
import { limitChanges, type PresentLimit, type WantedLimit } from '../../lambda/usage-limits/plan';

const wanted: fc.Arbitrary<WantedLimit[]> = fc.uniqueArray(
  fc.record({
    period: fc.constantFrom('daily', 'weekly', 'monthly'),
    amount: fc.integer({ min: 1, max: 3 }),
    breachAction: fc.constantFrom('log', 'emit-metric', 'deactivate'),
  }),
  { maxLength: 4, selector: ({ period, breachAction }) => `${period} ${breachAction}` },
);

/** What Redshift would hold after the changes. @throws Error where it would refuse one */
function applied(present: readonly PresentLimit[], changes: ReturnType<typeof limitChanges>): readonly PresentLimit[] {
  let limits = [...present];
  for (const change of changes) {
    if (change.do === 'create') {
      if (limits.length >= 4) throw new Error('there is no room for a fifth');
      limits.push({ usageLimitId: `new-${limits.length}`, ...change.limit });
    } else if (change.do === 'delete')
      limits = limits.filter(({ usageLimitId }) => usageLimitId !== change.usageLimitId);
    else
      limits = limits.map((each) =>
        each.usageLimitId === change.usageLimitId ? { ...each, amount: change.amount } : each,
      );
  }
  return limits;
}

const shown = (limits: readonly (PresentLimit | WantedLimit)[]) =>
  limits.map(({ period, amount, breachAction }) => `${period} ${breachAction} ${amount}`).sort();

describe('the changes of usage limits', () => {
  it('make the present ones the wanted ones, whatever they are, and then there is nothing to do', () => {
    fc.assert(
      fc.property(wanted, wanted, (before, after) => {
        const present = before.map((limit, index) => ({ usageLimitId: `old-${index}`, ...limit }));
        const now = applied(present, limitChanges(present, after));
        expect(shown(now)).toEqual(shown(after));
        expect(limitChanges(now, after)).toEqual([]);
      }),
    );
  });
});

describe('the function of the usage limits', () => {
  const request = (more: Partial<CloudFormationRequest> = {}): CloudFormationRequest => ({
    RequestType: 'Create',
    ResponseURL: 'https://example.test',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'UsageLimits',
    ResourceProperties: {
      ServiceToken: 't',
      WorkgroupArn: 'arn:aws:redshift-serverless:us-west-2:111111111111:workgroup/abc',
      Limits: [{ Period: 'daily', RpuHours: '24', Breach: 'deactivate' }],
    },
    ...more,
  });

  async function told(
    event: CloudFormationRequest,
    send: (command: object) => Promise<object>,
  ): Promise<Outcome & { id?: string }> {
    const answers: (Outcome & { id?: string })[] = [];
    await handleUsageLimits(event, {
      client: { send } as unknown as RedshiftServerlessClient,
      respond: async ({ PhysicalResourceId: id }, outcome) => void answers.push({ ...outcome, id }),
      log: () => {},
    });
    expect(answers).toHaveLength(1);
    return answers[0] as Outcome;
  }

  it('answers with the reason where Redshift refuses', async () => {
    const answer = await told(request(), () => Promise.reject(new Error('User is not authorized')));
    expect(answer).toMatchObject({
      succeeded: false,
      reason: 'Usage limits: User is not authorized',
      id: 'usage-limits',
    });
  });

  it('answers a request that it does not understand', async () => {
    const answer = await told(request({ ResourceProperties: { WorkgroupArn: 'x' } }), async () => ({}));
    expect(answer).toMatchObject({ succeeded: false, reason: expect.stringContaining('WorkgroupArn') });
  });

  it('lets the Delete of what it never understood succeed, and touches nothing', async () => {
    const untouched = () => Promise.reject(new Error('called'));
    const deletion = request({ RequestType: 'Delete', ResourceProperties: { WorkgroupArn: 'x' } });
    expect(await told(deletion, untouched)).toMatchObject({ succeeded: true });
  });

  it('lets a Delete succeed where the workgroup is gone, and nothing else', async () => {
    const gone = () =>
      Promise.reject(Object.assign(new Error('no such workgroup'), { name: 'ResourceNotFoundException' }));
    expect(await told(request({ RequestType: 'Delete' }), gone)).toMatchObject({ succeeded: true });
    expect(await told(request({ RequestType: 'Update' }), gone)).toMatchObject({ succeeded: false });
  });
});
