import { join } from 'node:path';
import { synthesize } from '../cdk';
import { outColours as pc } from '../colours';
import type { AwsEnvironment } from '../environments';
import { DeployError, UsageError } from '../errors';
import { sparkifyHome } from '../home';
import { ANSWERS, type AnswerName, type GivenAnswers } from '../init/answers';
import { AwsKnowledge } from '../init/aws';
import { costText, environmentCost, type PricedWarehouse } from '../init/costs';
import { environmentPath, environmentText } from '../init/environment-file';
import { type Interviewed, interview } from '../init/interview';
import { newFile } from '../init/new-file';
import { type Fields, Rules } from '../init/rules';
import { coloured, difference, writeProven } from '../init/write';
import type { Format } from '../output';
import { Progress } from '../progress';

export interface InitOptions extends GivenAnswers {
  readonly env: AwsEnvironment;
  readonly profile?: string;
  /** Takes what is proposed for all that is not given. */
  readonly yes?: boolean;
  /** Shows the file and writes nothing. */
  readonly print?: boolean;
  readonly format: Extract<Format, 'table' | 'json'>;
}

/** What `init --format json` tells. */
interface InitSummary {
  readonly file: string;
  readonly written: boolean;
  readonly diff: string;
  /** All fields, with those that the file leaves to common.ts. */
  readonly environment: Fields;
  /** US dollars a month by list price; null where docs/cost.md has no price. */
  readonly monthlyUsd: { readonly least: number; readonly most: number | null } | null;
  /** The commands that come next. */
  readonly next: readonly string[];
}

/**
 * `sparkify init`: asks for what an environment needs, writes its file, and synthesizes to prove that it is right.
 * @throws UsageError for an answer that is not usable, InterruptedError at Ctrl-C, DeployError where synth fails
 */
export async function init(options: InitOptions): Promise<void> {
  if (options.profile !== undefined) process.env.AWS_PROFILE = options.profile;
  const interactive = options.yes !== true && options.format === 'table' && isTerminal();
  if (!interactive && options.yes !== true) {
    throw new UsageError('init asks on a terminal. Without one: --yes takes what is proposed, options give the rest.');
  }
  const before = environmentText(options.env);
  const result = await asked(options, before, interactive);
  const diff = difference(options.env, before ?? '', result.text);
  if (options.print === true) return print(options, result, diff);
  if (await written(options, result, before, diff, interactive)) tell(options, result, diff);
}

const isTerminal = () => process.stdin.isTTY === true && process.stdout.isTTY === true;

async function asked(options: InitOptions, before: string | undefined, interactive: boolean): Promise<Interviewed> {
  const rules = new Rules();
  const aws = new AwsKnowledge();
  try {
    return await interview({
      environment: options.env,
      text: before ?? newFile(options.env),
      given: givenIn(options),
      asker: interactive ? (await import('../init/terminal.ts')).terminal : undefined,
      judge: (text) => rules.judge(options.env, text),
      known: (config, question) => aws.for(config, question),
    });
  } finally {
    rules.close();
  }
}

function givenIn(options: InitOptions): GivenAnswers {
  const names = Object.keys(ANSWERS) as AnswerName[];
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

/** Writes and proves. @returns false where somebody has said no to what they saw */
async function written(
  { env, format }: InitOptions,
  { text }: Interviewed,
  before: string | undefined,
  diff: string,
  interactive: boolean,
): Promise<boolean> {
  const progress = new Progress();
  if (diff !== '' && format === 'table') progress.say(coloured(diff));
  if (diff !== '' && interactive) {
    const { confirmed } = await import('../init/terminal.ts');
    if (!(await confirmed(`Write ${environmentPath(env)}?`))) {
      progress.say('Nothing was written.');
      return false;
    }
  }
  const prove = () =>
    progress.step(
      'synth',
      () => synthesize(join(sparkifyHome(), 'init', 'cdk.out'), ['-c', `env=${env}`]),
      () => `Sparkify-${env} from ${environmentPath(env)}`,
    );
  try {
    if (diff === '') await prove();
    else await writeProven(env, text, before, prove);
    return true;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    throw new DeployError(`${error.message}\n${environmentPath(env)} is as it was before.`, { cause: error });
  }
}

function print(options: InitOptions, result: Interviewed, diff: string): void {
  if (options.format === 'json') console.log(JSON.stringify(summary(options, result, diff, false), null, 2));
  else process.stdout.write(result.text);
}

function tell(options: InitOptions, result: Interviewed, diff: string): void {
  const told = summary(options, result, diff, diff !== '');
  if (options.format === 'json') {
    console.log(JSON.stringify(told, null, 2));
    return;
  }
  const cost = costOf(result.config);
  console.log(
    [
      pc.bold(told.written ? `${told.file} is written.` : `${told.file} is as it should be.`),
      `It comes to ${costText(cost)}, by the list prices of us-west-2 (docs/cost.md).`,
      '',
      pc.bold('Next'),
      ...told.next.map((command) => `  ${command}`),
    ].join('\n'),
  );
}

const costOf = ({ warehouse, sources, region }: Fields) =>
  environmentCost(warehouse as PricedWarehouse, (sources as { readonly region?: unknown }).region !== region);

function summary({ env, profile }: InitOptions, { config }: Interviewed, diff: string, written: boolean): InitSummary {
  const cost = costOf(config);
  const as = profile === undefined ? '' : ` --profile ${profile}`;
  return {
    file: environmentPath(env),
    written,
    diff,
    environment: config,
    monthlyUsd:
      cost === undefined ? null : { least: round(cost.least), most: cost.most === null ? null : round(cost.most) },
    next: [
      `npx cdk bootstrap aws://${config.account}/${config.region}${as}`,
      `npx sparkify doctor --env ${env}${as}`,
      `npx sparkify deploy --env ${env}${as}`,
    ],
  };
}

const round = (usd: number) => Math.round(usd * 100) / 100;
