import { graphlib, layout } from '@dagrejs/dagre';

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Boxes of one group stand together, in a frame. */
  readonly group?: string;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  /** The room that its words need. */
  readonly label?: { readonly width: number; readonly height: number };
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
  /** The frames, by the name of the group. */
  readonly frames: readonly Placed[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Point[];
    /** The middle of the room for its words, where it has some. */
    readonly label?: Point;
  }[];
}

interface Gaps {
  readonly between: number;
  readonly ranks: number;
}

/** Places boxes from left to right along their edges, so that few of these cross. */
export function leftToRight(boxes: readonly Box[], edges: readonly Line[], gaps: Gaps): Layout {
  return arranged(boxes, edges, gaps, 'LR');
}

/** The same from top to bottom. */
export function topDown(boxes: readonly Box[], edges: readonly Line[], gaps: Gaps): Layout {
  return arranged(boxes, edges, gaps, 'TB');
}

function arranged(boxes: readonly Box[], edges: readonly Line[], gaps: Gaps, rankdir: 'LR' | 'TB'): Layout {
  const frames = [...new Set(boxes.flatMap(({ group }) => (group === undefined ? [] : [group])))];
  const graph = new graphlib.Graph({ compound: frames.length > 0 });
  graph.setGraph({ rankdir, nodesep: gaps.between, ranksep: gaps.ranks, marginx: 2, marginy: 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of frames) graph.setNode(frameId(frame), {});
  for (const { id, width, height, group } of boxes) {
    graph.setNode(id, { width, height });
    if (group !== undefined) graph.setParent(id, frameId(group));
  }
  for (const { from, to, label } of edges) graph.setEdge(from, to, { ...label, ...(label && { labelpos: 'c' }) });
  layout(graph);
  // Without boxes dagre says that it is minus infinity wide.
  const { width = 1, height = 1 } = boxes.length === 0 ? {} : graph.graph();
  const placed = (node: string, id: string, of: Omit<Box, 'id'>): Placed => {
    const { x, y } = graph.node(node);
    return { ...of, id, x: x - of.width / 2, y: y - of.height / 2 };
  };
  return {
    width,
    height,
    boxes: boxes.map((box) => placed(box.id, box.id, box)),
    frames: frames.map((frame) => {
      const { width: wide, height: high } = graph.node(frameId(frame));
      return placed(frameId(frame), frame, { width: wide, height: high });
    }),
    edges: graph.edges().map((edge) => {
      const { points, x, y } = graph.edge(edge) as { points: readonly Point[]; x?: number; y?: number };
      return { from: edge.v, to: edge.w, points, ...(x !== undefined && y !== undefined && { label: { x, y } }) };
    }),
  };
}

/** A frame is a node too, and must not be taken for a box of the same name. */
const frameId = (group: string): string => `frame:${group}`;

const number = (value: number): string => String(Math.round(value * 10) / 10);
const at = ({ x, y }: Point): string => `${number(x)},${number(y)}`;

/** A smooth line through the points, leaving and arriving level. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${at(first)}`;
  let before = first;
  for (const point of rest) {
    const middle = number((before.x + point.x) / 2);
    path += `C${middle},${number(before.y)} ${middle},${number(point.y)} ${at(point)}`;
    before = point;
  }
  return path;
}

/** A line that follows the points and rounds its bends (a cubic B-spline), from the first to the last of them. */
export function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const mixed = (a: Point, b: Point, share: number): Point => ({
    x: a.x + (b.x - a.x) * share,
    y: a.y + (b.y - a.y) * share,
  });
  let path = `M${at(first)}`;
  for (const [index, point] of rest.entries()) {
    const before = points[index] as Point;
    const after = rest[index + 1];
    if (index === 0) path += `L${at(mixed(first, point, 1 / 6))}`;
    const end = after === undefined ? point : mixed(mixed(before, point, 5 / 6), mixed(point, after, 1 / 6), 0.5);
    path += `C${at(mixed(before, point, 1 / 3))} ${at(mixed(before, point, 2 / 3))} ${at(end)}`;
  }
  return path;
}
