import { graphlib, layout } from '@dagrejs/dagre';

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Placed extends Box {
  /** Of the upper left corner. */
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Placed[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

/** Places boxes from left to right along their edges, so that few of these cross. */
export function leftToRight(
  boxes: readonly Box[],
  edges: readonly { readonly from: string; readonly to: string }[],
  gaps: { readonly between: number; readonly ranks: number },
): Layout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: gaps.between, ranksep: gaps.ranks, marginx: 2, marginy: 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  // Without boxes dagre says that it is minus infinity wide.
  const { width = 1, height = 1 } = boxes.length === 0 ? {} : graph.graph();
  return {
    width,
    height,
    boxes: boxes.map((box) => {
      const { x, y } = graph.node(box.id);
      return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
    }),
    edges: graph.edges().map((edge) => ({ from: edge.v, to: edge.w, points: graph.edge(edge).points })),
  };
}

/** A smooth line through the points, leaving and arriving level. */
export function curve(points: readonly Point[]): string {
  const number = (value: number): string => String(Math.round(value * 10) / 10);
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${number(first.x)},${number(first.y)}`;
  let before = first;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    path += `C${number(middle)},${number(before.y)} ${number(middle)},${number(point.y)} ${number(point.x)},${number(point.y)}`;
    before = point;
  }
  return path;
}
