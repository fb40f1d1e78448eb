import type { Format } from '../output';
import { describeRun } from '../runs/describe-run';
import { runStory } from '../runs/run-story';
import { type TargetChoice, withTarget } from '../target';

/** `sparkify run RUN_ID`: one run's whole story. @throws UnknownRunError */
export async function run(
  asked: string,
  options: TargetChoice & { readonly format: Extract<Format, 'table' | 'json'> },
): Promise<void> {
  const story = await withTarget(options, (target) => runStory(target, asked));
  console.log(options.format === 'json' ? JSON.stringify(story, null, 2) : describeRun(story));
}
