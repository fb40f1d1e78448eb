import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsEnvironment } from '../../cli/environments';
import type { GivenAnswers } from '../../cli/init/answers';
import type { Asker } from '../../cli/init/ask';
import {
  budgetFor,
  NAT_GATEWAY,
  NODE_PRICES,
  type PricedWarehouse,
  RPU_HOUR,
  THE_REST,
  warehouseCost,
} from '../../cli/init/costs';
import { environmentText } from '../../cli/init/environment-file';
import { interview } from '../../cli/init/interview';
import { newFile } from '../../cli/init/new-file';
import type { KnownOfAws } from '../../cli/init/question';
import type { Judgement } from '../../cli/init/rules';
import { difference, writeProven } from '../../cli/init/write';
import { selectEnvironments } from '../../lib/config';
import { judgeEnvironment } from '../../lib/config/judge';

const ACCOUNT = '123456789012';
const dev = environmentText('dev') ?? '';

/** The real rules, without the process that they have to themselves. */
const judge = (environment: AwsEnvironment) => async (text: string) =>
  judgeEnvironment(environment, text) as unknown as Judgement;

const answering = (
  given: GivenAnswers,
  {
    text = dev,
    environment = 'dev',
    asker,
    known = {},
  }: { text?: string; environment?: AwsEnvironment; asker?: Asker; known?: KnownOfAws } = {},
) => interview({ environment, text, given, asker, judge: judge(environment), known: async () => known });

/** Somebody who answers some questions in their own way, and takes what is proposed for the others. */
class Person implements Asker {
  readonly asked: string[] = [];
  readonly told: string[] = [];
  readonly refused: string[] = [];
  constructor(private readonly answers: Readonly<Record<string, (string | boolean)[]>>) {}
  async ask({ name, kind }: Parameters<Asker['ask']>[0], proposal: unknown) {
    this.asked.push(name);
    const own = this.answers[name]?.shift();
    if (own !== undefined) return own;
    if (kind === 'flag') return proposal === true;
    return Array.isArray(proposal) ? proposal.join(',') : String(proposal ?? '');
  }
  tell = (text: string) => void this.told.push(text);
  refuse = (text: string) => void this.refused.push(text);
}

