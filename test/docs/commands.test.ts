import { judgePage } from '../support/docs/judge';
import { pageFiles, parsePage, readPage } from '../support/docs/pages';

describe('the commands of the docs', () => {
  it.each(pageFiles())('%s: each is run by a test or says why not, and exists as it is written', (file) => {
    expect(judgePage(readPage(file))).toEqual([]);
  });
});

/** The judge is judged: a page that is wrong in one place is told of that place. */
describe('a page', () => {
  const judged = (...lines: readonly string[]) => judgePage(parsePage('page.md', lines.join('\n')));
  const block = (...commands: readonly string[]) => ['```sh', ...commands, '```'];

  it('may show what is there', () => {
    const commands = [
      'npm start -- --fresh   # anew',
      'npm run -s sparkify -- query "select 1" --as analyst | head -1',
    ];
    expect(judged(...block(commands[0] as string, 'npm run -s sparkify -- status --help'))).toEqual([]);
    expect(judged(...block(commands[1] as string))).toEqual([
      expect.stringMatching(/^page\.md:2: .*: head is no program that the tests of the docs run$/),
    ]);
  });

  it.each([
    ['npm run -s sparkify -- dance', /unknown command 'dance'/],
    ['npm run -s sparkify -- status --moon', /unknown option '--moon'/],
    ['npm run -s sparkify -- check --env production', /Allowed choices are local, dev, staging, prod/],
    ['npm start -- --events many', /whole number/],
    ['npm run dance', /package\.json has no such script/],
    ['npm run simulate -- --moon', /simulation\/main\.ts does not know --moon/],
    ['npx cdk dance', /cdk has no command dance/],
    ['npx cdk deploy Sparkify-production', /there is no stack Sparkify-production/],
    ['npx cdk deploy Sparkify-dev -c env=dev -c planet=mars', /reads no -c planet/],
    ['npx cdk diff Sparkify-dev --moon', /cdk diff has no --moon/],
    ['aws s3 ls', /aws is no program/],
    ['npm start \\\n    -- --moon', /unknown option '--moon'/],
    ['if then', /bash cannot read the block/],
  ])('that says %s is wrong, with file and line', (command, said) => {
    const found = judged('Text.', '', ...block(command));
    expect(found.join('\n')).toMatch(said);
    expect(found.every((each) => /^page\.md:[34]: /.test(each))).toBe(true);
  });

  it('is wrong in running text too', () => {
    expect(judged('Text.', '', 'Type `sparkify moon`, or `sparkify status`.')).toEqual([
      "page.md:3: sparkify moon: error: unknown command 'moon'",
    ]);
  });

  it('may say why a block is not run, and must say why', () => {
    expect(judged('<!-- not run: needs an AWS account -->', ...block('aws s3 ls'))).toEqual([]);
    expect(judged('<!-- not run: -->', ...block('aws s3 ls'))).toEqual(['page.md:2: the mark gives no reason']);
    expect(judged('<!-- not run: far away -->', '', ...block('aws s3 ls'))).toHaveLength(1);
  });

  it('may leave to a test what that test runs, and nothing else', () => {
    const promoted = block('npm run promote -- --until staging');
    expect(judged('<!-- run by: test/acceptance/promote.test.ts -->', ...block('npm run promote'))).toEqual([]);
    expect(judged('<!-- run by: test/acceptance/promote.test.ts -->', ...promoted)).toEqual([
      'page.md:2: test/acceptance/promote.test.ts does not run npm run promote -- --until staging',
    ]);
    expect(judged('<!-- run by: test/nowhere.test.ts -->', ...promoted)).toEqual([
      'page.md:2: test/nowhere.test.ts does not exist',
    ]);
  });

  it('may mark one command of a block, if it is one', () => {
    const aws = '<!-- not run: needs an account, `aws s3 ls` -->';
    expect(judged(aws, ...block('aws s3 ls', 'npm start'))).toEqual([]);
    expect(judged(aws, ...block('npm start'))).toEqual(['page.md:2: the mark names `aws s3 ls`, which is not there']);
    expect(judged(aws, ...block('aws s3 ls', 'aws s3 rm'))).toHaveLength(1);
  });

  it('of a marked block must have right options all the same', () => {
    expect(judged('<!-- not run: needs an account -->', ...block('npx cdk deploy Sparkify-moon'))).toHaveLength(1);
  });
});
