import { TemplateError } from '../errors';
import { isObject } from '../values';
import type { Template } from './template';

/** Names a value refers to by Ref, Fn::GetAtt or Fn::Sub, whatever they are (resources, parameters, pseudo). */
export function referencedNames(value: unknown): Set<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, argument] of Object.entries(value)) {
    if (name === 'Ref' && typeof argument === 'string') names.add(argument);
    else if (name === 'Fn::GetAtt') collectGetAtt(argument, names);
    else if (name === 'Fn::Sub') collectSub(argument, names);
    else collect(argument, names);
  }
}

function collectGetAtt(argument: unknown, names: Set<string>): void {
  const first = Array.isArray(argument) ? argument[0] : String(argument).split('.')[0];
  if (typeof first === 'string') names.add(first);
}

function collectSub(argument: unknown, names: Set<string>): void {
  const [pattern, map] = Array.isArray(argument) ? argument : [argument, undefined];
  collect(map, names);
  if (typeof pattern !== 'string') return;
  for (const match of pattern.matchAll(/\$\{([^!}][^}]*)\}/g)) {
    const name = match[1]!.trim();
    if (!(isObject(map) && Object.hasOwn(map, name))) names.add(name.split('.')[0]!);
  }
}

/**
 * The resources each resource of a template needs first, by reference and by DependsOn. Edges to resources left
 * out by a condition are dropped, as CloudFormation does.
 * @throws TemplateError for a name that is nowhere in the template, and for circles
 */
export function dependencies(template: Template, active: ReadonlySet<string>): Map<string, Set<string>> {
  const unresolved = new Set<string>();
  const edges = new Map<string, Set<string>>();
  for (const [logicalId, resource] of Object.entries(template.resources)) {
    const names = new Set([...referencedNames(resource.properties), ...resource.dependsOn]);
    for (const name of names) {
      if (!isDeclared(template, name)) unresolved.add(name);
    }
    if (active.has(logicalId)) {
      edges.set(logicalId, new Set([...names].filter((name) => active.has(name))));
    }
  }
  for (const output of Object.values(template.outputs)) {
    for (const name of referencedNames([output.value, output.exportName])) {
      if (!isDeclared(template, name)) unresolved.add(name);
    }
  }
  if (unresolved.size > 0) {
    const list = [...unresolved].sort().join(', ');
    throw new TemplateError(
      `Template format error: Unresolved resource dependencies [${list}] in the Resources block of the template`,
    );
  }
  const circle = nodesInCircles(edges);
  if (circle.length > 0) throw new TemplateError(`Circular dependency between resources: [${circle.join(', ')}]`);
  return edges;
}

function isDeclared(template: Template, name: string): boolean {
  return (
    name.startsWith('AWS::') || Object.hasOwn(template.resources, name) || Object.hasOwn(template.parameters, name)
  );
}

/** What is left when nodes without dependencies are taken away again and again. */
function nodesInCircles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Map([...edges].map(([name, needed]) => [name, new Set(needed)]));
  for (let progress = true; progress; ) {
    progress = false;
    for (const [name, needed] of left) {
      if ([...needed].some((other) => left.has(other))) continue;
      left.delete(name);
      progress = true;
    }
  }
  return [...left.keys()];
}
