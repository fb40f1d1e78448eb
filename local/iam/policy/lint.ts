import { resourcePattern } from './arn';
import type { ActionCatalogue } from './catalogue';
import type { ActionElement, PolicyDocument, Statement } from './document';
import {
  matchesPattern,
  type Pattern,
  type PatternPiece,
  patternsOverlap,
  wildcardPattern,
  wildcardPieces,
} from './pattern';
import type { Template } from './template';

/** Something a document says that has no effect, or another one than it seems. IAM takes it all the same. */
export interface PolicyWarning {
  readonly kind:
    | 'unknown action'
    | 'resource not taken'
    | 'unknown condition key'
    | 'set operator missing'
    | 'variable unsupported'
    | 'broken variable';
  /** From 0. */
  readonly statement: number;
  readonly sid?: string;
  readonly text: string;
}

/** What IAM would accept and would never apply. Ordered by statement. */
export function lintPolicy(document: PolicyDocument, catalogue: ActionCatalogue): PolicyWarning[] {
  return document.statements.flatMap((statement) => {
    const { index, sid } = statement;
    return [
      ...unknownActions(statement.action, catalogue),
      ...resourcesNotTaken(statement, catalogue),
      ...unknownKeys(statement, catalogue),
      ...variables(statement),
    ].map((warning) => ({ ...warning, statement: index, ...(sid !== undefined && { sid }) }));
  });
}

type Finding = Pick<PolicyWarning, 'kind' | 'text'>;

/** All actions there are: not spelled out. */
function isEverything(source: string): boolean {
  return source === '*' || source.startsWith('*:');
}

function unknownActions({ entries }: ActionElement, catalogue: ActionCatalogue): Finding[] {
  return entries
    .filter(({ source }) => !isEverything(source) && catalogue.actionsLike(source).length === 0)
    .map(({ source }) => ({ kind: 'unknown action', text: `${source} is no action that there is` }));
}

function resourcesNotTaken({ action, resource }: Statement, catalogue: ActionCatalogue): Finding[] {
  if (action.not || !resource || resource.not) return [];
  const named = resource.entries.map(({ template }) => widened(template));
  return action.entries.flatMap(({ source }) => {
    const entries = isEverything(source) ? [] : catalogue.actionsLike(source).map((name) => catalogue.action(name)!);
    if (entries.length === 0) return [];
    const taken = entries.some(({ resourceTypes }) =>
      named.some(
        (pattern) =>
          matchesPattern(pattern, '*') ||
          resourceTypes.some((type) => patternsOverlap(type.pattern, pattern) && !excludedBy(pattern, type.excludes)),
      ),
    );
    const listed = resource.entries.map(({ template }) => template.source).join(', ');
    const takes = [...new Set(entries.flatMap(({ resourceTypes }) => resourceTypes.map(({ name }) => name)))];
    return taken
      ? []
      : [
          {
            kind: 'resource not taken',
            text: `${source} takes ${takes.join(', ') || 'no resource, only *'}, not ${listed}`,
          },
        ];
  });
}

/** The pattern itself has the text that the type's ARNs do not have. */
function excludedBy({ prefix, rest }: Pattern, text: string | undefined): boolean {
  return text !== undefined && (prefix.includes(text) || rest.includes(text.codePointAt(0)!));
}

/** A resource with every variable read as any text. */
function widened({ parts }: Template): Pattern {
  const pieces = parts.flatMap((part): PatternPiece[] => {
    if (part.kind === 'variable') return ['many'];
    if (part.kind === 'escaped') return [{ literal: part.character }];
    return wildcardPieces(part.text);
  });
  return resourcePattern(pieces);
}

function unknownKeys({ action, conditions }: Statement, catalogue: ActionCatalogue): Finding[] {
  if (action.not || action.entries.some(({ source }) => isEverything(source))) return [];
  const names = action.entries.flatMap(({ source }) => catalogue.actionsLike(source));
  const known = names.flatMap((name) => catalogue.action(name)!.conditionKeys);
  return conditions
    .map(({ key }) => key)
    .filter((key) => !/^aws:/i.test(key) && !known.some((pattern) => matchesPattern(pattern, key.toLowerCase())))
    .map((key) => ({ kind: 'unknown condition key', text: `none of the actions gives the condition key ${key}` }));
}

const MULTIVALUED = wildcardPattern('aws:tagkeys');

function variables({ conditions, resource }: Statement): Finding[] {
  const templates = [
    ...(resource?.entries.map(({ template }) => template) ?? []),
    ...conditions.flatMap(({ values }) => values),
  ];
  const broken = templates
    .filter(({ parts }) => parts.some((part) => part.kind === 'text' && part.text.includes('${')))
    .map(({ source }): Finding => ({ kind: 'broken variable', text: `${source} is read as text, not as a variable` }));
  const unsupported = conditions
    .filter(({ test, values }) => test.comparison !== 'Null' && !test.comparison.variables && values.some(hasVariable))
    .map(({ operator }): Finding => ({ kind: 'variable unsupported', text: `${operator} takes no policy variables` }));
  const single = conditions
    .filter(
      ({ test, key }) =>
        test.comparison !== 'Null' && test.set === undefined && matchesPattern(MULTIVALUED, key.toLowerCase()),
    )
    .map(
      ({ operator, key }): Finding => ({
        kind: 'set operator missing',
        text: `${key} has several values: ${operator} needs ForAllValues or ForAnyValue`,
      }),
    );
  return [...broken, ...unsupported, ...single];
}

function hasVariable({ parts }: Template): boolean {
  return parts.some(({ kind }) => kind === 'variable');
}
