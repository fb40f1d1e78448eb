/**
 * Compiles a program of this checkout to one file of JavaScript in `dist/`, when a source of it has changed since.
 * Reading hundreds of TypeScript files one by one costs each command more than its work does. CommonJS without types,
 * because the first command runs it before anything can read TypeScript.
 */
const { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { readFile } = require('node:fs/promises');
const { dirname, join, resolve } = require('node:path');

const ROOT = resolve(__dirname, '..');
const STAMP = '\n//# sources ';

/**
 * @param {string} entry a TypeScript file, as a path from the root
 * @returns {Promise<string>} the file to give to `node`
 * @throws {Error} of esbuild for TypeScript that it cannot read; of the file system where `dist/` cannot be written
 */
async function compile(entry) {
  const output = join(ROOT, 'dist', entry.replace(/\.ts$/, '.js').replaceAll('/', '-'));
  if (!isCurrent(output)) await build(join(ROOT, entry), output);
  return output;
}

/** Whether the sources that it was made of are those that are there: by size and time, as `make` does. */
function isCurrent(output) {
  if (!existsSync(output)) return false;
  const text = readFileSync(output, 'utf8');
  const at = text.lastIndexOf(STAMP);
  if (at < 0) return false;
  return Object.entries(JSON.parse(text.slice(at + STAMP.length))).every(
    ([source, stamp]) => stampOf(join(ROOT, source)) === stamp,
  );
}

function stampOf(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'gone' : `${stat.size} ${stat.mtimeMs}`;
}

async function build(entry, output) {
  const begun = Date.now();
  const esbuild = require('esbuild');
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entry],
    outfile: output,
    absWorkingDir: ROOT,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'silent',
    plugins: [whereItStood],
  });
  const sources = Object.keys(metafile.inputs).map((source) => [source, lastingStamp(join(ROOT, source), begun)]);
  mkdirSync(dirname(output), { recursive: true });
  // Renamed, so that a program that another process makes at this moment is read whole or not at all.
  const part = `${output}.${process.pid}`;
  writeFileSync(part, `${outputFiles[0].text}${STAMP}${JSON.stringify(Object.fromEntries(sources))}`);
  renameSync(part, output);
}

/** A source that changed while it was compiled may have been read before: it is taken for changed the next time. */
function lastingStamp(file, begun) {
  return statSync(file).mtimeMs >= begun ? 'changed meanwhile' : stampOf(file);
}

/** Each file goes on to find what lies beside it, as if it ran where it stands. */
const whereItStood = {
  name: 'where it stood',
  setup({ onLoad }) {
    onLoad({ filter: /\.(?:ts|cjs)$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const loader = path.endsWith('.ts') ? 'ts' : 'js';
      if (!/\b__(?:dirname|filename)\b/.test(text)) return { contents: text, loader };
      const names = `const __dirname = ${JSON.stringify(dirname(path))}, __filename = ${JSON.stringify(path)};`;
      return { contents: `${names} ${text}`, loader };
    });
  },
};

module.exports = { compile };
