import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectEnvironments } from '../../lib/config';
import { readPipeline } from '../../lib/config/pipeline';
import { commandOf } from '../support/docs/commands';
import { type Block, pageFiles, readPage } from '../support/docs/pages';
import { objections } from '../support/docs/validity';

/** Files of configuration that the pages show; parts of files are tried where the whole is (extending.test.ts). Their first line may say for which command: `# FILE, for: COMMAND`. */
const shown = pageFiles().flatMap((file) =>
  readPage(file)
    .blocks.filter(({ language, info }) => language === 'yaml' && !/\bfile=/.test(info))
    .map((block) => [`${file}:${block.line}`, block] as const),
);

describe('the configuration that the docs show', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shown-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Reads a file as the CDK app would. Without a command it is laid over prod. */
  const read = ({ text }: Block): unknown => {
    const [, name = 'shown.yaml', said] = /^# (\S+), for: (.+)/.exec(text) ?? [];
    const file = join(folder, name);
    writeFileSync(file, text);
    const command = said === undefined ? undefined : commandOf(said, 1);
    expect(command === undefined ? [] : objections(command, false)).toEqual([]);
    if (said?.includes('-c pipeline=')) return readPipeline(file);
    return selectEnvironments({ env: /-c env=(\w+)/.exec(said ?? '')?.[1] ?? 'prod', config: file });
  };

  it.each(shown)('%s is what the app takes', (_place, block) => {
    expect(read(block)).toBeTruthy();
  });

  it('is some, and would be refused with a field that there is not', () => {
    expect(shown.length).toBeGreaterThanOrEqual(3);
    expect(() => read({ ...(shown[0]?.[1] as Block), text: 'moon: full\n' })).toThrow(/moon/);
  });
});
