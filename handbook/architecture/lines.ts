import { boxId, bucketsNamed, type Drawn, givenId, grouped } from './boxes';
import { allowed, pathOf, references, type Template, valueAt } from './template';

/** What goes along a line: data, a call, or what is told afterwards. */
export type Flow = 'data' | 'call' | 'told';

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly flow: Flow;
  readonly words: readonly string[];
}

/** The lines between the boxes: what the policies allow whom, and what refers to what. */
export function linesOf(template: Template, drawn: readonly Drawn[]): readonly Line[] {
  const boxOf = ownership(template, drawn);
  return merged([...linesOfPolicies(template, boxOf), ...linesOfProperties(drawn, boxOf)]);
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
  { type: 'Custom::UsageLimits', path: ['ServiceToken'], line: call('starts') },
  { type: 'AWS::Redshift::ScheduledAction', path: ['TargetAction'], line: call('pauses, resumes') },
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
