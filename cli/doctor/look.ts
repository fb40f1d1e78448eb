import { AWS_ENVIRONMENTS } from '../environments';
import { NotDeployedError } from '../errors';
import { environmentPath, environmentText } from '../init/environment-file';
import { Rules } from '../init/rules';
import type { Progress } from '../progress';
import { openTarget, type Place, type TargetChoice, withPlace } from '../target';
import { accountFindings, type Wanted, wantedOf } from './account';
import { accountFacts } from './account-facts';
import { lookAtDeployment } from './deployment';
import { type Finding, findings } from './finding';
import { homeFacts, homeFindings, mayBeAsked, neverMade, unstartable } from './home';
import { isUp, type StackState, stackFinding, stackState } from './stack';
import { notAsked, unanswered, warehouseFacts, warehouseFindings } from './warehouse';
import type { Commands } from './where';

/** What a look needs beside the environment. */
export interface Looking {
  readonly home: string;
  readonly commands: Commands;
  readonly progress: Progress;
}

/** The local AWS of the home and the warehouse in its own account. */
export function lookAtLocal(looking: Looking): Promise<readonly Finding[]> {
  return lookAtHome({ env: 'local' }, looking, (place) => lookAtWarehouse(place, looking));
}

/** An environment in an account, on AWS or here. */
export async function lookAtEnvironment(choice: TargetChoice, looking: Looking): Promise<readonly Finding[]> {
  const wanted = await wantedIn(choice.env);
  if (!('wanted' in wanted)) return wanted.found;
  if (choice.here !== true) {
    return withPlace(choice, (place) => lookAtAccount(place, wanted.wanted, looking));
  }
  return lookAtHome(choice, looking, (place) => lookAtAccount(place, wanted.wanted, looking));
}

/** The local AWS of the home, and what stands on it. */
async function lookAtHome(
  choice: TargetChoice,
  { home, commands }: Looking,
  look: (place: Place) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const facts = await homeFacts(home);
  const found = homeFindings(facts);
  if (!mayBeAsked(facts)) return [...found, notAsked('the local AWS cannot be asked')];
  return withPlace(choice, async (place) => [...found, ...(await look(place))]).catch((error: Error) => [
    ...found,
    error instanceof NotDeployedError ? neverMade(choice.env, commands) : unstartable(error),
  ]);
}

/** What the environment's file says, by the app's own rules; or what is wrong with it. */
async function wantedIn(env: string): Promise<{ readonly wanted: Wanted } | { readonly found: readonly Finding[] }> {
  const { fail } = findings('account');
  const environment = AWS_ENVIRONMENTS.find((name) => name === env);
  if (environment === undefined) throw new TypeError(`The environment ${env} has no file.`);
  const text = environmentText(environment);
  const init = `npx sparkify init --env ${environment}`;
  if (text === undefined) return { found: [fail('file', `there is no ${environmentPath(environment)}`, init)] };
  const rules = new Rules();
  try {
    const { config, refusals, sourcePrefixes } = await rules.judge(environment, text);
    if (config !== null && refusals.length === 0) return { wanted: wantedOf(environment, config, sourcePrefixes) };
    return { found: refusals.map(({ message }) => fail('file', message, init)) };
  } finally {
    rules.close();
  }
}

async function lookAtAccount(place: Place, wanted: Wanted, looking: Looking): Promise<readonly Finding[]> {
  const { commands, progress } = looking;
  const inRegion = { ...place, options: { ...place.options, region: wanted.region } };
  const state = await progress.step(
    'account',
    () => stateOrNothing(inRegion),
    () => place.stackName,
  );
  const facts = await accountFacts(place, wanted, state !== undefined && isUp(state), process.env);
  const found = accountFindings(facts, commands);
  if (facts.rest === undefined) return [...found, notAsked('the account cannot be asked with these credentials')];
  return [...found, ...(await lookAtWarehouse(inRegion, looking))];
}

/** Undefined where the caller may not ask; that the credentials' own finding says. */
async function stateOrNothing(place: Place): Promise<StackState | undefined> {
  try {
    return await stackState(place.stackName, place.options);
  } catch {
    return undefined;
  }
}

async function lookAtWarehouse(place: Place, { home, commands, progress }: Looking): Promise<readonly Finding[]> {
  const state = await stackState(place.stackName, place.options);
  const stack = stackFinding('warehouse', place.stackName, state, commands);
  if (!isUp(state)) return [stack];
  const found = [stack];
  try {
    const target = await openTarget(place);
    try {
      const facts = await progress.step(
        'warehouse',
        (update) => warehouseFacts(target, update),
        () => place.stackName,
      );
      found.push(...warehouseFindings(facts, commands));
    } finally {
      target.close();
    }
  } catch (error) {
    found.push(unanswered(error as Error, commands));
  }
  const compared = await progress.step(
    'checkout',
    () => lookAtDeployment(place, home, commands),
    () => 'compared with what is deployed',
  );
  return [...found, compared];
}
