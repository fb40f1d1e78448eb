import { type CollectionTag, parseDocument, type ScalarTag } from 'yaml';
import { TemplateError } from '../errors';

/** Functions with a short form; `!Ref` and `!Condition` keep their names. */
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
];

const SHORT_FORMS: readonly (readonly [string, string])[] = [
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
];

/**
 * The value of a YAML template, the short forms of functions (`!Sub`) written out as in JSON.
 * @throws TemplateError
 */
export function parseYaml(body: string): unknown {
  const document = parseDocument(body, { customTags: SHORT_FORMS.flatMap(tagsOf), uniqueKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined)
    throw new TemplateError(`Template format error: YAML not well-formed. (${problem.message})`);
  return document.toJS();
}

function tagsOf([tag, name]: readonly [string, string]): (ScalarTag | CollectionTag)[] {
  const scalar: ScalarTag = {
    tag,
    resolve: (text) => ({ [name]: name === 'Fn::GetAtt' ? attribute(text) : text }),
  };
  const collection = (kind: 'seq' | 'map'): CollectionTag => ({
    tag,
    collection: kind,
    resolve: (node) => ({ [name]: node.toJSON() as unknown }),
  });
  return [scalar, collection('seq'), collection('map')];
}

/** `Resource.Attribute.With.Dots` as the list that JSON has. */
function attribute(text: string): string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
