import type { Command } from 'commander';
import { examples, lazily, located, reportFormat } from './options';

/** init, doctor, completion: what makes a machine, an account and a shell ready. */
export function addSettingUp(sparkify: Command): void {
  addDoctor(sparkify);
}

function addDoctor(sparkify: Command): void {
  const command = located(sparkify.command('doctor'))
    .description('what is missing on this machine, or in an account, and the command that mends it')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/doctor.ts')).doctor));
  examples(command, 'doctor', 'doctor --env dev --profile sparkify-dev', 'doctor --format json');
}
