import { awsEnvironment } from '../../../cli/cdk';
import { cdkDeploy, deployArguments, interruptedText, type RunCdk } from '../../../cli/deploys/cdk-deploy';

const place = { stackName: 'Sparkify-prod' };
const choice = { env: 'prod', profile: 'admin', region: 'eu-west-1' };
const noted: string[] = [];
const cdk = (run: Partial<Awaited<ReturnType<RunCdk>>>): RunCdk => {
  return async (args, onLine) => {
    noted.push(args.join(' '));
    onLine('Sparkify-prod | 1/2 | UPDATE_COMPLETE');
    return { exitCode: 0, interrupted: false, output: '', ...run };
  };
};
const deployed = (run: Partial<Awaited<ReturnType<RunCdk>>>, lines: string[] = []) =>
  cdkDeploy(cdk(run), place, 'cdk.out', choice, (line) => lines.push(line));

describe('a deploy by the CDK CLI', () => {
  it('is of the assembly that was planned, with the profile that was named, and without a question of its own', async () => {
    const lines: string[] = [];
    expect(await deployed({}, lines)).toBe(true);
    expect(noted.at(-1)).toBe(
      'deploy Sparkify-prod --app cdk.out --require-approval never --progress events --profile admin',
    );
    expect(lines).toEqual(['Sparkify-prod | 1/2 | UPDATE_COMPLETE']);
    expect(deployArguments('S', 'a')).not.toContain('--profile');
  });

  it('says whether anything has changed', async () => {
    expect(await deployed({ output: ' ✅  Sparkify-prod (no changes)\n' })).toBe(false);
  });

  it('that fails says what to do next, in the same environment', async () => {
    await expect(deployed({ exitCode: 1 })).rejects.toMatchObject({
      name: 'DeployError',
      message: expect.stringMatching(/exit code 1; .*sparkify deploy --env prod --profile admin --region eu-west-1$/),
    });
  });

  it('that is interrupted says that CloudFormation goes on, where to look, and how to go back', async () => {
    await expect(deployed({ interrupted: true, exitCode: 1 })).rejects.toMatchObject({ name: 'InterruptedError' });
    const text = interruptedText('Sparkify-prod', false, choice);
    expect(text).toContain('CloudFormation goes on by itself');
    expect(text).toContain('cancel-update-stack --stack-name Sparkify-prod --profile admin --region eu-west-1');
    expect(interruptedText('Sparkify-local', true, { env: 'local' })).toMatch(/Type: sparkify deploy$/);
  });
});

describe("the CDK CLI's environment on AWS", () => {
  it("is the person's own, with the profile and region of the command line", () => {
    const own = { HOME: '/home/a', AWS_PROFILE: 'other', AWS_SESSION_TOKEN: 't' };
    expect(awsEnvironment({}, own)).toMatchObject(own);
    expect(awsEnvironment({ profile: 'admin', region: 'eu-west-1' }, own)).toMatchObject({
      HOME: '/home/a',
      AWS_PROFILE: 'admin',
      AWS_REGION: 'eu-west-1',
    });
  });
});
