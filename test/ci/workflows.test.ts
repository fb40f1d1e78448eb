import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { program } from '../../cli/program/program';
import { actionlint, githubParser, type Lint } from './workflow-linter';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.github', 'workflows');
const FILES = readdirSync(FOLDER);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps?: readonly Step[];
  readonly 'timeout-minutes'?: number;
  readonly needs?: string | readonly string[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: object;
  readonly on: {
    readonly workflow_call?: { readonly inputs: Readonly<Record<string, { readonly required?: boolean }>> };
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const workflow = (file: string) => parse(textOf(file)) as Workflow;
const jobsOf = (file: string) => Object.entries(workflow(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(([, { steps = [] }]) => steps);

describe('the linters', () => {
  const BROKEN = textOf('ci.yml');

  it.each([
    ['an unknown runner', 'ubuntu-latest', 'ubuntu-latst', 'actionlint'],
    [
      'a title that a stranger writes, in a script',
      'run: .ci/run',
      `run: echo \${{ github.event.pull_request.title }}`,
      'actionlint',
    ],
    ['the output of a step that is not there', 'steps.role.outputs.region', 'steps.rule.outputs.region', 'actionlint'],
    ['a permission that does not exist', 'pull-requests: write', 'pull-request: write', 'both'],
    ['a key that does not exist', 'timeout-minutes: 60', 'timeout: 60', 'both'],
    ['a need of a job that is not there', 'needs: diff', 'needs: dif', 'actionlint'],
    ['a context that is not there', `vars.AWS_ROLES`, 'variables.AWS_ROLES', 'both'],
    ['an expression that does not end', `\${{ github.token }}`, `\${{ github.token }`, 'both'],
  ])('find %s', async (_what, good, bad, by) => {
    expect(BROKEN).toContain(good);
    const text = BROKEN.replace(good, bad);
    expect(await (await actionlint())(text, 'ci.yml')).not.toEqual([]);
    if (by === 'both') expect(await (await githubParser())(text, 'ci.yml')).not.toEqual([]);
  });
});

describe.each(FILES)('the workflow %s', (file) => {
  it.each([
    ['actionlint', actionlint],
    ["GitHub's own parser", githubParser],
  ] as const)('has nothing that %s objects to', async (_name, make: () => Promise<Lint>) => {
    expect(await (await make())(textOf(file), file)).toEqual([]);
  });

  it('uses actions by their digest, with the version beside it, and each everywhere in the same version', () => {
    const uses = [...textOf(file).matchAll(/uses: (?!\.\/)(.*)/g)].map(([, used]) => used as string);
    for (const used of uses) expect(used).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const all = FILES.flatMap((other) =>
      [...textOf(other).matchAll(/uses: ([^.].*)/g)].map(([, used]) => used as string),
    );
    expect(new Set(all).size).toBe(new Set(all.map((used) => used.split('@')[0])).size);
  });

  it('gives no permission to all jobs, and says what each of them needs', () => {
    expect(workflow(file).permissions).toEqual({});
    for (const [, { permissions }] of jobsOf(file)) {
      expect(permissions).toBeDefined();
      const written = Object.entries(permissions ?? {}).filter(([, access]) => access === 'write');
      // Who may write to the repository's pull requests has no way into AWS, and the other way round.
      expect(written.length).toBeLessThanOrEqual(1);
      for (const [scope] of written) expect(['id-token', 'pull-requests']).toContain(scope);
    }
  });

  it('ends a job that hangs', () => {
    for (const [, job] of jobsOf(file)) {
      if (job.uses === undefined) expect(job['timeout-minutes']).toBeLessThanOrEqual(100);
    }
  });

  it('keeps the token of the checkout out of the checkout', () => {
    for (const step of stepsOf(file).filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('calls scripts of package.json and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const runs = stepsOf(file).map(({ run = '' }) => run);
    for (const [, name] of runs.flatMap((run) => [...run.matchAll(/npm run (?:-s )?([\w-]+)/g)])) {
      expect(Object.keys(scripts)).toContain(name);
    }
    for (const [path] of runs.flatMap((run) => [...run.matchAll(/\.ci\/[\w.-]+/g)])) {
      expect(existsSync(join(ROOT, path))).toBe(true);
    }
    for (const [, job] of jobsOf(file)) {
      if (job.uses === undefined) continue;
      const called = workflow(job.uses.replace('./.github/workflows/', ''));
      const inputs = called.on.workflow_call?.inputs ?? {};
      const required = Object.keys(inputs).filter((name) => inputs[name]?.required === true);
      expect(Object.keys(job.with ?? {})).toEqual(expect.arrayContaining(required));
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(job.with ?? {})));
    }
  });
});

describe('the commands of the workflows', () => {
  it('are those of the command line, with options that it has', () => {
    const options = new Map(
      program().commands.map((command) => [command.name(), command.options.map(({ long }) => long)]),
    );
    const text = FILES.map(textOf)
      .join('\n')
      .replaceAll(/\\\n\s*/g, ' ');
    const calls = [...text.matchAll(/npm run -s sparkify -- (\w+)(.*)/g)];
    expect(calls.length).toBeGreaterThanOrEqual(3);
    for (const [, command = '', rest = ''] of calls) {
      expect([...options.keys()]).toContain(command);
      for (const [, option] of rest.matchAll(/ (--[\w-]+)/g)) expect(options.get(command)).toContain(option);
    }
  });
});

describe('ci.yml', () => {
  it('does what .ci/run does, by calling it', () => {
    expect(stepsOf('ci.yml').map(({ run }) => run)).toContain('.ci/run');
  });
});

describe('promote.yml', () => {
  const { jobs } = workflow('promote.yml');

  it('builds once, and deploys what was built to dev, staging and prod, one after the other', () => {
    const synths = Object.entries(jobs).filter(([, { steps = [] }]) =>
      steps.some(({ run }) => run?.includes('cdk synth')),
    );
    expect(synths.map(([name]) => name)).toEqual(['build']);
    expect(jobs.dev?.needs).toEqual('build');
    expect(jobs.staging?.needs).toEqual(['build', 'dev']);
    expect(jobs.plan?.needs).toEqual(['build', 'staging']);
    expect(jobs.prod?.needs).toEqual(['build', 'plan']);
    for (const name of ['dev', 'staging', 'prod']) {
      expect(jobs[name]).toMatchObject({ uses: './.github/workflows/deploy.yml', with: { environment: name } });
    }
  });

  it('refuses an assembly that is not the one that was built, deploys it as it is, and checks the environment after it', () => {
    const runs = stepsOf('deploy.yml').flatMap(({ run }) => (run === undefined ? [] : [run]));
    const order = ['sha256sum --check', '--expect', 'cdk deploy', 'sparkify -- check --env'].map((part) =>
      runs.findIndex((run) => run.includes(part)),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    for (const step of [1, 2]) expect(runs[order[step] as number]).toContain('--app cdk.out');
    expect(workflow('deploy.yml').jobs.deploy?.environment).toBe(`\${{ inputs.environment }}`);
  });

  it('shows the plan of prod to whoever approves it, and deploys that plan alone', () => {
    expect(jobs.plan?.environment).toBe('prod-plan');
    expect(jobs.plan?.steps?.at(-1)?.run).toMatch(/plan --env prod[\s\S]*GITHUB_STEP_SUMMARY[\s\S]*hash=/);
    expect(jobs.prod?.with).toMatchObject({ plan: `\${{ needs.plan.outputs.hash }}` });
  });

  it('is never two at a time, and never stopped in a deploy', () => {
    expect(workflow('promote.yml').concurrency).toEqual({ group: 'promote', 'cancel-in-progress': false });
  });
});
