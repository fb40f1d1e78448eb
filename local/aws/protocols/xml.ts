import { types } from 'node:util';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
  processEntities: false,
  format: false,
});

/**
 * One XML document. Undefined members are left out, dates are ISO 8601, arrays repeat their element (`flat`, as S3
 * has it) or are wrapped in `<member>` (as the query protocol has it).
 */
export function writeXml(
  root: string,
  value: object,
  options: { readonly xmlns?: string; readonly lists?: 'flat' | 'member' } = {},
): string {
  const content = xmlValue(value, options.lists ?? 'flat') as object;
  const attributes = options.xmlns === undefined ? {} : { '@xmlns': options.xmlns };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...attributes, ...content } })}`;
}

function xmlValue(value: unknown, lists: 'flat' | 'member'): unknown {
  if (types.isDate(value)) {
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => xmlValue(item, lists));
    return lists === 'flat' ? items : items.length === 0 ? '' : { member: items };
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    return Object.fromEntries(members.map(([name, member]) => [name, xmlValue(member, lists)]));
  }
  return escapeText(String(value));
}

/** XML 1.0 text. Characters that XML can't hold at all become U+FFFD; CR is a reference, or parsers make it LF. */
function escapeText(text: string): string {
  return text
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) => (/[\t\n\r\u007f-\u009f]/.test(character) ? character : '\uFFFD'))
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/** The document as nested objects; all values are text, repeated elements are arrays. @throws Error when malformed */
export function readXml(text: string): Record<string, unknown> {
  return parser.parse(text, true) as Record<string, unknown>;
}

/** An element that may stand once, several times or never, as an array. */
export function asArray(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
