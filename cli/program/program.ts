import { Command } from 'commander';
import { exitCodesText } from '../exit-codes';
import { addAsking } from './asking';
import { addDeploying } from './deploying';
import { addLoading } from './loading';
import { addLooking } from './looking';
import { addSettingUp } from './setting-up';

/** The whole command line: what there is and how it is explained. The work of a command is loaded when it runs. */
export function program(): Command {
  const sparkify = new Command('sparkify')
    .description('The Sparkify warehouse, on one machine and on AWS: deploy it, load it, ask it.')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText(
      'after',
      `
Exit codes:
${exitCodesText()}

Called from the checkout as npx sparkify ... or npm run -s sparkify -- ..., after npm link as sparkify ... in any folder.
State on this machine lives in .sparkify/ or in the folder that SPARKIFY_HOME names.`,
    );
  sparkify.commandsGroup('Set up:');
  addSettingUp(sparkify);
  sparkify.commandsGroup('Deploy:');
  addDeploying(sparkify);
  sparkify.commandsGroup('Ask:');
  addAsking(sparkify);
  sparkify.commandsGroup('Load:');
  addLoading(sparkify);
  sparkify.commandsGroup('Look:');
  addLooking(sparkify);
  return sparkify;
}
