import fc from 'fast-check';
import { createResolver, KNOWN_AFTER_APPLY, type Scope } from '../../../local/cloudformation/template/intrinsics';
import { EMPTY_TEMPLATE, type Template } from '../../../local/cloudformation/template/template';

const resource = {
  type: 'T',
  properties: {},
  dependsOn: [],
  deletionPolicy: 'Delete',
  updateReplacePolicy: 'Delete',
} as const;

/** `#{x}` for `${x}`, which linters take for a forgotten template string. */
const sub = (text: string) => text.replaceAll('#{', '${');

function resolverOf(over: Partial<Template> = {}) {
  const template: Template = {
    ...EMPTY_TEMPLATE,
    resources: { Cluster: resource, Later: resource },
    mappings: { Sizes: { dev: { Nodes: '1', Types: ['a', 'b'] } } },
    conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsNotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      Both: { 'Fn::And': [{ Condition: 'IsNotProd' }, { 'Fn::Equals': [1, '1'] }] },
      Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsNotProd' }] },
      Round: { Condition: 'Round' },
    },
    ...over,
  };
  const scope: Scope = {
    template,
    pseudo: { 'AWS::Region': 'us-west-2', 'AWS::AccountId': '000000000000' },
    parameters: { Stage: 'dev', Zones: ['a', 'b'] },
    ref: (logicalId) => (logicalId === 'Later' ? KNOWN_AFTER_APPLY : 'cluster-1'),
    getAtt: (logicalId, attribute) => (logicalId === 'Later' ? KNOWN_AFTER_APPLY : `${attribute} of cluster-1`),
    importValue: (name) => `imported ${name}`,
    ssmParameter: (name) => `ssm ${name}`,
    availabilityZones: ['us-west-2a', 'us-west-2b'],
  };
  return createResolver(scope);
}

const EXTENDED = { transforms: ['AWS::LanguageExtensions'] };

