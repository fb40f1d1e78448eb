import { existsSync } from 'node:fs';
import { noBrowser, ownSurroundings } from '../browser';
import { NotDeployedError } from '../errors';
import { sparkifyHome } from '../home';
import { bytes } from '../output';
import { Progress } from '../progress';
import { reportFile, writeReport } from '../report';
import { type TargetChoice, withTarget } from '../target';

export interface OpenOptions extends TargetChoice {
  /** False for `--no-write`: the report that is there. */
  readonly write: boolean;
  readonly print?: boolean;
}

/** `sparkify open`: the report in the person's browser. @throws NotDeployedError when there is none */
export async function open(options: OpenOptions): Promise<void> {
  const file = reportFile(sparkifyHome(), options.env);
  if (options.write) {
    await new Progress().step(
      'report',
      () => withTarget(options, (target) => writeReport(target, file)),
      (size) => bytes(size),
    );
  } else if (!existsSync(file)) {
    throw new NotDeployedError(`There is no report in ${file} yet. Write it: sparkify open, without --no-write`);
  }
  console.log(file);
  if (options.print === true) return;
  const why = noBrowser(ownSurroundings());
  if (why !== undefined) {
    console.error(`Not opened, for ${why}: open the file above in a browser.`);
    return;
  }
  const { default: openInBrowser } = await import('open');
  await openInBrowser(file);
  console.error('Opened in your browser.');
}
