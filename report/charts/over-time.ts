import type { Facts, Row } from '../facts/facts';
import { count, day, dayOfMonth, percent, plural, ratio, utc } from '../format';
import { type Chart, COLOURS, column, LEVELS } from './chart';
import { baseline, grid, isNarrow, numbersLeft, wholeTicks } from './shapes';

const weekLabel = (text: string): string => dayOfMonth(utc(text));

/** Plays day by day, free and paid one on the other. */
export function playsByDay({ byDay }: Facts): Chart {
  const busiest = byDay.reduce<Row<'byDay'> | undefined>(
    (most, each) => (most && most.plays >= each.plays ? most : each),
    undefined,
  );
  const bars = byDay.flatMap((each) =>
    LEVELS.map(({ name, colour }) => ({
      day: utc(each.day),
      plays: name === 'paid' ? each.paid_plays : each.free_plays,
      colour,
    })),
  );
  return {
    id: 'plays-by-day',
    wide: true,
    question: 'How does listening go from day to day?',
    finding: busiest
      ? `Busiest was ${day(busiest.day)} with ${plural(busiest.plays, 'play')} by ${plural(busiest.listeners, 'listener')}.`
      : 'Nothing has been played yet.',
    description: 'Bars, one a day; each is the plays on paid level with those on free level on top.',
    legend: LEVELS,
    draw: (plot, width) => {
      const gap = isNarrow(width) ? 0.5 : 2;
      return {
        height: isNarrow(width) ? 210 : 280,
        marginLeft: 44,
        marginRight: 8,
        marginTop: 12,
        marginBottom: 26,
        x: { type: 'utc' },
        y: { axis: null },
        color: { type: 'identity' },
        marks: [
          grid(plot),
          numbersLeft(plot),
          plot.axisX({
            tickSize: 0,
            label: null,
            ticks: isNarrow(width) ? 4 : width < 800 ? 6 : 10,
            tickFormat: dayOfMonth,
            fontSize: 12,
            fill: COLOURS.soft,
          }),
          plot.rectY(bars, { x: 'day', interval: 'day', y: 'plays', fill: 'colour', insetLeft: gap, insetRight: gap }),
          baseline(plot),
        ],
      };
    },
    table: {
      columns: [
        column('day'),
        column('plays', true),
        column('paid', true),
        column('free', true),
        column('listeners', true),
      ],
      rows: byDay.map((row) => [day(row.day), row.plays, row.paid_plays, row.free_plays, row.listeners]),
    },
  };
}

/** Plays week by week. */
export function playsByWeek({ byWeek }: Facts): Chart {
  const first = byWeek.at(0);
  const best = byWeek.reduce<Row<'byWeek'> | undefined>(
    (most, each) => (most && most.plays >= each.plays ? most : each),
    undefined,
  );
  return {
    id: 'plays-by-week',
    question: 'And from week to week?',
    finding: best
      ? `ISO week ${best.iso_week} was the strongest with ${plural(best.plays, 'play')}; the first one, ${first?.iso_week}, had ${count(first?.plays ?? 0)}.`
      : 'Nothing has been played yet.',
    description: 'Bars, one an ISO week, with the number of plays on top.',
    note: 'The first and the last week may be cut off where the log begins and ends.',
    draw: (plot, width) => ({
      height: 240,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 26,
      marginBottom: 40,
      x: { type: 'band', padding: 0.35, domain: byWeek.map(({ week_start }) => week_start) },
      y: { axis: null },
      marks: [
        plot.barY(byWeek, { x: 'week_start', y: 'plays', fill: COLOURS.main, rx: 4 }),
        ...(byWeek.length > (isNarrow(width) ? 8 : 14)
          ? []
          : [
              plot.text(byWeek, {
                x: 'week_start',
                y: 'plays',
                text: (row: Row<'byWeek'>) => count(row.plays),
                dy: -10,
                fontSize: 13,
                fontWeight: 600,
                fill: COLOURS.ink,
              }),
            ]),
        plot.axisX({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          ...every(
            byWeek.map(({ week_start }) => week_start),
            isNarrow(width) ? 6 : 10,
          ),
          tickFormat: (start: string) => {
            const week = byWeek.find(({ week_start }) => week_start === start);
            return `W${week?.iso_week ?? ''}\n${weekLabel(start)}`;
          },
        }),
        baseline(plot),
      ],
    }),
    table: {
      columns: [
        column('ISO week', true),
        column('from Monday'),
        column('plays', true),
        column('listeners', true),
        column('sessions', true),
      ],
      rows: byWeek.map((row) => [row.iso_week, day(row.week_start), row.plays, row.listeners, row.sessions]),
    },
  };
}

