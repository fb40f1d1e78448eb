import { type Box, boxesOf, type Drawn, givenBuckets } from './boxes';
import { KINDS, PARTS } from './kinds';
import { type Line, linesOf } from './lines';
import { pathOf, type Template } from './template';

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
  const lines = linesOf(template, drawn);
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
