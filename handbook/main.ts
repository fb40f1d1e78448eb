/** `npm run docs`: writes what is generated in docs/: the architecture diagram, the command line's page, the terminal cast. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { architecture } from './architecture/architecture';
import { startCast } from './cast/cast';
import { cliReference } from './cli-reference';

const DOCS = resolve(__dirname, '..', 'docs');

const HELP = `npm run docs -- [architecture] [cli] [cast]
Writes what is generated in docs/; all of it without a name.
  architecture  docs/architecture.svg, from the template of prod
  cli           docs/cli.md, from the parser of the command line
  cast          docs/start.svg, recorded from npm start and a query (a minute)
  --help        this text
Exit codes: 0 written, 1 failed, 2 wrong use.`;

const PARTS: Readonly<Record<string, { readonly file: string; make(): string | Promise<string> }>> = {
  architecture: { file: 'architecture.svg', make: architecture },
  cli: { file: 'cli.md', make: cliReference },
  cast: { file: 'start.svg', make: startCast },
};

async function main(names: readonly string[]): Promise<void> {
  if (names.includes('--help')) {
    console.log(HELP);
    return;
  }
  const unknown = names.filter((name) => PARTS[name] === undefined);
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  for (const [name, { file, make }] of Object.entries(PARTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const text = await make();
    writeFileSync(join(DOCS, file), text);
    console.log(`docs/${file}: ${Math.ceil(text.length / 1000)} kB`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
