import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Node, Parser } from 'commonmark';

/** The checkout's own folder. */
export const ROOT = resolve(__dirname, '..', '..', '..');

/** A fenced block of commands, and the comments directly above it. */
export interface Block {
  /** The first word of the fence's info string. */
  readonly language: string;
  /** What the fence says behind it, as `file=PATH`. */
  readonly info: string;
  readonly text: string;
  /** Of the first line inside the fence, counted from 1. */
  readonly line: number;
  /** The texts of the HTML comments that end on the line above the fence. */
  readonly comments: readonly string[];
}

export interface Span {
  readonly text: string;
  readonly line: number;
}

/** What the tests of the docs look at in a page. */
export interface Page {
  /** From the checkout's root, with slashes. */
  readonly file: string;
  readonly blocks: readonly Block[];
  /** Code in running text. */
  readonly spans: readonly Span[];
  /** Where links and pictures lead. */
  readonly links: readonly Span[];
  /** The anchors that headings make, as GitHub names them. */
  readonly anchors: ReadonlySet<string>;
}

/** Files of Markdown that people read: the README, the docs and what GitHub shows. */
export function pageFiles(root = ROOT): readonly string[] {
  const below = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  return ['README.md', ...['docs', '.github'].flatMap(below)].sort();
}

/** A page of the checkout, read. */
export function readPage(file: string, root = ROOT): Page {
  return parsePage(file, readFileSync(join(root, file), 'utf8'));
}

/** The name that GitHub gives a heading: lower case, punctuation away, blanks as hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** A page from its text. */
export function parsePage(file: string, text: string): Page {
  const blocks: Block[] = [];
  const spans: Span[] = [];
  const links: Span[] = [];
  const anchors = new Set<string>();
  const walker = new Parser().parse(text).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    const { node, entering } = step;
    if (!entering) continue;
    if (node.type === 'code_block' && node.info !== null) blocks.push(blockOf(node));
    if (node.type === 'code') spans.push({ text: node.literal ?? '', line: lineOf(node) });
    if ((node.type === 'link' || node.type === 'image') && node.destination !== null)
      links.push({ text: node.destination, line: lineOf(node) });
    if (node.type === 'html_inline' || node.type === 'html_block')
      for (const [, to = ''] of (node.literal ?? '').matchAll(/ (?:href|src|srcset)="([^"]+)"/g))
        links.push({ text: to, line: lineOf(node) });
    if (node.type === 'heading') addAnchor(anchors, anchorOf(textOf(node)));
  }
  return { file, blocks, spans, links, anchors };
}

/** A heading that stands on a page twice gets a number behind its name. */
function addAnchor(anchors: Set<string>, name: string): void {
  let free = name;
  for (let again = 1; anchors.has(free); again += 1) free = `${name}-${again}`;
  anchors.add(free);
}

function blockOf(node: Node): Block {
  const [[begin]] = node.sourcepos;
  const comments: string[] = [];
  let above = begin;
  for (let before = node.prev; before?.type === 'html_block'; before = before.prev) {
    const [[first], [last]] = before.sourcepos;
    if (last !== above - 1) break;
    comments.unshift(...[...(before.literal ?? '').matchAll(/<!--([\s\S]*?)-->/g)].map(([, said = '']) => said.trim()));
    above = first;
  }
  const [, language = '', info = ''] = /^(\S*)\s*(.*)$/.exec(node.info ?? '') ?? [];
  return { language, info, text: node.literal ?? '', line: begin + 1, comments };
}

/** Of the paragraph or heading that a node stands in: inline nodes know no line. */
function lineOf(node: Node): number {
  let holder: Node | null = node;
  while (holder !== null && holder.sourcepos === undefined) holder = holder.parent;
  return holder?.sourcepos[0][0] ?? 0;
}

function textOf(node: Node): string {
  const walker = node.walker();
  let text = '';
  for (let step = walker.next(); step !== null; step = walker.next())
    if (step.entering && (step.node.type === 'text' || step.node.type === 'code')) text += step.node.literal ?? '';
  return text;
}
