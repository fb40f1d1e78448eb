import { KINDS, wordsOf } from './kinds';
import { allowed, pathOf, type Resource, references, type Template } from './template';

/** One or several resources that are one thing to a reader. */
export interface Box {
  readonly id: string;
  readonly title: string;
  /** The AWS service and what is worth knowing. */
  readonly note: string;
  readonly group: string;
  /** With the stack's own key. */
  readonly isEncrypted: boolean;
  /** What the picture is about. */
  readonly isMain?: boolean;
  /** Not of the stack: it was there before. */
  readonly isGiven?: boolean;
}

/** Which frame a part of the app stands in, the first that fits; those not named stand together. */
const GROUPS: Readonly<Record<string, string>> = {
  WarehouseLoad: 'When it loads',
  Nightly: 'When it loads',
  People: 'People',
  Etl: 'ETL',
  'Serverless/UsageLimits': 'Usage limits',
  'Serverless/': 'VPC',
  'Warehouse/Pause': 'Pause',
  'Warehouse/': 'VPC',
  Network: 'VPC',
  WorkBucket: 'S3',
  AccessLogs: 'S3',
  Source: 'S3',
  Monitoring: 'Monitoring',
};

/** A resource that is a box, or a part of one that stands for several. */
export interface Drawn {
  readonly id: string;
  readonly resource: Resource;
}

/** The box that a resource is, or is a part of. */
export const boxId = ({ id, resource }: Drawn): string => KINDS[resource.Type]?.together ?? id;

/** In the order in which each key comes first. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function groupOf(resource: Resource): string {
  const path = `${pathOf(resource)}/`;
  return Object.entries(GROUPS).find(([part]) => path.startsWith(part))?.[1] ?? 'Others';
}

/** What the drawn resources are to a reader. */
export function boxesOf(drawn: readonly Drawn[]): readonly Box[] {
  const key = drawn.find(({ resource }) => resource.Type === 'AWS::KMS::Key')?.id ?? '';
  return [...grouped(drawn, boxId)].map(([id, all]) => {
    const { resource } = all[0] as Drawn;
    const kind = KINDS[resource.Type];
    const { service = '', together, note, title, isMain } = kind ?? {};
    const of = title?.(resource) ?? wordsOf(resource);
    return {
      id,
      title: together === undefined ? of : `${all.length} ${together}`,
      note: [service, note?.(resource) ?? ''].filter((part) => part !== '').join(' · '),
      group: groupOf(resource),
      ...(isMain && { isMain }),
      isEncrypted:
        resource.Type !== 'AWS::KMS::Key' && all.every((each) => references(each.resource.Properties).includes(key)),
    };
  });
}

/** The box of a bucket that the stack does not make. */
export const givenId = (bucket: string): string => `given:${bucket}`;

/** Buckets that policies name and the stack does not make. */
export function bucketsNamed(value: unknown): readonly string[] {
  const found = JSON.stringify(value ?? '').matchAll(/arn:aws:s3:::([a-z0-9.-]+)/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

/** The buckets that policies name and the stack does not make, as boxes. */
export function givenBuckets(template: Template): readonly Box[] {
  const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
  return bucketsNamed(policies.flatMap(allowed)).map((name) => {
    const folders = JSON.stringify(policies).matchAll(new RegExp(`arn:aws:s3:::${name}/([a-z_]+)/`, 'g'));
    const note = [...new Set([...folders].map(([, folder = '']) => folder))].sort().join(', ');
    return { id: givenId(name), title: name, note: `S3 · ${note}`, group: 'S3', isEncrypted: false, isGiven: true };
  });
}
