import { locationOptions } from '../location';
import type { TargetChoice } from '../target';

/** The commands that mend things, as they are typed for the environment that is looked at. */
export interface Commands {
  /** `npx sparkify NAME`, with the options that mean the same environment. */
  sparkify(name: string, ...more: readonly string[]): string;
  /** The environment is on this machine. */
  readonly here: boolean;
  /** The profile whose credentials are looked at, where one was named. */
  readonly profile: string | undefined;
  /** What deploys it. */
  readonly deploy: string;
  /** What goes on with a rollback that has failed. */
  readonly rollback: string;
  /** What takes a stack away of which a part could not be deleted. */
  readonly destroy: string;
}

/** The commands for the environment that somebody means. */
export function commandsFor(choice: TargetChoice): Commands {
  const { env, here, profile } = choice;
  const place = locationOptions(choice);
  const sparkify = (name: string, ...more: readonly string[]) => [`npx sparkify ${name}${place}`, ...more].join(' ');
  if (env === 'local') {
    const rollback = 'npm start -- --fresh';
    return { sparkify, here: true, profile, deploy: 'npm start', rollback, destroy: 'npx sparkify destroy' };
  }
  if (here === true) {
    const deploy = sparkify('deploy', '--yes');
    const anew = `npm start -- --fresh && ${deploy}`;
    return { sparkify, here: true, profile, deploy, rollback: anew, destroy: anew };
  }
  const named = profile === undefined ? '' : ` --profile ${profile}`;
  const cdk = (verb: string) => `npx cdk ${verb} Sparkify-${env} -c env=${env}${named}`;
  const deploy = sparkify('deploy');
  return { sparkify, here: false, profile, deploy, rollback: cdk('rollback'), destroy: cdk('destroy') };
}