describe("an environment's file that is asked for", () => {
  it('has what was answered, and keeps comments, order and what somebody has changed by hand', async () => {
    const mine = dev
      .replace('numberOfNodes: 1', 'numberOfNodes: 3 # for the demo')
      .replace('budgetUsd: 350', 'budgetUsd: 777');
    const { text, config } = await answering({ account: ACCOUNT }, { text: mine });
    expect(text).toBe(mine.replace('111111111111', ACCOUNT));
    expect(config).toMatchObject({ account: ACCOUNT, budgetUsd: 777, warehouse: { numberOfNodes: 3 } });
  });

  it('does not change by a letter where nothing is answered otherwise', async () => {
    const mine = dev.replace('111111111111', ACCOUNT);
    expect((await answering({}, { text: mine })).text).toBe(mine);
  });

  it('is what synth then reads', async () => {
    const { text, config } = await answering({
      account: ACCOUNT,
      emails: 'a@example.com, b@example.com',
      timeZone: 'Europe/Berlin',
      analysts: `arn:aws:iam::${ACCOUNT}:root`,
      reservedConcurrency: 'none',
    });
    expect(judgeEnvironment('dev', text)).toEqual({
      config,
      refusals: [],
      sourcePrefixes: ['song_data/', 'log_data/'],
    });
    expect(config).toMatchObject({
      alarms: { emails: ['a@example.com', 'b@example.com'], rejectsAbove: 0 },
      schedule: { expression: 'cron(0 3 * * ? *)', timezone: 'Europe/Berlin' },
      reservedConcurrency: null,
    });
  });

  it('becomes a serverless one with what that needs, and a budget for it', async () => {
    const { config } = await answering({ account: ACCOUNT, warehouse: 'serverless', baseRpus: '32' });
    expect(config.warehouse).toEqual({
      kind: 'serverless',
      baseRpus: 32,
      maxRpus: 32,
      usageLimits: [{ period: 'daily', rpuHours: 24, breach: 'deactivate' }],
    });
    expect(config.budgetUsd).toBe(budgetFor(config.warehouse as PricedWarehouse, false));
  });

  it('does not let the cluster sleep any more by --no-pause, and costs more', async () => {
    const { config } = await answering({ account: ACCOUNT, pause: false });
    expect(config).toMatchObject({ warehouse: { pause: null }, budgetUsd: 500 });
  });

  it('is made from nothing where there is none, production with its data kept', async () => {
    const { config } = await answering({ account: ACCOUNT }, { text: newFile('prod'), environment: 'prod' });
    expect(config).toMatchObject({ name: 'prod', onRemoval: 'retain', terminationProtection: true });
  });

  it.each<[string, GivenAnswers, RegExp]>([
    ['no account', {}, /^--account is needed: twelve digits/],
    ['an account that is none', { account: '42' }, /^--account 42 is not usable; allowed: twelve digits/],
    [
      'a size that there is none of',
      { account: ACCOUNT, nodeType: 'dc2.large' },
      /--node-type dc2\.large is not usable; allowed: ra3\.large/,
    ],
    [
      'a number that is none',
      { account: ACCOUNT, nodes: 'many' },
      /--nodes many is not usable; allowed: a whole number from 1 to 100/,
    ],
    [
      'an unknown time zone',
      { account: ACCOUNT, timeZone: 'Mars' },
      /--time-zone Mars is not usable; allowed: an IANA time zone/,
    ],
    ['what goes with another kind', { account: ACCOUNT, baseRpus: '8' }, /^--base-rpus does not go with/],
    [
      'two zones for a serverless warehouse',
      { account: ACCOUNT, warehouse: 'serverless', zones: 'us-west-2a,us-west-2b' },
      /--zones .*three zones/,
    ],
    [
      'a region of which the S3 prefix list is not known',
      { account: ACCOUNT, region: 'eu-central-1' },
      /^--s3-prefix-list is needed.*describe-managed-prefix-lists --region eu-central-1/,
    ],
    [
      'a Multi-AZ cluster that sleeps',
      { account: ACCOUNT, multiAz: true, nodes: '2', pauseAt: 'cron(0 20 * * ? *)' },
      /--pause-at does not go/,
    ],
  ])('is refused for %s', async (_, given, message) => {
    await expect(answering(given)).rejects.toThrow(message);
  });

  it('names file and line where it cannot be read, or what stands in it is not usable', async () => {
    await expect(answering({}, { text: 'account: "1\n' })).rejects.toThrow(/lib\/config\/dev\.yaml.*Mend the file/s);
    const wrong = dev.replace('numberOfNodes: 1', 'numberOfNodes: 0');
    await expect(answering({ account: ACCOUNT }, { text: wrong })).rejects.toThrow(
      /dev\.yaml:14\): warehouse\.numberOfNodes is 0.* --nodes gives another/,
    );
    const undeclared = `${dev}rejects: { videos: 3 }\n`;
    await expect(answering({ account: ACCOUNT }, { text: undeclared })).rejects.toThrow(/rejects\.videos is 3/);
    await expect(answering({ account: ACCOUNT }, { text: `${dev}nods: 3\n` })).rejects.toThrow(
      /dev\.yaml:\d+\): nods is 3/,
    );
  });
});

describe('a person who is asked', () => {
  it('is asked again at once, with the words of the rules, until the answer is usable', async () => {
    const person = new Person({ account: ['42', ACCOUNT], nodes: ['0', '2'] });
    const { config } = await answering({}, { asker: person });
    expect(person.refused).toEqual(['42: twelve digits, in quotes', '0: a whole number from 1 to 100']);
    expect(config).toMatchObject({ account: ACCOUNT, warehouse: { numberOfNodes: 2 } });
  });

  it('is not asked for what is given, for what is not part of the warehouse, and for what few change', async () => {
    const person = new Person({ account: [ACCOUNT] });
    await answering({ region: 'us-west-2' }, { asker: person });
    expect(person.asked).toContain('nodeType');
    for (const name of ['region', 'baseRpus', 'vpc', 'reservedConcurrency']) expect(person.asked).not.toContain(name);
  });

  it('sees what AWS knows: the account of the credentials, the zones of the region', async () => {
    const person = new Person({ region: ['eu-central-1'] });
    const known = { account: ACCOUNT, zones: ['eu-central-1a', 'eu-central-1c'], s3PrefixList: 'pl-0000000e' };
    const { config } = await answering({}, { asker: person, known });
    expect(person.told).toContain(`your credentials are of ${ACCOUNT}`);
    expect(config).toMatchObject({
      account: ACCOUNT,
      availabilityZones: known.zones,
      s3PrefixListId: known.s3PrefixList,
    });
  });

  it('is told why production keeps its data', async () => {
    const person = new Person({ account: [ACCOUNT] });
    await answering({}, { text: environmentText('prod') ?? '', environment: 'prod', asker: person });
    expect(person.told).toContainEqual(expect.stringMatching(/^production keeps them/));
  });
});

