import { type IBuffer, type IBufferCell, Terminal } from '@xterm/headless';
import type { Cast } from './record';

/** Letters of one look in a line. */
export interface Run {
  readonly column: number;
  readonly text: string;
  /** One of the sixteen colours; nothing where it is the terminal's own. */
  readonly colour?: number;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

/** What a line of the screen showed, and how long. */
export interface Shown {
  /** From the first line of the recording. */
  readonly line: number;
  readonly runs: readonly Run[];
  /** Seconds since the recording began. */
  readonly from: number;
  /** Nothing where it stays to the end. */
  readonly until?: number;
}

/** A recording as what a screen showed over time. */
export interface Film {
  readonly columns: number;
  readonly rows: number;
  readonly shown: readonly Shown[];
  /** The line that was the screen's first from that time on. */
  readonly scrolls: readonly { readonly at: number; readonly line: number }[];
  readonly length: number;
}

/** Seconds that outputs may lie apart and still come in one picture. */
const PICTURE = 0.08;
/** More than a recording has, so that the number of a line never changes. */
const SCROLLBACK = 20_000;

/** Plays a recording in a terminal without a screen. What came and went within one picture was never seen. */
export async function film({ columns, rows, outputs }: Cast): Promise<Film> {
  const terminal = new Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  const now = new Map<number, { readonly key: string; readonly runs: readonly Run[]; readonly from: number }>();
  const gone: Shown[] = [];
  const scrolls: { at: number; line: number }[] = [];
  for (const { at, text } of pictures(outputs)) {
    await new Promise<void>((done) => terminal.write(text, done));
    const buffer = terminal.buffer.active;
    if (scrolls.at(-1)?.line !== buffer.baseY) scrolls.push({ at, line: buffer.baseY });
    for (let line = buffer.baseY; line < buffer.baseY + rows; line += 1) {
      const runs = runsOf(buffer, line, columns);
      const key = JSON.stringify(runs);
      const before = now.get(line);
      if (before?.key === key || (before === undefined && runs.length === 0)) continue;
      if (before !== undefined) gone.push({ line, runs: before.runs, from: before.from, until: at });
      now.set(line, { key, runs, from: at });
    }
  }
  terminal.dispose();
  const stays = [...now].map(([line, { runs, from }]) => ({ line, runs, from }));
  const shown = [...gone, ...stays].filter(({ runs }) => runs.length > 0);
  return { columns, rows, shown, scrolls, length: outputs.at(-1)?.at ?? 0 };
}

/** Outputs that come together, as one at the time of the last of them. */
function pictures(outputs: Cast['outputs']): Cast['outputs'] {
  const together: { begun: number; at: number; text: string }[] = [];
  for (const { at, text } of outputs) {
    const last = together.at(-1);
    if (last !== undefined && at - last.begun < PICTURE) Object.assign(last, { at, text: last.text + text });
    else together.push({ begun: at, at, text });
  }
  return together;
}

function runsOf(buffer: IBuffer, row: number, columns: number): readonly Run[] {
  const line = buffer.getLine(row);
  const runs: { column: number; text: string; colour?: number; isBold: boolean; isDim: boolean }[] = [];
  let next = -1;
  for (let column = 0; column < columns; column += 1) {
    const cell = line?.getCell(column);
    const text = cell?.getChars() ?? '';
    if (cell === undefined || text === '') continue;
    const look = lookOf(cell);
    const last = runs.at(-1);
    const goesOn = last !== undefined && column === next;
    // A blank shows no look: it does not end a run.
    if (goesOn && (text === ' ' || sameLook(last, look))) last.text += text;
    else if (text !== ' ') runs.push({ column, text, ...look });
    if (text !== ' ' || goesOn) next = column + cell.getWidth();
  }
  return runs.map((run) => ({ ...run, text: run.text.trimEnd() }));
}

function lookOf(cell: IBufferCell): Pick<Run, 'colour' | 'isBold' | 'isDim'> {
  return {
    ...(cell.isFgPalette() && { colour: cell.getFgColor() }),
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
  };
}

function sameLook(a: Pick<Run, 'colour' | 'isBold' | 'isDim'>, b: Pick<Run, 'colour' | 'isBold' | 'isDim'>): boolean {
  return a.colour === b.colour && a.isBold === b.isBold && a.isDim === b.isDim;
}
