import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListStatementsCommand } from '@aws-sdk/client-redshift-data';
import { historyFile, loadHistory, saveHistory } from '../../../cli/shell/history';
import { Shell, type ShellParts } from '../../../cli/shell/shell';
import { type StackOutputs, WarehouseClient } from '../../../cli/warehouse';
import { type Endpoint, startEndpoint, TARGET } from '../../local/redshift/data-api/endpoint';
import { TestTerminal } from './terminal';

/** Long enough never to end by itself while a test waits. */
const ENDLESS = `select count(*) from numbers a, numbers b, numbers c, numbers d, numbers e
where a.n + b.n + c.n + d.n + e.n < 0;`;

describe('the shell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-shell-'));
  const file = historyFile(folder);
  let endpoint: Endpoint;
  let outputs: StackOutputs;
  let options: ConstructorParameters<typeof WarehouseClient>[1];
  let terminal: TestTerminal;
  let ended: Promise<void>;
  let paged: string[];
  /** Milliseconds that somebody has spent in the pager. */
  let away = 0;

  const connect: ShellParts['connect'] = async (identity) => {
    const warehouse = new WarehouseClient(outputs, options, identity === 'admin' ? undefined : 'ann');
    return { warehouse, release: async () => warehouse.close() };
  };

  beforeAll(async () => {
    endpoint = await startEndpoint();
    const { protocol, hostname, port } = await endpoint.client.config.endpoint!();
    options = {
      endpoint: `${protocol}//${hostname}:${port}`,
      region: 'us-west-2',
      credentials: await endpoint.client.config.credentials(),
    };
    outputs = {
      ClusterIdentifier: TARGET.ClusterIdentifier,
      Database: TARGET.Database,
      DatabaseUser: TARGET.DbUser,
    } as StackOutputs;
    const warehouse = new WarehouseClient(outputs, options);
    for (const sql of [
      'create table songs (song_id varchar(18) not null, title varchar(256), year int) distkey(song_id) sortkey(year)',
      "insert into songs values ('S1', 'Undo', 2003), ('S2', 'Yellow', 2000)",
      'create table numbers (n int)',
      `insert into numbers values ${Array.from({ length: 1000 }, (_, n) => `(${n})`).join(',')}`,
      'create schema analytics',
      'create view analytics.top_songs as select title from songs',
      "create user ann password 'Passw0rd1'",
      'grant select on songs to ann',
    ])
      await warehouse.query(sql);
    warehouse.close();
  });
  afterAll(async () => {
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    terminal = new TestTerminal();
    paged = [];
    const shell = new Shell({
      environment: 'local',
      identity: 'admin',
      connect,
      streams: terminal,
      page: async (text) => {
        paged.push(text);
        away += 3_600_000;
        return true;
      },
      history: { load: () => loadHistory(file), save: (entries) => saveHistory(file, entries) },
      readFile: (path) => readFile(path, 'utf8'),
      now: () => performance.now() + away,
    });
    ended = shell.run();
    await terminal.until(/local=> /);
  });
  afterEach(async () => {
    terminal.input.end();
    await ended;
  });

  /** Types a line and waits for the next prompt that nothing is typed behind. */
  const enter = async (line: string, prompt = /\nlocal(:\w+)?=[*!]?> $/) => {
    terminal.type(`${line}\r`);
    return terminal.until(prompt);
  };

  /** Asks the Data API until it knows a statement in this state. */
  const inTheWarehouse = async (Status: 'STARTED' | 'ABORTED') => {
    for (;;) {
      const { Statements = [] } = await endpoint.client.send(new ListStatementsCommand({ Status }));
      if (Statements.length > 0) return;
    }
  };

  it('runs a statement of several lines when its semicolon comes, with rows and time behind the result', async () => {
    await enter('select title, year', /local-> /);
    await enter('from songs where title = (', /local\(> /);
    await enter("'Undo", /local'> /);
    await enter("')", /local-> /);
    const shown = await enter(';');
    expect(shown).toContain('0 rows (');
    expect(await enter('select title, year from songs where year = 2003;')).toMatch(
      /│ Undo\s+│ 2003 │[\s\S]*1 row \(\d+\.\d s\)/,
    );
  });

  it('holds transactions, settings and temporary tables from one statement to the next', async () => {
    await enter('begin;', /local=\*> /);
    await enter('delete from songs;', /local=\*> /);
    expect(await enter('select count(*) from songs;', /local=\*> /)).toMatch(/│\s+0 │/);
    await enter('rollback;', /local=> /);
    expect(await enter('select count(*) from songs;')).toMatch(/│\s+2 │/);
    await enter('create temp table mine as select 7 as lucky;');
    expect(await enter('select lucky from mine;')).toMatch(/│\s+7 │/);
  });

  it('shows where a statement is wrong, what was meant, and that its transaction waits for a rollback', async () => {
    await enter('begin;', /local=\*> /);
    await enter('select', /local-> /);
    const said = await enter('  titel from songs;', /local=!> /);
    expect(said).toContain('column "titel" does not exist\nline 2:   titel from songs;'.replace(';', ''));
    expect(said).toMatch(/\n {10}\^\nDid you mean title\?/);
    expect(await enter('select 1;', /local=!> /)).toContain('Send `rollback`');
    await enter('rollback;', /local=> /);
  });

  it('completes with the key Tab what the catalogue has, also what was made a moment ago', async () => {
    terminal.type('select so.t from songs so');
    await terminal.until(/songs so$/);
    terminal.type('\x1b[D'.repeat(' from songs so'.length));
    terminal.type('\t');
    await terminal.until(/so\.title from songs so/);
    terminal.type('\x03');
    await terminal.until(/local=> $/);
    await enter('create table albums (album_id int);');
    terminal.type('select * from alb');
    await terminal.until(/alb$/);
    terminal.type('\t');
    await terminal.until(/ums/);
    terminal.type('\x03');
    await terminal.until(/local=> $/);
    terminal.type('\\d analytics.');
    await terminal.until(/analytics\.$/);
    terminal.type('\t');
    await terminal.until(/top_songs/);
    terminal.type('\x03');
    await terminal.until(/local=> $/);
    await enter('drop table albums;');
  });

  it('cancels a running statement in the warehouse on Ctrl-C, says what is left, and goes on', async () => {
    const time = setInterval(() => endpoint.clock.advance(1000), 10);
    try {
      await enter('create table half (n int);');
      terminal.type(`insert into half ${ENDLESS}\r`.replace('\n', ' '));
      await inTheWarehouse('STARTED');
      terminal.type('\x03');
      expect(await terminal.until(/local=> $/)).toContain(
        'Cancelled. The statement is rolled back: nothing was changed.',
      );
      expect(await enter('select count(*) from half;')).toMatch(/│\s+0 │/);
      await enter('begin;', /local=\*> /);
      terminal.type(`${ENDLESS}\r`.replace('\n', ' '));
      await inTheWarehouse('STARTED');
      terminal.type('\x03');
      expect(await terminal.until(/local=!> $/)).toContain('and the transaction with it; send `rollback`.');
      await inTheWarehouse('ABORTED');
    } finally {
      clearInterval(time);
    }
  });

  it('clears what was typed on Ctrl-C at the prompt', async () => {
    await enter('select 1,', /local-> /);
    terminal.type('nonsense');
    await terminal.until(/nonsense/);
    terminal.type('\x03');
    await terminal.until(/\^C\n[\s\S]*local=> $/);
    expect(await enter('select 5 as five;')).toContain('five');
  });

  it('tells what there is: tables, views, columns with their keys, rows', async () => {
    expect(await enter('\\dt')).toMatch(/public\s+│ songs\s+│ table\s+│\s+3 │/);
    expect(await enter('\\dv')).toMatch(/analytics\s+│ top_songs\s+│ view/);
    const songs = await enter('\\d songs');
    expect(songs).toMatch(/song_id │ character varying\(18\)\s+│ not null │ \w+\s+│ distkey/);
    expect(songs).toContain('2 rows; distributed by song_id; sorted by year');
    expect(await enter('\\d nowhere')).toContain('You see no table or view nowhere');
    expect(await enter('\\?')).toMatch(/\\timing\s+times of statements/);
    expect(await enter('\\dance')).toContain('There is no \\dance');
  });

  it('shows results as they are wanted', async () => {
    await enter('\\x');
    expect(await enter('select title, year from songs where year = 2000;')).toMatch(
      /─\[ row 1 \]─+\ntitle\s+│ Yellow\nyear\s+│ 2000/,
    );
    await enter('\\format csv');
    expect(await enter('select title, year from songs where year = 2000;')).toContain('title,year\nYellow,2000\n');
    await enter('\\timing');
    expect(await enter('select 1;')).toMatch(/\n1 row\n/);
    expect(await enter('\\format xml')).toContain('\\format takes table, json, csv.');
  });

  it('writes the next result to a file, and runs the statements of one', async () => {
    const csv = join(folder, 'songs.csv');
    await enter(`\\o ${csv}`);
    expect(await enter('select title from songs order by 1;')).toContain(`2 rows in ${csv}`);
    expect(readFileSync(csv, 'utf8')).toBe('title\nUndo\nYellow\n');
    expect(await enter(`\\o ${csv}`)).toContain('--force writes over it');
    const sql = join(folder, 'daily.sql');
    writeFileSync(sql, 'select 1 as one;\n\nselect nope\nfrom songs;\nselect 3 as three;\n');
    const said = await enter(`\\i ${sql}`);
    expect(said).toContain('one');
    expect(said).toContain(`${sql}:3: select nope`);
    expect(said).not.toContain('three');
  });

  it('hands what is longer than the screen to the pager', async () => {
    expect(await enter('select n from numbers order by 1;')).toMatch(/1,000 rows \(\d+\.\d s\)/);
    expect(paged).toHaveLength(1);
    expect(paged[0]).toMatch(/│ 999 │/);
    await enter('select n from numbers where n < 5;');
    expect(paged).toHaveLength(1);
  });

  it('goes on as somebody else, who sees what is theirs', async () => {
    expect(await enter('\\as analyst')).toContain('You are analyst now');
    expect(await enter('select current_user;')).toContain('ann');
    expect(await enter('\\dt')).not.toContain('numbers');
    expect(await enter('delete from songs;')).toMatch(/permission denied for relation songs[\s\S]*docs\/access\.md/);
  });

  it('brings back with the arrows what was typed, from earlier shells too, a statement at a time', async () => {
    await enter('select 11 as first;');
    await enter('select', /local-> /);
    await enter('22 as second;');
    terminal.type('\x04');
    await ended;
    expect(loadHistory(file).slice(0, 2)).toEqual(['select 22 as second;', 'select 11 as first;']);
    const again = new TestTerminal();
    const shell = new Shell({
      environment: 'local',
      identity: 'admin',
      connect,
      streams: again,
      history: { load: () => loadHistory(file), save: (entries) => saveHistory(file, entries) },
      readFile: (path) => readFile(path, 'utf8'),
      now: () => performance.now(),
    });
    const over = shell.run();
    await again.until(/local=> /);
    again.type('\x1b[A');
    await again.until(/select 22 as second;/);
    again.type('\x1b[A');
    await again.until(/select 11 as first;/);
    again.type('\x03');
    await again.until(/local=> $/);
    again.type('select 1');
    await again.until(/select 1$/);
    again.type('\x1b[A');
    await again.until(/select 11 as first;/);
    again.type('\r');
    await again.until(/│\s+11 │/);
    await again.until(/local=> $/);
    again.type('exit\r');
    await over;
  });

  it('rolls back on Ctrl-D what is open, and leaves no session behind', async () => {
    await enter('begin;', /local=\*> /);
    await enter('delete from songs;', /local=\*> /);
    terminal.type('\x04');
    await ended;
    await terminal.until(/The open transaction is rolled back\./);
    const warehouse = new WarehouseClient(outputs, options);
    expect((await warehouse.query('select count(*) from songs'))?.rows).toEqual([[2]]);
    warehouse.close();
  });
});
