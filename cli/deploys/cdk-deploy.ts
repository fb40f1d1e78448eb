import { awsEnvironment, type CdkRun, runCdk, runCdkIn } from '../cdk';
import { DeployError, InterruptedError } from '../errors';
import { locationOptions } from '../location';
import type { Place, TargetChoice } from '../target';

/** Runs the CDK CLI with these arguments where the environment is, and gives on each line that it prints. */
export type RunCdk = (args: readonly string[], onLine: (line: string) => void) => Promise<CdkRun>;

/** The CDK CLI for a place: of the local AWS, or with the person's own credentials. */
export function cdkFor({ here }: Place, choice: TargetChoice): RunCdk {
  // On this machine with the operator's keys of the home's own account: the CDK's roles of the other accounts do the rest.
  if (here !== undefined) return (args, onLine) => runCdk(args, here.aws.environment, onLine);
  return (args, onLine) => runCdkIn(awsEnvironment(choice), args, onLine);
}

/** What `cdk deploy` is told: exactly what was planned, without a question of its own, with CloudFormation's events. */
export function deployArguments(stackName: string, assembly: string, profile?: string): readonly string[] {
  return [
    'deploy',
    stackName,
    '--app',
    assembly,
    '--require-approval',
    'never',
    '--progress',
    'events',
    ...(profile === undefined ? [] : ['--profile', profile]),
  ];
}

/**
 * Deploys a stack of an assembly with the real CDK CLI.
 * @returns false where CloudFormation had nothing to change
 * @throws DeployError when it fails; CloudFormation has then rolled back
 * @throws InterruptedError
 */
export async function cdkDeploy(
  cdk: RunCdk,
  { stackName, here }: Pick<Place, 'stackName' | 'here'>,
  assembly: string,
  choice: TargetChoice,
  onLine: (line: string) => void,
): Promise<boolean> {
  const run = await cdk(deployArguments(stackName, assembly, choice.profile), onLine);
  if (run.interrupted) throw new InterruptedError(interruptedText(stackName, here !== undefined, choice));
  if (run.exitCode !== 0) {
    throw new DeployError(
      `cdk deploy ${stackName} ended with exit code ${run.exitCode}; its reason stands above. CloudFormation rolls a failed deploy back: the warehouse is as it was before. Mend what it names, then: sparkify deploy${locationOptions(choice)}`,
    );
  }
  return !run.output.includes(`${stackName} (no changes)`);
}

/** What somebody should know who stops a deploy. */
export function interruptedText(stackName: string, here: boolean, choice: TargetChoice): string {
  const options = locationOptions(choice);
  if (here) {
    return `Interrupted in the middle of the deploy of ${stackName}. Nothing half-loaded is left: the next deploy rolls it back and goes on.\nType: sparkify deploy${options}`;
  }
  const { profile, region } = choice;
  const aws = locationOptions({ env: 'local', profile, region });
  return [
    'Interrupted: the CDK CLI has ended. CloudFormation goes on by itself with what was begun, to its end or back to what was before.',
    `How it stands: aws cloudformation describe-stack-events --stack-name ${stackName}${aws}`,
    `Its load:      sparkify runs${options}`,
    `Go back:       aws cloudformation cancel-update-stack --stack-name ${stackName}${aws}`,
  ].join('\n');
}
