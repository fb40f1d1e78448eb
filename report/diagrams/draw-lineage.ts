import type { Facts } from '../facts/facts';
import { count, plural } from '../format';
import { type Html, html } from '../html';
import { curve, leftToRight } from './layout';
import { type Edge, lineage, type Statement } from './lineage';

export type Kind = 'source' | 'staging' | 'star' | 'view';

export interface LineageNode {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly note: string;
}

export interface LineageModel {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly Edge[];
}

const SCHEMAS: ReadonlySet<string> = new Set(['public', 'analytics']);

/**
 * From source file to view: which files of `sql/load` and which views read and write what. Nodes are what the catalogue
 * has; the load's own tables are passed through.
 */
export function lineageModel(facts: Facts, load: readonly Statement[]): LineageModel {
  const views = facts.views.map(({ schemaname, viewname, definition }) => ({
    target: `${schemaname}.${viewname}`,
    text: definition,
  }));
  const known = new Set(
    facts.tables
      .filter(({ table_schema }) => SCHEMAS.has(table_schema))
      .map(({ table_schema, table_name }) => `${table_schema}.${table_name}`),
  );
  for (const { target } of views) if (SCHEMAS.has(target.split('.')[0] ?? '')) known.add(target);
  const edges = lineage([...load, ...views], (name) => name.startsWith('s3:') || known.has(name));
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  return { nodes: ids.map((id) => describe(id, facts)), edges };
}

function describe(id: string, { files, rowCounts: [counts] }: Facts): LineageNode {
  const [schema = '', name = ''] = id.includes(':') ? id.split(':') : id.split('.');
  if (schema === 's3') {
    const found = files.find(({ source }) => source === name);
    return {
      id,
      kind: 'source',
      name: found === undefined ? name : folderOf(found.first_url, found.last_url),
      note: found === undefined ? 'no files yet' : plural(found.files, 'file'),
    };
  }
  if (schema === 'analytics') return { id, kind: 'view', name, note: '' };
  const rows = counts?.[name];
  return {
    id,
    kind: name.startsWith('staging_') ? 'staging' : 'star',
    name,
    note: rows === undefined ? '' : `${count(rows)} rows`,
  };
}

/** The folder that all files of a source share, by the first and the last of them. */
export function folderOf(first: string, last: string): string {
  let same = 0;
  while (same < first.length && first[same] === last[same]) same += 1;
  const folder = first.slice(0, first.lastIndexOf('/', same - 1) + 1) || first;
  return folder.replace(/^s3:\/\/[^/]+\//, '');
}

const SIZES: Readonly<Record<Kind, readonly [number, number]>> = {
  source: [156, 46],
  staging: [136, 46],
  star: [120, 46],
  view: [210, 26],
};

/** Between two ranks of boxes. */
const RANKS = 64;

/** The lineage, from left to right. Edges inside the star stand in the table only: they would put its tables in two ranks. */
export function drawLineage({ nodes, edges }: LineageModel): Html {
  const kindOf = (id: string): Kind | undefined => nodes.find((node) => node.id === id)?.kind;
  const shown = edges.filter(({ from, to }) => kindOf(from) !== 'star' || kindOf(to) !== 'star');
  const boxes = nodes.map(({ id, kind }) => ({ id, width: SIZES[kind][0], height: SIZES[kind][1] }));
  const { width, height, boxes: placed, edges: lines } = leftToRight(boxes, shown, { between: 8, ranks: RANKS });
  const at = new Map(placed.map((box) => [box.id, box]));
  // Dagre's lines end where they meet a box, often on top of it; here they leave at the right and arrive at the left.
  const paths = lines.flatMap(({ from, to, points }) => {
    const [source, target] = [at.get(from), at.get(to)];
    if (source === undefined || target === undefined) return [];
    const begin = { x: source.x + source.width, y: source.y + source.height / 2 };
    const end = { x: target.x, y: target.y + target.height / 2 };
    // Only a line that passes a rank needs to be led between its boxes.
    const passes = end.x - begin.x > 2 * RANKS;
    const between = points
      .slice(1, -1)
      .filter(({ x }) => passes && x > begin.x + RANKS && x < end.x - RANKS)
      .flatMap(({ x, y }) => [
        { x: x - SIZES.view[0] / 2, y },
        { x: x + SIZES.view[0] / 2, y },
      ]);
    return [html`<path class="line" d="${curve([begin, ...between, end])}"/>`];
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const drawn = placed.map((box) => {
    const node = byId.get(box.id) as LineageNode;
    const middle = box.height / 2;
    const text =
      node.note === ''
        ? html`<text x="12" y="${middle + 4.5}">${node.name}</text>`
        : html`<text x="12" y="${middle - 3}" class="name">${node.name}</text><text x="12" y="${middle + 14}" class="note">${node.note}</text>`;
    return html`<g transform="translate(${Math.round(box.x)},${Math.round(box.y)})" class="node ${node.kind}"><rect width="${box.width}" height="${box.height}" rx="${node.kind === 'view' ? 13 : 8}"/>${text}</g>`;
  });
  return html`<svg class="diagram" role="img" aria-labelledby="lineage-title lineage-description" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}"><title id="lineage-title">Lineage from source file to view</title><desc id="lineage-description">From left to right: source files, staging tables, the tables of the star, the views. The table below names each step.</desc>${paths}${drawn}</svg>`;
}
