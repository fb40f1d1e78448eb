import { join } from 'node:path';
import { advance } from '../../lambda/advance';
import { newRun } from '../../lambda/state';
import { StatementsError } from '../../statements/errors';
import { taggedFile } from '../../statements/render';
import { parseSqlFile, type SqlFile } from '../../statements/sql-file';
import { readSqlTree } from '../../statements/tree';
import { refuseTooManyViews, viewName, viewStatements } from '../../statements/views';

const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
const values = { lock_wait_ms: 275_000, applied_migrations: 22 };
const view = (file: string, text: string): SqlFile => parseSqlFile(`analytics/${file}.sql`, text);
const body = (name: string): string => `create view analytics.${name} as\nselect 1 as one\nwith no schema binding\n`;

describe('the statements that put the views in place', () => {
  const files = viewStatements(tree, 'deploy-x', values).map((sql) => taggedFile(sql) ?? '');

  it('lock, drop what is there, make every view, and read each of them', () => {
    const made = tree.analytics.map(({ file }) => file);
    expect(made.length).toBeGreaterThan(15);
    expect(files).toEqual(expect.arrayContaining(made));
    const place = (file: string): number => files.indexOf(file);
    expect(place('run/migrate/010_lock.sql')).toBe(1);
    for (const file of made) {
      expect(place(file)).toBeGreaterThan(place('analytics/drop'));
      expect(place(file)).toBeLessThan(place('analytics/bind'));
    }
    expect(files.at(-1)).toBe('analytics/bind');
  });

  it('fit one batch of the Data API, and say so when they do not', () => {
    expect(files.length).toBeLessThanOrEqual(40);
    const many = Array.from({ length: 40 }, (_, index) => view(`v${index}`, body(`v${index}`)));
    expect(() => refuseTooManyViews({ ...tree, analytics: many })).toThrow(/40 views, \d+ too many/);
  });

  it('are none of views where there are none', () => {
    const none = viewStatements({ ...tree, analytics: [] }, 'deploy-x', values).map(taggedFile);
    expect(none.filter((file) => file?.startsWith('analytics/'))).toEqual([]);
  });
});

describe('a file of sql/analytics', () => {
  it('makes the view of its name', () => {
    expect(viewName(view('one', body('one')))).toBe('one');
  });

  it.each([
    ['of another name', 'one', body('two')],
    ['bound to its tables', 'one', body('one').replace('with no schema binding\n', '')],
    ['of another schema', 'one', body('one').replace('analytics.', 'public.')],
    ['named with a capital', 'One', body('one')],
  ])('is refused with a view %s', (_what, file, text) => {
    expect(() => viewName(view(file, text))).toThrow(StatementsError);
  });
});

describe('a run', () => {
  const at = 1_540_900_800_000;
  it.each([
    ['deploy', 'views'],
    ['schedule', 'survey'],
    ['operator', 'survey'],
  ] as const)('by %s goes from its migrations to %s', (trigger, step) => {
    const run = { ...newRun({ runId: 'x', trigger, mode: 'incremental' }, at, 3300), phase: 'prepare' as const };
    expect(advance(run, { got: 'migrations', pending: 0, admitted: true, at }).action).toEqual({ do: 'submit', step });
  });

  it('gives users their roles before it makes views', () => {
    const run = newRun({ runId: 'x', trigger: 'deploy', mode: 'incremental' }, at, 3300);
    const toAccess = advance({ ...run, phase: 'prepare' }, { got: 'migrations', pending: 0, admitted: false, at });
    expect(toAccess.action).toEqual({ do: 'submit', step: 'access' });
    const statement = { id: 's', ended: false, sentAt: at };
    const { action } = advance({ ...run, phase: 'access', statement }, { got: 'finished', steps: [], at });
    expect(action).toEqual({ do: 'submit', step: 'views' });
  });

  it('surveys the ledger when the views are in place', () => {
    const run = newRun({ runId: 'x', trigger: 'deploy', mode: 'incremental' }, at, 3300);
    const statement = { id: 's', ended: false, sentAt: at };
    const { action } = advance({ ...run, phase: 'views', statement }, { got: 'finished', steps: [], at });
    expect(action).toEqual({ do: 'submit', step: 'survey' });
  });

  it('fails, and loads nothing, when a view is broken', () => {
    const run = newRun({ runId: 'x', trigger: 'deploy', mode: 'incremental' }, at, 3300);
    const failure = { kind: 'configuration', message: 'no such column', advice: 'Mend it.' } as const;
    const answer = { got: 'refused', failure, superseded: false, explainable: false, raced: false, at } as const;
    const statement = { id: 's', ended: true, sentAt: at };
    expect(advance({ ...run, phase: 'views', statement }, answer).state).toMatchObject({ phase: 'cancel', failure });
  });
});