describe('the costs that are said beside the choices', () => {
  const COST = readFileSync(join(__dirname, '..', '..', 'docs', 'cost.md'), 'utf8');

  it('have the prices of docs/cost.md, and none that it does not name', () => {
    const rows = [...COST.matchAll(/^\| ((?:ra3|rg)\.[\w./ ]+?) \| ([\d./ ]+) an hour/gm)];
    const named = rows.flatMap(([, nodes = '', prices = '']) => {
      const each = prices.split(' / ').map(Number);
      return nodes.split(' / ').map((node, index) => [node, each[index]]);
    });
    expect(named.length).toBe(4);
    const ours = Object.entries(NODE_PRICES).filter(([, price]) => price !== null);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(named));
    expect(COST).toContain(`| Redshift Serverless | ${RPU_HOUR} an RPU-hour`);
    expect(COST).toContain(`| **together** | **${THE_REST}** |`);
    expect(COST).toContain(`needs the NAT gateway**: ${NAT_GATEWAY} a month`);
  });

  it('reckon the environments as docs/cost.md does', () => {
    for (const name of ['dev', 'staging', 'prod']) {
      const [config] = selectEnvironments({ env: name });
      const [, product] = new RegExp(`^\\| ${name} \\| .* = ([\\d.]+) \\|`, 'm').exec(COST) ?? [];
      expect(warehouseCost(config?.warehouse as PricedWarehouse)?.most).toBeCloseTo(Number(product), 2);
    }
    const serverless: PricedWarehouse = {
      kind: 'serverless',
      baseRpus: 8,
      usageLimits: [{ period: 'daily', rpuHours: 24, breach: 'deactivate' }],
    };
    expect(COST).toContain(`| ${warehouseCost(serverless)?.most?.toFixed(2)} |`);
    expect(COST).toContain(`| ${warehouseCost(serverless)?.least.toFixed(2)} |`);
  });
});

describe('the difference that is shown before a file is overwritten', () => {
  it('names the file and the lines, and is nothing where nothing differs', () => {
    expect(difference('dev', dev, dev)).toBe('');
    const diff = difference('dev', dev, dev.replace('111111111111', ACCOUNT));
    expect(diff).toContain('+++ lib/config/dev.yaml');
    expect(diff).toContain(`-account: "111111111111"\n+account: "${ACCOUNT}"`);
  });
});

describe('a file that is written', () => {
  let root: string;
  const file = () => join(root, 'lib', 'config', 'dev.yaml');
  const failing = async () => {
    expect(readFileSync(file(), 'utf8')).toBe('after');
    throw new Error('synth failed');
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sparkify-init-'));
    mkdirSync(join(root, 'lib', 'config'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('stays when it is proven', async () => {
    await writeProven('dev', 'after', undefined, async () => undefined, root);
    expect(readFileSync(file(), 'utf8')).toBe('after');
  });

  it('gives way to what stood there before when it is not', async () => {
    writeFileSync(file(), 'before');
    await expect(writeProven('dev', 'after', 'before', failing, root)).rejects.toThrow('synth failed');
    expect(readFileSync(file(), 'utf8')).toBe('before');
  });

  it('goes again where there was none', async () => {
    await expect(writeProven('dev', 'after', undefined, failing, root)).rejects.toThrow('synth failed');
    expect(existsSync(file())).toBe(false);
  });
});
