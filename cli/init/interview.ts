import { isDeepStrictEqual } from 'node:util';
import type { AwsEnvironment } from '../environments';
import { UsageError } from '../errors';
import { ANSWERS, type GivenAnswers } from './answers';
import { type Asker, meant, typed } from './ask';
import { Draft, valueAt } from './draft';
import type { Context, KnownOfAws, Question } from './question';
import { begunAnew, QUESTIONS } from './questions';
import type { Fields, Judgement, Refusal } from './rules';

/** What an interview needs of the world. */
export interface Interview {
  readonly environment: AwsEnvironment;
  /** The environment's file as it is; empty for a new one. */
  readonly text: string;
  readonly given: GivenAnswers;
  /** Undefined where nobody is to be asked: then what is not given is as proposed. */
  readonly asker: Asker | undefined;
  judge(text: string): Promise<Judgement>;
  /** What AWS says, for the answers so far. */
  known(config: Fields, question: Question): Promise<KnownOfAws>;
}

export interface Interviewed {
  readonly text: string;
  readonly config: Fields;
}

/**
 * Goes through the questions. Each answer is judged at once, by the rules of synth; a person is asked again.
 * @throws UsageError where a given or a proposed answer is not usable, or the file cannot be read
 */
export async function interview(options: Interview): Promise<Interviewed> {
  let text = options.text;
  let config = await readable(text, options);
  const before = config;
  for (const question of QUESTIONS) {
    const context: Context = {
      environment: options.environment,
      config,
      given: options.given,
      known: await options.known(config, question),
      regionBefore: before.region,
      unchangedWarehouse: isDeepStrictEqual(config.warehouse, before.warehouse),
    };
    if (question.applies?.(context) === false) {
      refuseNeedless(question, options.given);
      continue;
    }
    text = await answered(question, context, text, options);
    config = await readable(text, options);
  }
  const { refusals } = await options.judge(text);
  if (refusals.length > 0) throw new UsageError(refusals.map(({ message }) => message).join('\n'));
  return { text, config };
}

/** All fields of a text. @throws UsageError */
async function readable(text: string, { judge }: Interview): Promise<Fields> {
  const { config, refusals } = await judge(text);
  if (config === null) throw new UsageError(`${refusals[0]?.message} Mend the file, or take it away, then again.`);
  return config;
}

/** One question's answer, until it is usable. @returns the file's text with it */
async function answered(question: Question, context: Context, text: string, options: Interview): Promise<string> {
  const given = options.given[question.name];
  const proposal = question.proposal?.(context) ?? valueAt(context.config, question.path);
  const asker = given === undefined && question.quiet !== true ? options.asker : undefined;
  const help = question.why?.(context);
  if (help !== undefined) asker?.tell(help);
  let offered = proposal;
  for (;;) {
    const answer =
      asker === undefined
        ? (given ?? spoken(question, proposal))
        : await asker.ask(question, offered, question.choices?.(context) ?? []);
    const value = meant(question, answer);
    const changed = withAnswer(question, value, context, text);
    const refusal = refusalOf(question, await options.judge(changed));
    if (refusal === undefined) return changed;
    if (asker === undefined) throw new UsageError(unusable(question, given, value, refusal, help));
    asker.refuse(`${typed(value) === '' ? 'nothing' : typed(value)}: ${refusal.allowed}`);
    offered = value;
  }
}

const spoken = ({ kind }: Question, proposal: unknown): string | boolean =>
  kind === 'flag' ? proposal === true : typed(proposal);

function withAnswer(question: Question, value: unknown, context: Context, text: string): string {
  const draft = new Draft(text);
  const anew = begunAnew(question, value, context);
  if (anew !== undefined) draft.set(anew.path, anew.value, context.config);
  else
    draft.set(
      question.path,
      question.written === undefined ? value : question.written(value, context),
      context.config,
      question.comment,
    );
  return draft.text();
}

/** What is wrong with the answer itself; what a later question mends is not. */
function refusalOf({ path }: Question, { refusals }: Judgement): Refusal | undefined {
  return refusals.find((refusal) => path.every((key, index) => refusal.path[index] === key));
}

function unusable(
  { name }: Question,
  given: string | boolean | undefined,
  value: unknown,
  { allowed, message }: Refusal,
  help: string | undefined,
): string {
  const flag = ANSWERS[name][0].split(' ')[0];
  if (given !== undefined) return `${flag} ${given} is not usable; allowed: ${allowed}.`;
  const more = help === undefined ? '' : ` ${help}`;
  return typed(value) === '' ? `${flag} is needed: ${allowed}.${more}` : `${message} ${flag} gives another value.`;
}

/** An option that would do nothing is a mistake. @throws UsageError */
function refuseNeedless({ name }: Question, given: GivenAnswers): void {
  // `--no-pause` of a serverless warehouse says what is so.
  if (given[name] === undefined || given[name] === false) return;
  const flag = ANSWERS[name][0].split(' ')[0];
  throw new UsageError(`${flag} does not go with the other answers: what it sets is not part of such an environment.`);
}
