import { Argument, type Command } from 'commander';
import { examples, lazily, located, reportFormat } from './options';

/** init, doctor, completion: what makes a machine, an account and a shell ready. */
export function addSettingUp(sparkify: Command): void {
  addDoctor(sparkify);
  addCompletion(sparkify);
}

function addDoctor(sparkify: Command): void {
  const command = located(sparkify.command('doctor'))
    .description('what is missing on this machine, or in an account, and the command that mends it')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/doctor.ts')).doctor));
  examples(command, 'doctor', 'doctor --env dev --profile sparkify-dev', 'doctor --format json');
}

function addCompletion(sparkify: Command): void {
  const command = sparkify
    .command('completion')
    .description('print the script with which a shell completes sparkify')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish', 'powershell']))
    .action(lazily(async () => (await import('../commands/completion.ts')).completion));
  examples(command, 'completion bash').addHelpText('after', '\nThe script says in its first lines where to put it.');
}