/** As many of the values as have place on an axis. */
function every(values: readonly string[], most: number): { ticks: string[] } {
  const step = Math.max(1, Math.ceil(values.length / most));
  return { ticks: values.filter((_value, index) => index % step === 0) };
}

/** Listeners of each level, week by week. */
export function levelsByWeek({ levelsByWeek: rows, levels }: Facts): Chart {
  const paid = levels.find(({ level }) => level === 'paid');
  const all = levels.reduce((sum, { plays }) => sum + plays, 0);
  const known = rows.filter(({ level }) => LEVELS.some(({ name }) => name === level));
  const colour = (level: string): string => LEVELS.find(({ name }) => name === level)?.colour ?? COLOURS.soft;
  return {
    id: 'levels-by-week',
    question: 'Who carries the listening: free or paid?',
    finding: paid
      ? `${plural(paid.listeners, 'paid listener')} made ${percent(ratio(paid.plays, all))} of all plays, ${count(paid.plays_per_listener ?? 0)} each.`
      : 'Nobody pays yet.',
    description: 'Two lines over the ISO weeks: plays on paid level and plays on free level.',
    legend: LEVELS,
    draw: (plot, width) => ({
      height: 240,
      marginLeft: 44,
      marginRight: 26,
      marginTop: 14,
      marginBottom: 28,
      x: { type: 'utc' },
      y: { axis: null, zero: true },
      color: { type: 'identity' },
      marks: [
        grid(plot),
        numbersLeft(plot),
        plot.axisX({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          ticks: every([...new Set(known.map(({ week_start }) => week_start))], isNarrow(width) ? 4 : 8).ticks.map(utc),
          tickFormat: dayOfMonth,
        }),
        plot.lineY(known, {
          x: (row: Row<'levelsByWeek'>) => utc(row.week_start),
          y: 'plays',
          z: 'level',
          stroke: (row: Row<'levelsByWeek'>) => colour(row.level),
          strokeWidth: 2.5,
          strokeLinejoin: 'round',
        }),
        plot.dot(known, {
          x: (row: Row<'levelsByWeek'>) => utc(row.week_start),
          y: 'plays',
          r: 4,
          fill: (row: Row<'levelsByWeek'>) => colour(row.level),
          stroke: 'var(--card)',
          strokeWidth: 1.5,
        }),
        baseline(plot),
      ],
    }),
    table: {
      columns: [column('week from'), column('level'), column('plays', true), column('listeners', true)],
      rows: rows.map((row) => [day(row.week_start), row.level, row.plays, row.listeners]),
    },
  };
}

