/**
 * The first thing that every command runs, with nothing but Node: installs what package-lock.json asks for when that
 * is not what stands in node_modules, then hands over. Until that is done it may use nothing that is not part of Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../build/compile.cjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const STAMP = join(ROOT, 'node_modules', '.sparkify-installed');
const OLDEST_NODE = 20;

/**
 * Stands for the loader of TypeScript, found when it is installed: sparkify may be called in any folder. The hooks for
 * `require` alone: those for `import` are a thread of their own and a third of a second.
 */
const LOADER = 'tsx/cjs';
const TSX = ['--require', LOADER];
/** Stands for the command line, compiled. */
const CLI = 'cli/main.ts';
const SPARKIFY = ['--enable-source-maps', CLI];
const COMMANDS = {
  start: [...SPARKIFY, 'start'],
  sparkify: SPARKIFY,
  test: [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js')],
  bench: [...TSX, join(ROOT, 'bench', 'main.ts')],
  sweep: [...TSX, join(ROOT, 'test', 'sweep', 'main.ts')],
  acceptance: [
    join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--config',
    join(ROOT, 'jest.acceptance.config.js'),
  ],
  compliance: [...TSX, join(ROOT, 'compliance', 'main.ts')],
  docs: [...TSX, join(ROOT, 'handbook', 'main.ts')],
  promote: [...SPARKIFY, 'promote'],
  simulate: [...TSX, join(ROOT, 'simulation', 'main.ts')],
};

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer.`);
}

function installWhatIsMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  process.stderr.write('Installing the packages that package-lock.json names (once, about half a minute) ...\n');
  const done = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) fail('`npm ci` failed (see above). Mend what it says, then run the same command again.');
  writeFileSync(STAMP, wanted);
}

/** The words after `node`: the program with what it needs, which is made or found now that it is installed. */
async function program(command) {
  const prefix = COMMANDS[command];
  if (prefix === undefined) fail(`bootstrap: unknown command "${command}"; known: ${Object.keys(COMMANDS).join(', ')}`);
  if (prefix.includes(CLI)) {
    const compiled = await compile(CLI).catch((error) =>
      fail(
        `${error.message}\n${CLI} cannot be compiled into dist/. Mend what stands above, then run the same command again.`,
      ),
    );
    return prefix.map((word) => (word === CLI ? compiled : word));
  }
  const loader = createRequire(import.meta.url).resolve(LOADER);
  return prefix.map((word) => (word === LOADER ? loader : word));
}

function handOver(program, args) {
  const child = spawn(process.execPath, [...program, ...args], {
    stdio: 'inherit',
    // The work of long queries must not fill libuv's pool: five of them would make `select 1` wait.
    env: { UV_THREADPOOL_SIZE: '16', ...process.env, NODE_NO_WARNINGS: '1' },
  });
  // The terminal sends Ctrl-C to the whole group; the child decides, and we leave with its exit code.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + 15));
}

checkNode();
installWhatIsMissing();
handOver(await program(process.argv[2] ?? ''), process.argv.slice(3));