describe('Intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref to a parameter', { Ref: 'Stage' }, 'dev'],
    ['Ref to a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref to a pseudo parameter', { Ref: 'AWS::Region' }, 'us-west-2'],
    ['Ref to a resource', { Ref: 'Cluster' }, 'cluster-1'],
    ['AWS::NoValue as a member', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue as an item', [{ Ref: 'AWS::NoValue' }, 1], [1]],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Cluster', 'Endpoint.Port'] }, 'Endpoint.Port of cluster-1'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Cluster.Endpoint.Port' }, 'Endpoint.Port of cluster-1'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 3]] }, 'a-dev-3'],
    ['Join of a list parameter', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b'],
    ['Sub', { 'Fn::Sub': sub('x-#{Stage}-#{AWS::Region}-#{Cluster.Arn}') }, 'x-dev-us-west-2-Arn of cluster-1'],
    ['Sub with a literal', { 'Fn::Sub': sub('#{!Stage} #{Stage}') }, sub('#{Stage} dev')],
    ['Sub with a map', { 'Fn::Sub': [sub('#{a}#{Stage}'), { a: { Ref: 'Cluster' } }] }, 'cluster-1dev'],
    ['Select', { 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'b'],
    ['Split', { 'Fn::Split': [':', 'a:b'] }, ['a', 'b']],
    ['Select of a Split', { 'Fn::Select': [0, { 'Fn::Split': ['-', { Ref: 'Cluster' }] }] }, 'cluster'],
    ['If', { 'Fn::If': ['IsProd', 1, { Ref: 'Stage' }] }, 'dev'],
    ['If with NoValue', { a: { 'Fn::If': ['IsProd', 1, { Ref: 'AWS::NoValue' }] } }, {}],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'Nodes'] }, '1'],
    ['Base64', { 'Fn::Base64': 'ä' }, 'w6Q='],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['us-west-2a', 'us-west-2b']],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': sub('#{Stage}-vpc') } }, 'imported dev-vpc'],
    ['a dynamic reference', 'pre-{{resolve:ssm:/a/b:3}}', 'pre-ssm /a/b'],
    [
      "an IAM statement's Condition",
      { Condition: { StringEquals: { a: { Ref: 'Stage' } } } },
      { Condition: { StringEquals: { a: 'dev' } } },
    ],
    [
      'what is unknown before a resource is made',
      { 'Fn::Join': ['', ['a', { Ref: 'Later' }]] },
      `a${KNOWN_AFTER_APPLY}`,
    ],
    [
      'a part of something unknown',
      { 'Fn::Select': [2, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Later', 'Arn'] }] }] },
      KNOWN_AFTER_APPLY,
    ],
  ])('resolves %s', (_name, value, expected) => {
    expect(resolverOf().resolve(value, 'here')).toEqual(expected);
  });

  it.each<[string, unknown, unknown]>([
    ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"dev"}'],
    ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'x', 'y', { DefaultValue: 'z' }] }, 'z'],
  ])('resolves %s only where the template declares the language extensions', (_name, value, expected) => {
    expect(resolverOf(EXTENDED).resolve(value, 'here')).toEqual(expected);
    expect(() => resolverOf().resolve(value, 'here')).toThrow('AWS::LanguageExtensions');
  });

  it.each<[string, unknown, string]>([
    ['an unknown function', { 'Fn::Shout': 'x' }, 'no function Fn::Shout'],
    ['a macro', { 'Fn::Transform': {} }, 'no function Fn::Transform'],
    ['a Ref to nothing', { Ref: 'Nothing' }, 'unresolved resource dependency [Nothing]'],
    ['a GetAtt of nothing', { 'Fn::GetAtt': ['Nothing', 'Arn'] }, 'undefined resource Nothing'],
    ['a function beside other members', { 'Fn::Join': ['', []], a: 1 }, 'must be the only member'],
    ['a Select past the end', { 'Fn::Select': [9, ['a']] }, 'nonexistent value at index 9'],
    ['a mapping that is not there', { 'Fn::FindInMap': ['Sizes', 'x', 'y'] }, 'Unable to get mapping for Sizes::x::y'],
    ['a condition outside of its place', { 'Fn::Equals': [1, 1] }, 'Conditions and Rules only'],
    ['an unknown condition', { 'Fn::If': ['What', 1, 2] }, 'unresolved condition dependency What'],
    ['conditions in a circle', { 'Fn::If': ['Round', 1, 2] }, 'circular dependency between conditions'],
    ['a secret', '{{resolve:secretsmanager:x:SecretString:password}}', 'no dynamic references to secretsmanager'],
    ['zones of another region', { 'Fn::GetAZs': 'eu-west-1' }, 'one region'],
    ['blocks that do not fit', { 'Fn::Cidr': ['10.0.0.0/24', 3, 7] }, 'do not fit'],
    ['an object in a Join', { 'Fn::Join': ['', [{ a: 1 }]] }, 'needs a string'],
  ])('refuses %s', (_name, value, message) => {
    const attempt = () => resolverOf().resolve({ deep: [value] }, 'Resources/X/Properties');
    expect(attempt).toThrow(message);
  });

  it('evaluates conditions through one another', () => {
    const { condition } = resolverOf();
    expect(['IsProd', 'IsNotProd', 'Both', 'Either'].map(condition)).toEqual([false, true, true, true]);
  });

  it('leaves values without functions as they are', () => {
    const plain = fc.jsonValue().filter((value) => !/"(Ref|Fn::|Condition)|\{\{resolve/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        expect(resolverOf().resolve(value, 'here')).toEqual(value);
      }),
    );
  });

  it('splits what it joined', () => {
    const word = fc.string().filter((text) => !text.includes('|') && !text.includes('{{'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const joined = { 'Fn::Join': ['|', words] };
        expect(resolverOf().resolve({ 'Fn::Split': ['|', joined] }, 'here')).toEqual(words);
      }),
    );
  });

  it('gives the same from Sub as from Join', () => {
    const part = fc.oneof(fc.constantFrom('Stage', 'AWS::Region', 'Cluster'), fc.stringMatching(/^[a-z :.-]{0,8}$/));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const isName = (text: string) => ['Stage', 'AWS::Region', 'Cluster'].includes(text);
        const sub = { 'Fn::Sub': parts.map((text) => (isName(text) ? `\${${text}}` : text)).join('') };
        const join = { 'Fn::Join': ['', parts.map((text) => (isName(text) ? { Ref: text } : text))] };
        expect(resolverOf().resolve(sub, 'here')).toEqual(resolverOf().resolve(join, 'here'));
      }),
    );
  });
});
