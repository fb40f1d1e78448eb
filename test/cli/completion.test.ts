import { mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { knownRuns } from '../../cli/completion/known-runs';
import { type Suggestions, suggest } from '../../cli/completion/suggest';
import { program } from '../../cli/program/program';

/** A command line with each kind of word. */
function small(): Command {
  const whole = new Command('tool');
  whole
    .command('paint')
    .description('colour something')
    .addOption(new Option('--colour <colour>', 'which').choices(['red', 'rose', 'blue']))
    .option('--from <path>', 'a file')
    .option('--env <name>', 'where')
    .option('--thick', 'no value')
    .option('--only <name...>', 'may come again')
    .argument('[run-id]', 'which run');
  whole.command('hide', { hidden: true });
  return whole;
}

const runs = (environment: string) => [`${environment}-1`, `${environment}-2`];
const at = (...typed: string[]): Suggestions => suggest(small(), typed, { runs });
const values = (...typed: string[]) => at(...typed).words.map(({ value }) => value);

describe('the completion of a command line', () => {
  it.each<[string, string[], string[]]>([
    ['commands, not the hidden ones', [''], ['paint', 'help']],
    ['a command that is begun', ['pa'], ['paint']],
    ['options', ['paint', '--th'], ['--thick']],
    ['no option twice', ['paint', '--thick', '--th'], []],
    ['but one that may be given again', ['paint', '--only', 'x', '--on'], ['--only']],
    ['the choices of an option', ['paint', '--colour', ''], ['red', 'rose', 'blue']],
    ['a choice that is begun', ['paint', '--colour', 'r'], ['red', 'rose']],
    ['behind "=" the choices alone', ['paint', '--colour=b'], ['blue']],
    ['the same where bash has cut the word', ['paint', '--colour', '=', 'b'], ['blue']],
    ['the same where nothing is begun', ['paint', '--colour', '='], ['red', 'rose', 'blue']],
    ['the runs of an argument', ['paint', ''], ['local-1', 'local-2']],
    ['the runs of the environment that is named', ['paint', '--env', 'dev', ''], ['dev-1', 'dev-2']],
    ['no options after --', ['paint', '--', '--th'], []],
    ['nothing for an unknown command', ['dance', '--'], ['--help']],
    ['nothing beyond the last argument', ['paint', 'one', ''], []],
  ])('gives %s', (_, typed, expected) => {
    expect(values(...typed)).toEqual(expected);
  });

  it('takes a word behind an option without a value for an argument', () => {
    expect(values('paint', '--thick', 'local-')).toEqual(['local-1', 'local-2']);
  });

  it('leaves paths to the shell', () => {
    expect(at('paint', '--from', 'do')).toEqual({ words: [], files: true });
    expect(at('paint', '--colour', 'do').files).toBe(false);
  });

  it('says what each word is for', () => {
    expect(at('pai').words).toEqual([{ value: 'paint', description: 'colour something' }]);
  });
});

describe('the completion of sparkify', () => {
  it('knows every command that the help shows, and what each takes', () => {
    const whole = program();
    const named = suggest(whole, [''], { runs }).words.map(({ value }) => value);
    expect(named).toEqual(expect.arrayContaining(whole.commands.map((command) => command.name())));
    for (const command of whole.commands) {
      const options = suggest(whole, [command.name(), '--'], { runs }).words.map(({ value }) => value);
      expect(options).toEqual(expect.arrayContaining(command.options.flatMap(({ long }) => long ?? [])));
    }
  });

  it('knows the environments', () => {
    const { words } = suggest(program(), ['plan', '--env', ''], { runs });
    expect(words.map(({ value }) => value)).toEqual(['local', 'dev', 'staging', 'prod']);
  });
});

describe('the runs that completion knows', () => {
  const home = mkdtempSync(join(tmpdir(), 'sparkify-runs-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('are those that have left manifests in the environment, the newest first', () => {
    const make = (bucket: string, run: string, second: number) => {
      const folder = join(home, 's3', bucket, 'runs', run);
      mkdirSync(folder, { recursive: true });
      utimesSync(folder, second, second);
    };
    make('sparkify-local-workbucketd35aba20-x', 'deploy-1', 100);
    make('sparkify-local-workbucketd35aba20-x', 'operator-2', 200);
    make('sparkify-dev-workbucketd35aba20-x', 'deploy-3', 300);
    expect(knownRuns(home, 'local')).toEqual(['operator-2', 'deploy-1']);
    expect(knownRuns(home, 'dev')).toEqual(['deploy-3']);
    expect(knownRuns(join(home, 'nowhere'), 'local')).toEqual([]);
  });
});
