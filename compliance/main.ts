/**
 * `npm run compliance`: holds every environment to the rules of cdk-nag's packs, Control Tower and the CDK itself.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, comply } from './command';
import { PACKS } from './packs';
import { variants } from './variants';

const HELP = `npm run compliance -- [--format table|json] [--write]
Checks every environment against cdk-nag (AwsSolutions, HIPAA, NIST 800-53, PCI DSS, Serverless), the proactive controls
of Control Tower and the CDK's own template validation.
  --format F   table for people (default), json for programs
  --write      write docs/security.md; without it, an outdated one fails
  --help       this text
Exit codes: 0 nothing is left to do, 1 something is (it is printed), 2 wrong use.`;

const ROOT = join(__dirname, '..');

type Options = Pick<Command, 'format' | 'write'>;

function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      format: { type: 'string', default: 'table' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (values.format !== 'table' && values.format !== 'json') {
    throw new TypeError(`--format is '${values.format}'; allowed: table, json.`);
  }
  return { format: values.format, write: values.write };
}

function main(): void {
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  if (options === undefined) {
    console.log(HELP);
    return;
  }
  // Somebody who has switched the CDK's validation off to work faster means other commands than this one.
  process.env.CDK_VALIDATION = 'true';
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  process.exitCode = comply({
    ...options,
    variants: variants(),
    packs: PACKS,
    context,
    document: join(ROOT, 'docs', 'security.md'),
    out: console.log,
    err: console.error,
  });
}

main();
