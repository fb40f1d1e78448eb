import { KINDS, PARTS, wordsOf } from './kinds';
import { allowed, pathOf, type Resource, references, type Template, valueAt } from './template';

/** One or several resources that are one thing to a reader. */
export interface Box {
  readonly id: string;
  readonly title: string;
  /** The AWS service and what is worth knowing. */
  readonly note: string;
  readonly group: string;
  /** With the stack's own key. */
  readonly isEncrypted: boolean;
  /** Not of the stack: it was there before. */
  readonly isGiven?: boolean;
}

/** What goes along a line: data, a call, or what is told afterwards. */
export type Flow = 'data' | 'call' | 'told';

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly flow: Flow;
  readonly words: readonly string[];
}

export interface Picture {
  readonly stack: string;
  readonly resources: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** What a group's frame says beside its name: what is there and has no line to anything. */
  readonly notes: Readonly<Record<string, readonly string[]>>;
}

/** The template has a type that nobody has said how to draw. */
export class UnknownTypeError extends Error {
  constructor(type: string, id: string) {
    super(`${id} is a ${type}, which handbook/architecture/kinds.ts does not know: name it in KINDS or in PARTS.`);
    this.name = 'UnknownTypeError';
  }
}

/** Which frame a top step of the app stands in; those not named stand alone. */
const GROUPS: Readonly<Record<string, string>> = {
  WarehouseLoad: 'When it loads',
  Nightly: 'When it loads',
  People: 'People',
  Etl: 'ETL',
  Serverless: 'VPC',
  Warehouse: 'VPC',
  Network: 'VPC',
  WorkBucket: 'S3',
  AccessLogs: 'S3',
  Source: 'S3',
  Monitoring: 'Monitoring',
};

interface Drawn {
  readonly id: string;
  readonly resource: Resource;
}

/**
 * What the picture of an environment shows, read from its template: boxes from the resources, lines from what refers to
 * what and from what the policies allow.
 * @throws UnknownTypeError
 */
export function pictureOf(stack: string, template: Template): Picture {
  const resources = Object.entries(template.Resources);
  const people = new Set(resources.filter(([, it]) => pathOf(it).startsWith('People/')).map(([id]) => id));
  const drawn: Drawn[] = [];
  for (const [id, resource] of resources) {
    const isRole = resource.Type === 'AWS::IAM::Role';
    if (KINDS[resource.Type] === undefined && !PARTS.has(resource.Type)) throw new UnknownTypeError(resource.Type, id);
    if (KINDS[resource.Type] !== undefined && (!isRole || people.has(id))) drawn.push({ id, resource });
  }
  const boxOf = ownership(template, drawn);
  const lines = merged([...linesOfPolicies(template, boxOf), ...linesOfProperties(drawn, boxOf)]);
  const all = [...boxesOf(drawn), ...givenBuckets(template)];
  const isLinked = ({ id }: Box) => lines.some(({ from, to }) => from === id || to === id);
  return {
    stack,
    resources: resources.length,
    boxes: all.filter(isLinked),
    lines,
    notes: notesOf(
      template,
      all.filter((box) => !isLinked(box)),
    ),
  };
}

const boxId = ({ id, resource }: Drawn): string => KINDS[resource.Type]?.together ?? id;

