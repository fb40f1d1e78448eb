import { spawn } from '@lydell/node-pty';

/** What a terminal got, as asciicast has it. */
export interface Output {
  /** Seconds since the recording began. */
  readonly at: number;
  readonly text: string;
}

/** A recording in a terminal of a size. */
export interface Cast {
  readonly columns: number;
  readonly rows: number;
  readonly outputs: readonly Output[];
}

export interface Scene {
  readonly columns: number;
  readonly rows: number;
  /** As a person types them, in the order in which they are run. */
  readonly commands: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A command of a recording has failed; what it printed is told. */
export class RecordingError extends Error {
  constructor(command: string, exitCode: number, said: string) {
    super(`The recording of \`${command}\` ended with exit code ${exitCode}. It said:\n${said}`);
    this.name = 'RecordingError';
  }
}

const PROMPT = '\x1b[35m$\x1b[0m ';
/** Seconds between two letters that are typed. */
const KEY = 0.045;

/**
 * Runs commands one after the other in a pseudo terminal and keeps what they print, with its time. Prompt and typing
 * are the recorder's: the commands run as they stand, through `sh -c`.
 * @throws RecordingError when one ends with another exit code than 0
 */
export async function record(scene: Scene): Promise<Cast> {
  const outputs: Output[] = [];
  let now = 0.4;
  for (const command of scene.commands) {
    outputs.push({ at: now, text: PROMPT });
    now += 0.5;
    for (const letter of command) {
      outputs.push({ at: now, text: letter });
      now += KEY;
    }
    outputs.push({ at: now + 0.3, text: '\r\n' });
    const heard = await listen(command, scene);
    outputs.push(...heard.map(({ at, text }) => ({ at: now + 0.3 + at, text })));
    now = (outputs.at(-1)?.at ?? now) + 1;
  }
  outputs.push({ at: now, text: PROMPT });
  return { columns: scene.columns, rows: scene.rows, outputs };
}

function listen(command: string, { columns, rows, folder, environment }: Scene): Promise<readonly Output[]> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const heard: Output[] = [];
    const terminal = spawn('sh', ['-c', command], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd: folder,
      env: environment,
    });
    terminal.onData((text) => heard.push({ at: (performance.now() - begun) / 1000, text }));
    terminal.onExit(({ exitCode }) => {
      if (exitCode === 0) resolve(heard);
      else reject(new RecordingError(command, exitCode, heard.map(({ text }) => text).join('')));
    });
  });
}
