import type { TargetChoice } from './target';

/** The options of a command line that name an environment again, with a space before; nothing for the local one. */
export function locationOptions(choice: TargetChoice): string {
  const { env, here, profile, region, assume, asOperator } = choice;
  const options = [
    ...(env === 'local' ? [] : [`--env ${env}`]),
    ...(here === true ? ['--here'] : []),
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
    ...(region === undefined ? [] : [`--region ${region}`]),
    ...(assume === undefined ? [] : [`--assume ${assume}`]),
    ...(asOperator === true ? ['--as-operator'] : []),
  ];
  return options.map((option) => ` ${option}`).join('');
}
