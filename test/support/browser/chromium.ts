import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, resolve, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-stream';

const MODULES = resolve(__dirname, '..', '..', '..', 'node_modules');
/** Where the package keeps its browser, packed. */
const PACKED = join(MODULES, '@sparticuz', 'chromium', 'bin');
/** Unpacked once a checkout; npm ci clears it. */
const UNPACKED = join(MODULES, '.cache', 'sparkify-chromium');

/** A browser that can be started, and where it finds its libraries and fonts. */
export interface Executable {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * A headless Chromium: the one that SPARKIFY_CHROMIUM names, else that of the package @sparticuz/chromium, which brings
 * its browser with it and so needs nothing but npm.
 * @throws Error on a machine that the package has no browser for
 */
export async function chromium(): Promise<Executable> {
  const named = process.env.SPARKIFY_CHROMIUM;
  if (named !== undefined) return { path: named, environment: process.env };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `@sparticuz/chromium has no browser for ${process.platform} ${process.arch}: set SPARKIFY_CHROMIUM to the path ` +
        'of a Chrome or Chromium and run the tests again.',
    );
  if (!existsSync(UNPACKED)) await unpack();
  const environment = {
    ...process.env,
    LD_LIBRARY_PATH: join(UNPACKED, 'lib'),
    FONTCONFIG_PATH: join(UNPACKED, 'fonts'),
    HOME: UNPACKED,
  };
  return { path: join(UNPACKED, 'chromium'), environment };
}

/** Beside its place first: another test may be doing the same, and the first one to be done wins. */
async function unpack(): Promise<void> {
  await mkdir(dirname(UNPACKED), { recursive: true });
  const made = await mkdtemp(`${UNPACKED}-`);
  try {
    const binary = join(made, 'chromium');
    await pipeline(packed('chromium.br'), createWriteStream(binary));
    await chmod(binary, 0o755);
    for (const archive of ['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) await unpackArchive(archive, made);
    await rename(made, UNPACKED);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!existsSync(UNPACKED)) throw error;
  }
}

const packed = (name: string): NodeJS.ReadableStream =>
  createReadStream(join(PACKED, name)).pipe(createBrotliDecompress());

async function unpackArchive(name: string, folder: string): Promise<void> {
  const entries = extract();
  const reading = pipeline(packed(name), entries);
  for await (const entry of entries) {
    const path = normalize(join(folder, entry.header.name));
    if (entry.header.type !== 'file' || !path.startsWith(folder + sep)) {
      entry.resume();
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await buffer(entry));
  }
  await reading;
}

/** A folder for a browser's own files. */
export function profileFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sparkify-browser-'));
}
