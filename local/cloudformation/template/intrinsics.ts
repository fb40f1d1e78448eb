import { TemplateError } from '../errors';
import { isObject, type JsonObject, sameValue } from '../values';
import { subnets } from './cidr';
import type { Template } from './template';

/**
 * Stands in a change set's preview for what is known only after a resource was made; the text is CloudFormation's.
 * A string that contains it is as unknown as it is itself.
 */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** Everything a value in a template may refer to. */
export interface Scope {
  readonly template: Template;
  /** `AWS::Region` and the others; a list for AWS::NotificationARNs. */
  readonly pseudo: Readonly<Record<string, string | readonly string[]>>;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** @throws TemplateError when there is no such resource */
  ref(logicalId: string): unknown;
  /** @throws TemplateError when there is no such resource or attribute */
  getAtt(logicalId: string, attribute: string): unknown;
  /** @throws TemplateError when no stack exports the name */
  importValue(name: string): unknown;
  /** The value of a plain SSM parameter. @throws TemplateError when there is none */
  ssmParameter(name: string): string;
  readonly availabilityZones: readonly string[];
}

/** Resolves the values of one template in one scope. */
export interface Resolver {
  /** The value with every intrinsic replaced. `at` names the place for errors. @throws TemplateError */
  resolve(value: unknown, at: string): unknown;
  /** @throws TemplateError */
  condition(name: string): boolean;
  /** A value of the Conditions or Rules section. @throws TemplateError */
  predicate(value: unknown, at: string): boolean;
}

const NO_VALUE = Symbol('AWS::NoValue');
type Evaluate = (argument: unknown, at: string) => unknown;

/** Function names that act on conditions only; elsewhere CloudFormation refuses them. */
const PREDICATES = [
  'Fn::Equals',
  'Fn::Not',
  'Fn::And',
  'Fn::Or',
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
];

