import { spawn } from 'node:child_process';

/** How much of a terminal there is to write on. */
export interface Screen {
  readonly columns?: number;
  readonly rows?: number;
}

/** Whether a text has more lines than the screen; one line is left for the prompt. */
export function isLonger(text: string, { rows }: Screen): boolean {
  if (rows === undefined) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > rows - 1;
}

/** The command that pages: PAGER, else less; undefined where PAGER is set to nothing or to cat. */
export function pagerOf(environment: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const pager = environment.PAGER?.trim() ?? 'less';
  return pager === '' || pager === 'cat' ? undefined : pager;
}

/**
 * Shows a text in a pager, and resolves when somebody has left it.
 * @returns false where there is no such command: nothing was shown
 */
export function page(text: string, pager: string, environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  return new Promise((resolve) => {
    // S: long lines are not wrapped; R: colours; F: what fits is only written; X: what was shown stays.
    const env = { ...environment, LESS: environment.LESS ?? 'SRFX' };
    const child = spawn(pager, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env });
    // Ctrl-C in the pager is the pager's.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    child.on('error', () => resolve(false));
    child.on('close', (code) => {
      process.off('SIGINT', ignore);
      resolve(code !== 127 && code !== 126);
    });
    // Whoever leaves the pager has seen enough.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${text}\n`);
  });
}
