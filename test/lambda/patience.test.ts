import { handle } from '../../lambda/handler';
import { FakeWorld } from './fake-world';
import { ENVIRONMENT, loadedWorld, REQUEST } from './loaded-world';

const begin = new FakeWorld().now;
const thrown = (name: string, message: string, status = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
const run = (fake: FakeWorld) => handle(REQUEST, fake.context(), fake.world(ENVIRONMENT));
const seconds = (fake: FakeWorld): number => (fake.now - begin) / 1000;
const lines = (fake: FakeWorld): readonly Record<string, unknown>[] =>
  fake.log.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a run waits with growing pauses and then succeeds when', () => {
  it.each([
    ['the cluster is paused', thrown('ValidationException', 'The cluster sparkify-dev is paused.')],
    ['the cluster is being resized', thrown('ValidationException', 'Cluster sparkify-dev is resizing')],
    ['the database takes no connections', thrown('DatabaseConnectionException', 'Connection failed', 500)],
    ['the service is throttled', thrown('ThrottlingException', 'Rate exceeded')],
    ['too many statements are active', thrown('ActiveStatementsExceededException', 'quota (500)')],
    ['the credentials have expired', thrown('ExpiredTokenException', 'The security token is expired')],
    ['the service has an error of its own', thrown('InternalServerException', 'x', 503)],
  ])('%s', async (_name, error) => {
    const fake = loadedWorld();
    fake.trouble.set('BatchExecuteStatement', Array(4).fill(error));
    expect((await run(fake)).outcome).toBe('succeeded');
    expect(seconds(fake)).toBe(2 + 4 + 8 + 16);
  });

  it('a resize takes twenty minutes', async () => {
    const fake = loadedWorld();
    fake.trouble.set('BatchExecuteStatement', Array(44).fill(thrown('ValidationException', 'cluster is resizing')));
    expect((await run(fake)).outcome).toBe('succeeded');
    expect(seconds(fake)).toBeGreaterThan(1200);
  });
});

describe('a run gives up', () => {
  it('at its deadline when the cluster stays paused, and says so', async () => {
    const fake = loadedWorld();
    const paused = thrown('ValidationException', 'The cluster sparkify-dev is paused.');
    fake.trouble.set('BatchExecuteStatement', Array(1000).fill(paused));
    fake.trouble.set('ExecuteStatement', Array(1000).fill(paused));
    expect((await run(fake)).outcome).toBe('failed');
    expect(fake.answers).toHaveLength(1);
    expect(fake.answers[0]?.reason).toMatch(
      /The cluster sparkify-dev is paused: this lasted until the run's deadline, 3300 s after its begin\. .*resume it/,
    );
    expect(seconds(fake)).toBeLessThan(3300 + 120);
  });

  it('after fifteen calls without an answer, and says how often it tried', async () => {
    const fake = loadedWorld();
    fake.trouble.set('ListObjectsV2', Array(1000).fill(thrown('SlowDown', 'Reduce your request rate', 503)));
    expect((await run(fake)).outcome).toBe('failed');
    expect(fake.answers[0]?.reason).toMatch(/SlowDown: Reduce your request rate \(tried 15 times\)\. Try again/);
  });

  it('after six waits for a lock that nobody gives back, and says who can', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'run/begin/010_lock.sql', error: "Query (105) cancelled on user's request" };
    expect((await run(fake)).outcome).toBe('failed');
    expect(fake.statements.filter(({ name }) => name.endsWith('-load'))).toHaveLength(6);
    expect(fake.answers[0]?.reason).toMatch(/010_lock\.sql failed: .* \(tried 6 times\)\. Another transaction holds/);
    expect(fake.statements.find(({ name }) => name.endsWith('-load'))?.sqls[0]).toMatch(
      /set statement_timeout to 275000$/,
    );
  });

  it('at once when a statement of the load was cancelled by a limit of the warehouse', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'load/055_songplays.sql', error: "Query (105) cancelled on user's request" };
    await run(fake);
    expect(fake.statements.filter(({ name }) => name.endsWith('-load'))).toHaveLength(1);
    expect(fake.answers[0]?.reason).toMatch(/sql\/load\/055_songplays\.sql failed: .*WLM rule/);
  });
});

describe('conflicts', () => {
  it.each(['1023', 'deadlock detected', 'could not serialize access due to concurrent update'])(
    'such as "%s" repeat the whole transaction, six times in all',
    async (error) => {
      const fake = loadedWorld();
      fake.fails = { file: 'load/055_songplays.sql', error };
      await run(fake);
      const loads = fake.statements.filter(({ name }) => name.endsWith('-load'));
      expect(loads).toHaveLength(6);
      expect(new Set(loads.map(({ token }) => token)).size).toBe(6);
      expect(seconds(fake)).toBe(2 + 4 + 8 + 16 + 30);
      expect(fake.answers[0]?.reason).toContain(`${error} (tried 6 times)`);
    },
  );
});

describe('a run that another has superseded', () => {
  const superseded = 'superseded: another run has loaded meanwhile (generation 8, expected 7)';

  it('lists again, and says so when nothing was left to load', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'run/begin/020_fence.sql', error: superseded };
    const push = fake.statements.push.bind(fake.statements);
    fake.statements.push = (...added) => {
      if (added.some(({ name }) => name.endsWith('-load')))
        fake.results['run/compare/060_totals.sql'] = [{ new_files: 0, changed_files: 0, vanished_files: 0 }];
      return push(...added);
    };
    expect((await run(fake)).reason).toMatch(/found nothing new: another run, which superseded it, had loaded it$/);
  });

  it('says so when it never gets through', async () => {
    const fake = loadedWorld();
    fake.fails = { file: 'run/begin/020_fence.sql', error: superseded };
    await run(fake);
    expect(fake.answers[0]?.reason).toMatch(/superseded: another run has loaded meanwhile.*Too many runs at once/);
  });
});

describe('a failed run tells one story', () => {
  it.each([
    ['configuration', 'load/031_copy_events.sql', 'S3ServiceException:Access Denied,Status 403,Error AccessDenied'],
    ['source data', 'run/finish/010_assert_checks.sql', 'check unique_users failed: 2 offending rows, for example: 5'],
    ['warehouse', 'load/055_songplays.sql', 'relation "songplays" does not exist'],
    ['transient', 'load/055_songplays.sql', '1023'],
  ])('(%s) to CloudFormation, the log and the row of the run', async (kind, file, error) => {
    const fake = loadedWorld();
    fake.fails = { file, error };
    const { reason } = await run(fake);
    expect(fake.answers.map((answer) => answer.reason)).toEqual([reason]);
    expect(reason).toMatch(/\. run deploy-\w+$/);
    expect(lines(fake).filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({ message: reason, kind, run: expect.stringMatching(/^deploy-/) }),
    ]);
    expect(fake.statements.find(({ name }) => name.endsWith('-record-failure'))?.parameters).toEqual([
      { name: 'error', value: reason },
    ]);
    expect(lines(fake).filter((line) => line._aws !== undefined)).toEqual([
      expect.objectContaining({ RunsFailed: 1, RunsSucceeded: 0, Environment: 'dev', run: expect.any(String) }),
    ]);
  });

  it('(internal) to CloudFormation and the log', async () => {
    const fake = loadedWorld();
    fake.trouble.set('ListObjectsV2', [new TypeError('x is undefined')]);
    const { reason } = await run(fake);
    expect(fake.answers.map((answer) => answer.reason)).toEqual([reason]);
    expect(lines(fake).find(({ level }) => level === 'error')).toMatchObject({ message: reason, kind: 'internal' });
  });
});
