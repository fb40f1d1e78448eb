import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { ClientOptions } from '../warehouse';
import { type Area, type Finding, findings } from './finding';
import type { Commands } from './where';

/** A stack's state in CloudFormation's words; undefined where there is none. */
export interface StackState {
  readonly status: string | undefined;
  readonly reason?: string;
}

export async function stackState(stackName: string, options: ClientOptions): Promise<StackState> {
  const client = new CloudFormationClient(options);
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const reason = Stacks?.[0]?.StackStatusReason;
    return { status: Stacks?.[0]?.StackStatus, ...(reason === undefined ? {} : { reason }) };
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return { status: undefined };
    throw error;
  } finally {
    client.destroy();
  }
}

/** Judges a stack's state. @param area whose finding it is */
export function stackFinding(area: Area, stackName: string, state: StackState, commands: Commands): Finding {
  const { ok, warn, fail } = findings(area);
  const { status } = state;
  const found = `${stackName} is ${status}${state.reason === undefined ? '' : `: ${state.reason}`}`;
  switch (status) {
    case undefined:
      return warn('stack', `${stackName} is not deployed`, commands.deploy);
    case 'REVIEW_IN_PROGRESS':
      return warn('stack', `${found}: a change set was made and never executed`, commands.deploy);
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'IMPORT_COMPLETE':
      return ok('stack', found);
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return warn('stack', `${found}; the last deploy failed, and what was there before is there`, commands.deploy);
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      // The CDK CLI deletes what a failed first deploy has left, and begins anew.
      return fail('stack', `${found}; the first deploy failed`, commands.deploy);
    case 'CREATE_FAILED':
    case 'UPDATE_FAILED':
    case 'UPDATE_ROLLBACK_FAILED':
    case 'IMPORT_ROLLBACK_FAILED':
      return fail('stack', found, commands.rollback);
    case 'DELETE_FAILED':
      return fail('stack', found, commands.destroy);
    default:
      return warn('stack', `${found}; look again when that is over`, commands.sparkify('doctor'));
  }
}

/** Whether there is a warehouse to be looked into. */
export function isUp({ status }: StackState): boolean {
  return status !== undefined && /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(status);
}
