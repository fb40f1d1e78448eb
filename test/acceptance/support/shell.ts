import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** Whether a program is installed here. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** What a person does at a terminal: waits until something stands there, then types. */
export interface Turn {
  readonly shown: RegExp;
  readonly type: string;
}

/**
 * Runs a command line on a real terminal (of `script`) and types at it.
 * @returns everything that was shown, without colours, and the exit code
 */
export function atTerminal(
  commandLine: string,
  turns: readonly Turn[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly shown: string; readonly exitCode: number | null }> {
  return new Promise((resolve, reject) => {
    // A terminal that nobody sits at has no width: prompts would break after each letter.
    const child = spawn('script', ['-qec', `stty cols 120 rows 40; ${commandLine}`, '/dev/null'], {
      cwd: options.cwd,
      env: { ...process.env, TERM: 'xterm', ...options.env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const left = [...turns];
    let raw = '';
    let from = 0;
    const shownSoFar = () => stripVTControlCharacters(raw);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      raw += text;
      const shown = shownSoFar();
      const [turn] = left;
      if (turn === undefined || !turn.shown.test(shown.slice(from))) return;
      left.shift();
      from = shown.length;
      child.stdin.write(turn.type);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ shown: shownSoFar(), exitCode }));
  });
}