/** Conversions up, cancellations down. */
export function levelChanges({ levelChanges: rows }: Facts): Chart {
  const conversions = rows.reduce((sum, row) => sum + row.conversions, 0);
  const cancellations = rows.reduce((sum, row) => sum + row.cancellations, 0);
  const bars = rows.flatMap((row) => [
    { week: row.week_start, changes: row.conversions, colour: COLOURS.main },
    { week: row.week_start, changes: -row.cancellations, colour: COLOURS.bad },
  ]);
  const labels = bars.filter(({ changes }) => changes !== 0);
  return {
    id: 'level-changes',
    question: 'Who begins to pay, who stops?',
    finding: `${plural(conversions, 'conversion')} to paid, ${plural(cancellations, 'cancellation')} in all.`,
    description: 'Bars, one an ISO week: conversions upwards, cancellations downwards.',
    legend: [
      { name: 'conversions', colour: COLOURS.main },
      { name: 'cancellations', colour: COLOURS.bad },
    ],
    note: 'A change is seen at the first play on the new level.',
    draw: (plot, width) => ({
      height: 240,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 20,
      marginBottom: 34,
      x: { type: 'band', padding: 0.35, domain: rows.map(({ week_start }) => week_start) },
      y: { axis: null, nice: true },
      insetBottom: 18,
      color: { type: 'identity' },
      marks: [
        plot.barY(bars, { x: 'week', y: 'changes', fill: 'colour' }),
        ...[-10, 10].map((dy) =>
          plot.text(
            labels.filter(({ changes }) => rows.length <= (isNarrow(width) ? 12 : 24) && changes * dy < 0),
            {
              x: 'week',
              y: 'changes',
              text: ({ changes }: (typeof bars)[number]) => wholeTicks(Math.abs(changes)),
              dy,
              fontSize: 13,
              fontWeight: 600,
              fill: COLOURS.ink,
            },
          ),
        ),
        plot.ruleY([0], { stroke: 'var(--axis)' }),
        plot.axisX({
          anchor: 'bottom',
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          ...every(
            rows.map(({ week_start }) => week_start),
            isNarrow(width) ? 5 : 9,
          ),
          tickFormat: weekLabel,
        }),
      ],
    }),
    table: {
      columns: [column('week from'), column('conversions', true), column('cancellations', true)],
      rows: rows.map((row) => [day(row.week_start), row.conversions, row.cancellations]),
    },
  };
}

/** The part of the plays that know their song, week by week. */
export function coverage({ coverage: rows, keyFigures: [figures] }: Facts): Chart {
  const share = ratio(figures?.known_plays ?? 0, figures?.plays ?? 0);
  return {
    id: 'catalogue-coverage',
    wide: true,
    question: 'How much of what is played does the catalogue know?',
    finding: `${count(figures?.known_plays ?? 0)} of ${plural(figures?.plays ?? 0, 'play')} (${percent(share)}) know their song among ${plural(figures?.songs ?? 0, 'song')}.`,
    description: 'Bars, one an ISO week: the share of the plays whose song is in the catalogue.',
    note: 'Rankings of songs and artists stand on these plays only.',
    draw: (plot, width) => ({
      height: 240,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 24,
      marginBottom: 30,
      x: { type: 'band', padding: isNarrow(width) ? 0.35 : 0.55, domain: rows.map(({ week_start }) => week_start) },
      y: { axis: null, domain: [0, Math.max(0.01, ...rows.map((row) => row.share)) * 1.15] },
      marks: [
        plot.barY(rows, { x: 'week_start', y: 'share', fill: COLOURS.main, rx: 4 }),
        ...(rows.length > (isNarrow(width) ? 6 : 12)
          ? []
          : [
              plot.text(rows, {
                x: 'week_start',
                y: 'share',
                text: (row: Row<'coverage'>) => percent(row.share),
                dy: -10,
                fontSize: isNarrow(width) ? 11 : 13,
                fontWeight: 600,
                fill: COLOURS.ink,
              }),
            ]),
        plot.axisX({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          ...every(
            rows.map(({ week_start }) => week_start),
            isNarrow(width) ? 5 : 9,
          ),
          tickFormat: weekLabel,
        }),
        baseline(plot),
      ],
    }),
    table: {
      columns: [column('week from'), column('plays', true), column('known', true), column('share', true)],
      rows: rows.map((row) => [day(row.week_start), row.plays, row.known_plays, percent(row.share)]),
    },
  };
}
