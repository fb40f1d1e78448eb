import { Argument, type Command, Option } from 'commander';
import { AWS_ENVIRONMENTS } from '../environments';
import { ANSWER_CHOICES, ANSWERS, type AnswerName, FLAGS } from '../init/answers';
import { examples, lazily, located, reportFormat } from './options';

/** init, doctor, completion: what makes a machine, an account and a shell ready. */
export function addSettingUp(sparkify: Command): void {
  addInit(sparkify);
  addDoctor(sparkify);
  addCompletion(sparkify);
}

function addInit(sparkify: Command): void {
  const command = sparkify
    .command('init')
    .description('ask for what an environment on AWS needs, and write its file')
    .addOption(new Option('--env <name>', 'which environment').choices(AWS_ENVIRONMENTS).makeOptionMandatory())
    .option('--profile <name>', 'profile of the AWS configuration files, for what AWS can tell')
    .option('--yes', 'ask nothing: take what is proposed')
    .option('--print', 'show the file, and write nothing')
    .addOption(reportFormat());
  command.optionsGroup('Answers, each instead of a question:');
  for (const name of Object.keys(ANSWERS) as AnswerName[]) addAnswer(command, name);
  command.action(lazily(async () => (await import('../commands/init.ts')).init));
  examples(
    command,
    'init --env dev',
    'init --env prod --account 123456789012 --emails data@example.com --yes',
    'init --env dev --warehouse serverless --yes --print',
  );
}

function addAnswer(command: Command, name: AnswerName): void {
  const [flags, description] = ANSWERS[name];
  const option = new Option(flags, description);
  const choices = ANSWER_CHOICES[name];
  command.addOption(choices === undefined ? option : option.choices(choices));
  if ((FLAGS as readonly AnswerName[]).includes(name)) command.option(flags.replace('--', '--no-'), 'or not');
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
