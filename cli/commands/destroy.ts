import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureLocalAws } from '../../local/client';
import { runCdk } from '../cdk';
import { DeployError, NotDeployedError } from '../errors';
import { sparkifyHome } from '../home';
import { localContext, localDeploy } from '../local-context';
import { LOCAL_STACK } from '../local-stack';

/** `sparkify destroy`: the real `cdk destroy` of the local stack. @throws CliError */
export async function destroy(): Promise<void> {
  const home = sparkifyHome();
  if (!existsSync(home)) throw new NotDeployedError(`There is no ${home}: nothing to destroy.`);
  const aws = await ensureLocalAws({ home });
  try {
    const args = [
      'destroy',
      LOCAL_STACK,
      ...localContext(localDeploy(home)),
      // What goes needs no right SQL.
      ...['-c', 'sqlCheck=off'],
      '--force',
      '--output',
      join(home, 'cdk.out'),
    ];
    const run = await runCdk(args, aws.environment, (line) => console.error(`  ${line}`));
    if (run.exitCode !== 0) {
      throw new DeployError(`cdk destroy ended with exit code ${run.exitCode}; its reason stands above.`);
    }
    console.log(
      `${LOCAL_STACK} is gone, its cluster with it. Kept, as on AWS: the work bucket and the key. All else: rm -r ${home}`,
    );
  } finally {
    await aws.stop();
  }
}
