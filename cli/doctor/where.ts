import type { TargetChoice } from '../target';

/** The commands that mend things, as they are typed for the environment that is looked at. */
export interface Commands {
  /** `npx sparkify NAME`, with the options that mean the same environment. */
  sparkify(name: string, ...more: readonly string[]): string;
  /** The environment is an account of the local AWS. */
  readonly here: boolean;
  /** What deploys it. */
  readonly deploy: string;
  /** What goes on with a rollback that has failed. */
  readonly rollback: string;
  /** What takes a stack away of which a part could not be deleted. */
  readonly destroy: string;
}

const AWAY: Readonly<Record<'profile' | 'region' | 'assume', string>> = {
  profile: '--profile',
  region: '--region',
  assume: '--assume',
};

/** The commands for the environment that somebody means. */
export function commandsFor(choice: TargetChoice): Commands {
  const { env } = choice;
  const asked = (Object.keys(AWAY) as (keyof typeof AWAY)[]).flatMap((name) =>
    choice[name] === undefined ? [] : [AWAY[name], choice[name]],
  );
  const place = env === 'local' ? [] : choice.here === true ? ['--env', env, '--here'] : ['--env', env, ...asked];
  const sparkify = (name: string, ...more: readonly string[]) => ['npx sparkify', name, ...place, ...more].join(' ');
  if (env === 'local') {
    return {
      sparkify,
      here: true,
      deploy: 'npm start',
      rollback: 'npm start -- --fresh',
      destroy: 'npx sparkify destroy',
    };
  }
  if (choice.here === true) {
    const deploy = `npm run promote -- --until ${env} --yes`;
    const anew = `npm start -- --fresh && ${deploy}`;
    return { sparkify, here: true, deploy, rollback: anew, destroy: anew };
  }
  const profile = choice.profile === undefined ? '' : ` --profile ${choice.profile}`;
  const cdk = (verb: string) => `npx cdk ${verb} Sparkify-${env} -c env=${env}${profile}`;
  return { sparkify, here: false, deploy: cdk('deploy'), rollback: cdk('rollback'), destroy: cdk('destroy') };
}