/** In the order in which each key comes first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function groupOf(resource: Resource): string {
  return GROUPS[pathOf(resource).split('/')[0] ?? ''] ?? 'Others';
}

function boxesOf(drawn: readonly Drawn[]): readonly Box[] {
  const key = drawn.find(({ resource }) => resource.Type === 'AWS::KMS::Key')?.id ?? '';
  return [...grouped(drawn, boxId)].map(([id, all]) => {
    const { resource } = all[0] as Drawn;
    const kind = KINDS[resource.Type];
    const { service = '', together, note, title } = kind ?? {};
    const of = title?.(resource) ?? wordsOf(resource);
    return {
      id,
      title: together === undefined ? of : `${all.length} ${together}`,
      note: [service, note?.(resource) ?? ''].filter((part) => part !== '').join(' · '),
      group: groupOf(resource),
      isEncrypted:
        resource.Type !== 'AWS::KMS::Key' && all.every((each) => references(each.resource.Properties).includes(key)),
    };
  });
}

/** Of each resource the box that it belongs to: a role to whoever works as it, an alias to its function. */
function ownership(template: Template, drawn: readonly Drawn[]): (id: string) => readonly string[] {
  const own = new Map<string, string[]>(drawn.map((each) => [each.id, [boxId(each)]]));
  const roles = [['Role'], ['IamRoles'], ['Target', 'RoleArn'], ['DeliverLogsPermissionArn']];
  for (const each of drawn)
    for (const role of roles.flatMap((path) => references(valueAt(each.resource.Properties, path))))
      own.set(role, [...(own.get(role) ?? []), boxId(each)]);
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type === 'AWS::Lambda::Alias' || resource.Type === 'AWS::Lambda::Version')
      own.set(
        id,
        references(valueAt(resource.Properties, ['FunctionName'])).flatMap((fn) => own.get(fn) ?? []),
      );
    // The workgroup is the box; what is asked of its namespace is asked of it.
    if (resource.Type === 'AWS::RedshiftServerless::Namespace')
      own.set(id, drawn.filter(({ resource: it }) => it.Type.endsWith('::Workgroup')).map(boxId));
  }
  return (id) => own.get(id) ?? [];
}

const givenId = (bucket: string): string => `given:${bucket}`;

