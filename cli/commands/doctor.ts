import { describeFindings } from '../doctor/describe';
import { isIll } from '../doctor/finding';
import { lookAtEnvironment, lookAtLocal } from '../doctor/look';
import { machineFindings } from '../doctor/machine';
import { machineFacts } from '../doctor/machine-facts';
import { commandsFor } from '../doctor/where';
import { PROJECT, sparkifyHome } from '../home';
import type { Format } from '../output';
import { Progress } from '../progress';
import type { TargetChoice } from '../target';

export interface DoctorOptions extends TargetChoice {
  readonly format: Extract<Format, 'table' | 'json'>;
}

/**
 * `sparkify doctor`: what is missing on this machine, or in an environment's account, and the command that mends it.
 * It changes nothing. Exit code 1 where something is wrong.
 */
export async function doctor(options: DoctorOptions): Promise<void> {
  const home = sparkifyHome();
  const progress = new Progress();
  const looking = { home, progress, commands: commandsFor(options) };
  const machine = await progress.step(
    'machine',
    () => machineFacts(PROJECT, home, process.env),
    ({ platform }) => platform,
  );
  const found = [
    ...machineFindings(machine),
    ...(options.env === 'local' ? await lookAtLocal(looking) : await lookAtEnvironment(options, looking)),
  ];
  const titles = {
    machine: 'This machine',
    local: 'The local AWS',
    account: `The account of ${options.env}`,
    warehouse: `The warehouse of ${options.env}`,
  };
  console.log(options.format === 'json' ? JSON.stringify(found, null, 2) : describeFindings(found, titles));
  if (isIll(found)) process.exitCode = 1;
}
