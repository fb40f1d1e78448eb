import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bashScript } from '../completion/bash';
import { PROJECT } from '../home';

/** The shells that completion is there for. */
export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

const PROGRAM = 'sparkify';

/** `sparkify completion SHELL`: prints the script that a shell has to read, with how to do that in its head. */
export async function completion(shell: Shell): Promise<void> {
  const words = [process.execPath, '--require', createRequire(__filename).resolve('tsx/cjs'), answerer()];
  const ask = words.map((word) => quoted(word, shell)).join(' ');
  const script = shell === 'bash' ? bashScript(PROGRAM, ask) : await libraryScript(shell, ask);
  console.log([head(shell), fallback(shell), script].join('\n'));
}

const answerer = () => join(PROJECT, 'cli', 'completion', 'main.ts');

/** The scripts of the other shells print themselves. */
async function libraryScript(shell: Exclude<Shell, 'bash'>, ask: string): Promise<string> {
  const { script } = await import('@bomb.sh/tab');
  const printed: string[] = [];
  const { log } = console;
  console.log = (text: string) => printed.push(text);
  try {
    script(shell, PROGRAM, ask);
  } finally {
    console.log = log;
  }
  return printed.join('\n');
}

function quoted(word: string, shell: Shell): string {
  if (shell === 'powershell') return `'${word.replaceAll("'", "''")}'`;
  return shell === 'fish'
    ? `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : `'${word.replaceAll("'", "'\\''")}'`;
}

const SOURCED: Readonly<Record<Shell, string>> = {
  bash: 'npx sparkify completion bash > ~/.sparkify-completion.bash && echo "source ~/.sparkify-completion.bash" >> ~/.bashrc',
  zsh: 'npx sparkify completion zsh > ~/.sparkify-completion.zsh && echo "source ~/.sparkify-completion.zsh" >> ~/.zshrc',
  fish: 'npx sparkify completion fish > ~/.config/fish/completions/sparkify.fish',
  powershell:
    'npx sparkify completion powershell > ~/sparkify-completion.ps1; Add-Content $PROFILE ". ~/sparkify-completion.ps1"',
};

/** Zsh wants `#compdef` first only of files that it finds by itself; this one is sourced. */
function head(shell: Shell): string {
  return [
    `# Completion of sparkify for ${shell}. Once, in the folder of the checkout:`,
    `#   ${SOURCED[shell]}`,
    '# It completes `sparkify ...`. Where `npm link` has made no such command, the lines below make one.',
  ].join('\n');
}

/** A `sparkify` of this checkout, where there is none. */
function fallback(shell: Shell): string {
  const call = [process.execPath, join(PROJECT, 'cli', 'sparkify.mjs')].map((word) => quoted(word, shell)).join(' ');
  switch (shell) {
    case 'fish':
      return `type -q ${PROGRAM}; or function ${PROGRAM}; ${call} $argv; end\n`;
    case 'powershell':
      return `if (-not (Get-Command ${PROGRAM} -ErrorAction SilentlyContinue)) { function ${PROGRAM} { & ${call} @args } }\n`;
    default:
      return `command -v ${PROGRAM} >/dev/null 2>&1 || ${PROGRAM}() { ${call} "$@"; }\n`;
  }
}