/** Buckets that policies name and the stack does not make. */
function bucketsNamed(value: unknown): readonly string[] {
  const found = JSON.stringify(value ?? '').matchAll(/arn:aws:s3:::([a-z0-9.-]+)/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

function givenBuckets(template: Template): readonly Box[] {
  const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
  return bucketsNamed(policies.flatMap(allowed)).map((name) => {
    const folders = JSON.stringify(policies).matchAll(new RegExp(`arn:aws:s3:::${name}/([a-z_]+)/`, 'g'));
    const note = [...new Set([...folders].map(([, folder = '']) => folder))].sort().join(', ');
    return { id: givenId(name), title: name, note: `S3 · ${note}`, group: 'S3', isEncrypted: false, isGiven: true };
  });
}

interface Verb {
  readonly action: string;
  readonly words: string;
  readonly flow: Flow;
  /** Data comes from what is read. */
  readonly backwards?: boolean;
}

/** What an action of a policy is in the picture. Others are the small change of these. */
const VERBS: readonly Verb[] = [
  { action: 's3:PutObject', words: 'manifests', flow: 'data' },
  { action: 's3:GetObject', words: 'COPY', flow: 'data', backwards: true },
  { action: 's3:ListBucket', words: 'lists', flow: 'data', backwards: true },
  { action: 'redshift-data:ExecuteStatement', words: 'SQL', flow: 'call' },
  { action: 'lambda:InvokeFunction', words: 'starts', flow: 'call' },
  { action: 'sqs:SendMessage', words: 'given up', flow: 'told' },
  { action: 'logs:PutLogEvents', words: '', flow: 'told' },
];

function linesOfPolicies(template: Template, boxOf: (id: string) => readonly string[]): readonly Line[] {
  const people = (id: string) => pathOf(template.Resources[id] ?? { Type: '' }).startsWith('People/');
  const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
  return policies.flatMap((policy) => {
    const who = references(valueAt(policy.Properties, ['Roles']));
    return who.flatMap((role) =>
      boxOf(role).flatMap((from) =>
        allowed(policy).flatMap(({ actions, resources }) => {
          // Who writes may read back; people read what is called in their box.
          const verb = VERBS.find(({ action }) => actions.includes(action));
          if (verb === undefined || (verb.backwards && people(role))) return [];
          const targets = [...references(resources).flatMap(boxOf), ...bucketsNamed(resources).map(givenId)];
          return [...new Set(targets)].map((to) => lineOf(from, to, verb));
        }),
      ),
    );
  });
}

function lineOf(from: string, to: string, { words, flow, backwards }: Verb): Line {
  const line = { flow, words: words === '' ? [] : [words] };
  return backwards ? { ...line, from: to, to: from } : { ...line, from, to };
}

/** Where a property refers to another box, and which way the line goes. */
const PROPERTIES: readonly { readonly type: string; readonly path: readonly string[]; readonly line: Verb }[] = [
  { type: 'Custom::WarehouseLoad', path: ['ServiceToken'], line: call('starts') },
  { type: 'AWS::Lambda::Function', path: ['LoggingConfig'], line: told('') },
  { type: 'AWS::S3::Bucket', path: ['LoggingConfiguration'], line: told('') },
  { type: 'AWS::CloudWatch::Alarm', path: ['AlarmActions'], line: told('') },
  { type: 'AWS::CloudWatch::Alarm', path: ['Dimensions'], line: { ...told(''), backwards: true } },
  { type: 'AWS::Budgets::Budget', path: ['NotificationsWithSubscribers'], line: told('') },
];

function call(words: string): Verb {
  return { action: '', words, flow: 'call' };
}

function told(words: string): Verb {
  return { action: '', words, flow: 'told' };
}

function linesOfProperties(drawn: readonly Drawn[], boxOf: (id: string) => readonly string[]): readonly Line[] {
  return drawn.flatMap((each) => [
    ...PROPERTIES.filter(({ type }) => type === each.resource.Type).flatMap(({ path, line }) =>
      references(valueAt(each.resource.Properties, path))
        .flatMap(boxOf)
        .map((to) => lineOf(boxId(each), to, line)),
    ),
    ...metricsOf(each, drawn),
  ]);
}

/** An alarm on a metric of ours is fed by what the function logs; the template says so by the namespace only. */
function metricsOf({ resource }: Drawn, drawn: readonly Drawn[]): readonly Line[] {
  const namespace = valueAt(resource.Properties, ['Namespace']);
  if (resource.Type !== 'AWS::CloudWatch::Alarm' || String(namespace).startsWith('AWS/')) return [];
  const functions = drawn.filter(({ resource: it }) => valueAt(it.Properties, ['DurableConfig']) !== undefined);
  const logs = functions.flatMap(({ resource: it }) => references(valueAt(it.Properties, ['LoggingConfig'])));
  return logs.map((from) => ({ from, to: 'alarms', flow: 'told', words: ['metrics'] }));
}

/** One line between two boxes; of several flows the first of data, call, told. */
function merged(lines: readonly Line[]): readonly Line[] {
  const order: readonly Flow[] = ['data', 'call', 'told'];
  const between = lines.filter(({ from, to }) => from !== to);
  const byEnds = grouped(between, ({ from, to }) => `${from}>${to}`);
  return [...byEnds.values()].map((all) => {
    const { from, to } = all[0] as Line;
    const flow = order.find((each) => all.some((line) => line.flow === each)) ?? 'told';
    const words = [...new Set(all.flatMap((line) => line.words))];
    // To list is part of to copy.
    return { from, to, flow, words: words.includes('COPY') ? words.filter((word) => word !== 'lists') : words };
  });
}

/** What the frames say: the network's nature, and the titles of what stands alone. */
function notesOf({ Resources }: Template, alone: readonly Box[]): Readonly<Record<string, readonly string[]>> {
  const types = Object.values(Resources).map(({ Type }) => Type);
  const subnets = types.filter((type) => type === 'AWS::EC2::Subnet').length;
  const isShut = !types.some((type) => /^AWS::EC2::(NatGateway|InternetGateway)$/.test(type));
  const notes: Record<string, string[]> = {
    VPC: [`${subnets} subnets`, ...(isShut ? ['no way to the internet'] : [])],
  };
  for (const { group, title } of alone) notes[group] = [...(notes[group] ?? []), lowerFirst(title)];
  return notes;
}

const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
