import { approve, type Dialogue } from '../../../cli/deploys/approval';
import type { Plan } from '../../../cli/plan/plan';

const plan: Plan = {
  environment: 'prod',
  stackName: 'Sparkify-prod',
  hash: 'h',
  first: false,
  infrastructure: [{ logicalId: 'Key', type: 'AWS::KMS::Key', effect: 'change', properties: [] }],
  outputs: [],
  migrations: [],
  refused: [],
  destructive: [],
};

/** Somebody at the keyboard who gives this answer. */
function somebody(answer: string) {
  const asked: string[] = [];
  const dialogue: Dialogue = {
    interactive: true,
    ask: async (question) => {
      asked.push(question);
      return answer;
    },
  };
  return { dialogue, asked };
}

describe('the approval of a plan', () => {
  it('is a whole yes, to the environment that is asked about', async () => {
    const { dialogue, asked } = somebody(' YES\n');
    await expect(approve(plan, { format: 'table' }, dialogue)).resolves.toBeUndefined();
    expect(asked).toEqual(['Deploy this to prod? (yes/no) ']);
  });

  it.each(['no', 'y', '', 'yes please'])('is not %j', async (answer) => {
    const refused = approve(plan, { format: 'table' }, somebody(answer).dialogue);
    await expect(refused).rejects.toMatchObject({ name: 'ApprovalNeededError', exitCode: 6 });
  });

  it('is asked of nobody who is not there, nor of a program', async () => {
    const { dialogue, asked } = somebody('yes');
    await expect(approve(plan, { format: 'table' }, { ...dialogue, interactive: false })).rejects.toThrow('--yes');
    await expect(approve(plan, { format: 'json' }, dialogue)).rejects.toThrow('was left as it was');
    expect(asked).toEqual([]);
  });

  it('is not needed where it was given on the command line, or nothing would change', async () => {
    const { dialogue, asked } = somebody('no');
    await approve(plan, { yes: true, format: 'table' }, dialogue);
    await approve({ ...plan, infrastructure: [] }, { format: 'table' }, dialogue);
    expect(asked).toEqual([]);
  });
});