export function createResolver(scope: Scope): Resolver {
  const conditions = new Map<string, boolean | 'evaluating'>();
  const fail = (at: string, message: string): never => {
    throw new TemplateError(`Template error: ${message} (at ${at})`);
  };

  function condition(name: string): boolean {
    const known = conditions.get(name);
    if (known === 'evaluating') return fail(`Conditions/${name}`, `circular dependency between conditions: ${name}`);
    if (known !== undefined) return known;
    if (!Object.hasOwn(scope.template.conditions, name)) {
      return fail(`Conditions/${name}`, `unresolved condition dependency ${name} in the Fn::If or Condition`);
    }
    conditions.set(name, 'evaluating');
    const value = predicate(scope.template.conditions[name], `Conditions/${name}`);
    conditions.set(name, value);
    return value;
  }

  function predicate(value: unknown, at: string): boolean {
    const [name, argument] = intrinsicOf(value) ?? [];
    const terms = () => list(argument, `${at}/${name}`, name ?? '');
    const values = () => terms().map((term, index) => walk(term, `${at}/${name}/${index}`));
    switch (name) {
      case 'Condition':
        return condition(String(argument));
      case 'Fn::Equals': {
        const [left, right, ...rest] = values();
        if (terms().length !== 2 || rest.length > 0) fail(at, 'Fn::Equals needs a list of two values');
        return sameValue(scalar(left), scalar(right));
      }
      case 'Fn::Not':
        if (terms().length !== 1) fail(at, 'Fn::Not needs a list of one condition');
        return !predicate(terms()[0], `${at}/Fn::Not`);
      case 'Fn::And':
        return checkedTerms().every((term) => predicate(term, `${at}/Fn::And`));
      case 'Fn::Or':
        return checkedTerms().some((term) => predicate(term, `${at}/Fn::Or`));
      case 'Fn::Contains': {
        const [haystack, needle] = values();
        return strings(haystack, at).includes(String(scalar(needle)));
      }
      case 'Fn::EachMemberEquals': {
        const [members, wanted] = values();
        return strings(members, at).every((member) => member === String(scalar(wanted)));
      }
      case 'Fn::EachMemberIn': {
        const [members, allowed] = values();
        const set = strings(allowed, at);
        return strings(members, at).every((member) => set.includes(member));
      }
      default:
        return fail(at, `${JSON.stringify(value)} is not a condition`);
    }

    function checkedTerms(): readonly unknown[] {
      const all = terms();
      if (all.length < 2 || all.length > 10) fail(at, `${name} needs 2 to 10 conditions, got ${all.length}`);
      return all;
    }
  }

  function list(value: unknown, at: string, name: string): readonly unknown[] {
    if (!Array.isArray(value)) fail(at, `${name} needs a list, got ${JSON.stringify(value)}`);
    return value as unknown[];
  }

  function strings(value: unknown, at: string): string[] {
    return list(value, at, 'the function').map((item) => String(item));
  }

  function text(value: unknown, at: string, name: string): string {
    if (typeof value === 'object' || value === undefined) {
      fail(at, `${name} needs a string here, got ${JSON.stringify(value)}`);
    }
    return String(value);
  }

  function reference(name: string, at: string): unknown {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (Object.hasOwn(scope.pseudo, name)) return scope.pseudo[name];
    if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name];
    if (!Object.hasOwn(scope.template.resources, name)) fail(at, `unresolved resource dependency [${name}]`);
    return scope.ref(name);
  }

  function attribute(path: readonly string[], at: string): unknown {
    const [logicalId, ...names] = path;
    if (logicalId === undefined || names.length === 0)
      return fail(at, 'Fn::GetAtt needs a logical id and an attribute');
    if (!Object.hasOwn(scope.template.resources, logicalId)) {
      fail(at, `instance of Fn::GetAtt references undefined resource ${logicalId}`);
    }
    return scope.getAtt(logicalId, names.join('.'));
  }

  function substitute(argument: unknown, at: string): string {
    const [pattern, map] = Array.isArray(argument) ? [argument[0], argument[1] ?? {}] : [argument, {}];
    if (typeof pattern !== 'string') return fail(at, 'Fn::Sub needs a string') as never;
    if (!isObject(map)) return fail(at, 'the second value of Fn::Sub must be an object') as never;
    return pattern.replace(/\$\{([^}]*)\}/g, (_whole, inner: string) => {
      if (inner.startsWith('!')) return `\${${inner.slice(1)}}`;
      const name = inner.trim();
      if (Object.hasOwn(map, name)) return text(walk(map[name], `${at}/${name}`), at, 'Fn::Sub');
      const value = name.includes('.') ? attribute(name.split('.'), at) : reference(name, at);
      return Array.isArray(value) ? value.join(',') : text(value, at, 'Fn::Sub');
    });
  }

  function select(argument: unknown, at: string): unknown {
    const [index, source] = list(argument, at, 'Fn::Select');
    const from = walk(source, at);
    if (from === KNOWN_AFTER_APPLY) return KNOWN_AFTER_APPLY;
    const position = Number(walk(index, at));
    const items = list(from, at, 'Fn::Select');
    if (items.length === 1 && items[0] === KNOWN_AFTER_APPLY) return KNOWN_AFTER_APPLY;
    if (!Number.isInteger(position) || position < 0 || position >= items.length) {
      fail(at, `Fn::Select cannot select nonexistent value at index ${String(index)}`);
    }
    return items[position];
  }

  function split(argument: unknown, at: string): unknown {
    const [delimiter, source] = list(argument, at, 'Fn::Split');
    const from = text(walk(source, at), at, 'Fn::Split');
    if (from.includes(KNOWN_AFTER_APPLY)) return [KNOWN_AFTER_APPLY];
    if (typeof delimiter !== 'string' || delimiter === '') fail(at, 'Fn::Split needs a delimiter');
    return from.split(String(delimiter));
  }

  function findInMap(argument: unknown, at: string): unknown {
    const [map, top, second, options] = list(argument, at, 'Fn::FindInMap').map((part) => walk(part, at));
    const level = scope.template.mappings[String(map)];
    const row = isObject(level) ? level[String(top)] : undefined;
    const value = isObject(row) ? row[String(second)] : undefined;
    if (value !== undefined) return value;
    if (isObject(options) && 'DefaultValue' in options) {
      needsExtensions('the DefaultValue of Fn::FindInMap', at);
      return options.DefaultValue;
    }
    return fail(at, `Unable to get mapping for ${String(map)}::${String(top)}::${String(second)}`);
  }

  function needsExtensions(what: string, at: string): void {
    if (!scope.template.transforms.includes('AWS::LanguageExtensions')) {
      fail(at, `${what} needs the transform AWS::LanguageExtensions`);
    }
  }

  const functions: Readonly<Record<string, Evaluate>> = {
    Ref: (argument, at) => reference(text(argument, at, 'Ref'), at),
    'Fn::GetAtt': (argument, at) =>
      attribute(
        Array.isArray(argument)
          ? argument.map((part) => text(walk(part, at), at, 'Fn::GetAtt'))
          : String(argument).split('.'),
        at,
      ),
    'Fn::Join': (argument, at) => {
      const [delimiter, items] = list(argument, at, 'Fn::Join');
      if (typeof delimiter !== 'string') fail(at, 'Fn::Join needs a delimiter string');
      const values = walk(items, at);
      if (values === KNOWN_AFTER_APPLY) return KNOWN_AFTER_APPLY;
      return list(values, at, 'Fn::Join')
        .map((item) => text(item, at, 'Fn::Join'))
        .join(String(delimiter));
    },
    'Fn::Sub': substitute,
    'Fn::Select': select,
    'Fn::Split': split,
    'Fn::If': (argument, at) => {
      const [name, whenTrue, whenFalse, ...rest] = list(argument, at, 'Fn::If');
      if (whenFalse === undefined || rest.length > 0) fail(at, 'Fn::If needs a condition and two values');
      return walk(condition(String(name)) ? whenTrue : whenFalse, at);
    },
    'Fn::FindInMap': findInMap,
    'Fn::Base64': (argument, at) => {
      const value = text(walk(argument, at), at, 'Fn::Base64');
      return value.includes(KNOWN_AFTER_APPLY) ? KNOWN_AFTER_APPLY : Buffer.from(value, 'utf8').toString('base64');
    },
    'Fn::GetAZs': (argument, at) => {
      const region = text(walk(argument, at), at, 'Fn::GetAZs');
      if (region !== '' && region !== scope.pseudo['AWS::Region']) {
        fail(
          at,
          `the local AWS has one region, ${String(scope.pseudo['AWS::Region'])}; there are no zones of ${region}`,
        );
      }
      return scope.availabilityZones;
    },
    'Fn::Cidr': (argument, at) => {
      const [block, count, bits] = list(walk(argument, at), at, 'Fn::Cidr');
      if (block === KNOWN_AFTER_APPLY) return KNOWN_AFTER_APPLY;
      return subnets(String(block), Number(count), bits === undefined ? undefined : Number(bits));
    },
    'Fn::ImportValue': (argument, at) => scope.importValue(text(walk(argument, at), at, 'Fn::ImportValue')),
    'Fn::ToJsonString': (argument, at) => {
      needsExtensions('Fn::ToJsonString', at);
      return JSON.stringify(walk(argument, at));
    },
    'Fn::Length': (argument, at) => {
      needsExtensions('Fn::Length', at);
      const value = walk(argument, at);
      return value === KNOWN_AFTER_APPLY ? value : list(value, at, 'Fn::Length').length;
    },
  };

  function walk(value: unknown, at: string): unknown {
    if (typeof value === 'string') return dynamicReferences(value, at);
    if (Array.isArray(value)) {
      return value.map((item, index) => walk(item, `${at}/${index}`)).filter((item) => item !== NO_VALUE);
    }
    if (!isObject(value)) return value;
    const intrinsic = intrinsicOf(value);
    if (intrinsic === undefined || intrinsic[0] === 'Condition') return walkMembers(value, at);
    const [name, argument] = intrinsic;
    const evaluate = functions[name];
    if (evaluate !== undefined) return evaluate(argument, `${at}/${name}`);
    if (PREDICATES.includes(name)) return fail(at, `${name} can be used in Conditions and Rules only`);
    return fail(at, `the local CloudFormation has no function ${name}`);
  }

  function walkMembers(value: JsonObject, at: string): JsonObject {
    const members: [string, unknown][] = [];
    for (const [name, member] of Object.entries(value)) {
      if (name.startsWith('Fn::') || name === 'Ref') fail(at, `${name} must be the only member of its object`);
      const resolved = walk(member, `${at}/${name}`);
      if (resolved !== NO_VALUE) members.push([name, resolved]);
    }
    return Object.fromEntries(members);
  }

  function dynamicReferences(value: string, at: string): string {
    if (!value.includes('{{resolve:')) return value;
    return value.replace(/\{\{resolve:([^:}]+):([^}]*)\}\}/g, (_whole, service: string, rest: string) => {
      if (service === 'ssm') return scope.ssmParameter(rest.replace(/:\d+$/, ''));
      return fail(
        at,
        `the local CloudFormation resolves no dynamic references to ${service} ({{resolve:${service}:${rest}}})`,
      );
    });
  }

  function resolve(value: unknown, at: string): unknown {
    const resolved = walk(value, at);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  return { resolve, condition, predicate };
}

/** Name and argument when the object is an intrinsic function or a condition reference. */
function intrinsicOf(value: unknown): readonly [string, unknown] | undefined {
  if (!isObject(value)) return undefined;
  const names = Object.keys(value);
  const [name] = names;
  if (names.length !== 1 || name === undefined) return undefined;
  if (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::')) return [name, value[name]];
  return undefined;
}

function scalar(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
