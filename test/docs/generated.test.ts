import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architecture } from '../../handbook/architecture/architecture';
import { TYPED } from '../../handbook/cast/cast';
import { cliReference } from '../../handbook/cli-reference';
import { commandOf } from '../support/docs/commands';
import { ROOT } from '../support/docs/pages';
import { objections } from '../support/docs/validity';

const written = (file: string) => readFileSync(join(ROOT, 'docs', file), 'utf8');

/** Where one of these fails, `npm run docs -- architecture cli` writes the files anew. */
describe('what is generated in docs/', () => {
  it('docs/architecture.svg is what the template of prod says: npm run docs -- architecture', () => {
    expect(written('architecture.svg')).toBe(architecture());
  });

  it('docs/cli.md is what the command line takes: npm run docs -- cli', () => {
    expect(written('cli.md')).toBe(cliReference());
  });
});

/** A recording differs each time, so that it is not compared: `npm run docs -- cast` makes it anew. */
describe('docs/start.svg', () => {
  const svg = written('start.svg');

  it('shows the commands that the recorder types, and they exist', () => {
    for (const typed of TYPED) {
      expect(svg).toContain(`>${typed.replaceAll('"', '&quot;')}</text>`);
      const command = commandOf(typed, 1);
      expect(command && objections(command)).toEqual([]);
    }
  });

  it('says what it shows to those who do not see it, and stands still for those who want no motion', () => {
    expect(svg).toMatch(/role="img" aria-labelledby="title description"/);
    expect(svg).toMatch(/<title id="title">[^<]{10,}<\/title><desc id="description">[^<]{50,}<\/desc>/);
    expect(svg).toMatch(/@media \(prefers-reduced-motion:reduce\)\{[^}]*animation:none/);
  });

  it('is small, and names no folder of the machine that it was recorded on', () => {
    expect(Buffer.byteLength(svg)).toBeLessThan(200_000);
    expect(svg).toContain('~/sparkify');
    expect(svg.match(/(\/home\/|\/root\/|\/Users\/|\/tmp\/|\/work\/|[A-Z]:\\)[^<]*/g)).toBeNull();
  });
});
