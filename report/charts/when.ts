import type { Facts, Row } from '../facts/facts';
import { count, decimal, hour, percent, plural, weekday } from '../format';
import { type Chart, COLOURS, column } from './chart';
import { baseline, grid, isNarrow, numbersLeft } from './shapes';

const HOURS = Array.from({ length: 24 }, (_, index) => index);
/** Weeks begin on Monday here, as ISO weeks do. */
const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;

/** Plays by hour of the day. */
export function playsByHour({ byHour }: Facts): Chart {
  const peak = byHour.reduce<Row<'byHour'> | undefined>(
    (most, each) => (most && most.plays >= each.plays ? most : each),
    undefined,
  );
  const all = HOURS.map(
    (at) => byHour.find((row) => row.hour === at) ?? { hour: at, plays: 0, listeners: 0, share: 0 },
  );
  return {
    id: 'plays-by-hour',
    question: 'At which hours is music played?',
    finding: peak
      ? `The peak is ${hour(peak.hour)} UTC with ${plural(peak.plays, 'play')}, ${percent(peak.share)} of all.`
      : 'Nothing has been played yet.',
    description: 'Bars, one an hour of the day in UTC; the highest one stands out.',
    note: 'Hours are UTC.',
    draw: (plot, width) => ({
      height: 240,
      marginLeft: 40,
      marginRight: 6,
      marginTop: 14,
      marginBottom: 26,
      x: { type: 'band', padding: 0.18, domain: HOURS },
      y: { axis: null },
      color: { type: 'identity' },
      marks: [
        grid(plot),
        numbersLeft(plot),
        plot.barY(all, {
          x: 'hour',
          y: 'plays',
          rx: 2,
          fill: (row: Row<'byHour'>) => (row.hour === peak?.hour ? COLOURS.second : COLOURS.main),
        }),
        plot.axisX({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          ticks: HOURS.filter((at) => at % (isNarrow(width) ? 6 : 3) === 0),
          tickFormat: hour,
        }),
        baseline(plot),
      ],
    }),
    table: {
      columns: [column('hour (UTC)'), column('plays', true), column('listeners', true), column('share', true)],
      rows: all.map((row) => [hour(row.hour), row.plays, row.listeners, percent(row.share)]),
    },
  };
}

/** Plays of an average day of each name. */
export function playsByWeekday({ byWeekday }: Facts): Chart {
  const rows = DAYS.flatMap((at) => byWeekday.filter((row) => row.weekday === at));
  const most = rows.reduce<Row<'byWeekday'> | undefined>(
    (best, each) => (best && best.plays_per_day >= each.plays_per_day ? best : each),
    undefined,
  );
  return {
    id: 'plays-by-weekday',
    question: 'On which days?',
    finding: most
      ? `An average ${weekday(most.weekday)} has ${plural(Math.round(most.plays_per_day), 'play')}, more than any other day.`
      : 'Nothing has been played yet.',
    description: 'Bars, one a day of the week: the plays of an average day of that name.',
    draw: (plot) => ({
      height: 240,
      marginLeft: 6,
      marginRight: 6,
      marginTop: 24,
      marginBottom: 26,
      x: { type: 'band', padding: 0.3, domain: rows.map((row) => row.weekday) },
      y: { axis: null },
      color: { type: 'identity' },
      marks: [
        plot.barY(rows, {
          x: 'weekday',
          y: 'plays_per_day',
          rx: 4,
          fill: (row: Row<'byWeekday'>) => (row.weekday === most?.weekday ? COLOURS.second : COLOURS.main),
        }),
        plot.text(rows, {
          x: 'weekday',
          y: 'plays_per_day',
          text: (row: Row<'byWeekday'>) => count(row.plays_per_day),
          dy: -10,
          fontSize: 13,
          fontWeight: 600,
          fill: COLOURS.ink,
        }),
        plot.axisX({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          tickFormat: (at: number) => weekday(at).slice(0, 3),
        }),
        baseline(plot),
      ],
    }),
    table: {
      columns: [
        column('day'),
        column('plays', true),
        column('days', true),
        column('plays a day', true),
        column('listeners', true),
      ],
      rows: rows.map((row) => [weekday(row.weekday), row.plays, row.days, decimal(row.plays_per_day), row.listeners]),
    },
  };
}

/** Day of the week by hour, as a heat map. */
export function heatMap({ byWeekdayAndHour: rows }: Facts): Chart {
  const most = rows.reduce<Row<'byWeekdayAndHour'> | undefined>(
    (best, each) => (best && best.plays >= each.plays ? best : each),
    undefined,
  );
  const plays = (at: number, on: number): number =>
    rows.find((row) => row.hour === at && row.weekday === on)?.plays ?? 0;
  return {
    id: 'heat-map',
    wide: true,
    question: 'When in the week is it busy?',
    finding: most
      ? `Busiest are ${weekday(most.weekday)}s at ${hour(most.hour)} UTC with ${plural(most.plays, 'play')} in all.`
      : 'Nothing has been played yet.',
    description: 'A grid of seven days by 24 hours; the stronger the colour of a field, the more plays.',
    draw: (plot, width) => ({
      height: isNarrow(width) ? 190 : 250,
      marginLeft: 40,
      marginRight: 2,
      marginTop: 4,
      marginBottom: 26,
      padding: 0.06,
      x: { type: 'band', domain: HOURS },
      y: { type: 'band', domain: [...DAYS] },
      opacity: { type: 'sqrt', domain: [0, Math.max(1, most?.plays ?? 1)], range: [0, 1] },
      marks: [
        plot.cell(
          HOURS.flatMap((at) => DAYS.map((on) => ({ hour: at, weekday: on }))),
          { x: 'hour', y: 'weekday', fill: 'var(--track)', rx: 3 },
        ),
        plot.cell([...rows], { x: 'hour', y: 'weekday', fill: COLOURS.main, fillOpacity: 'plays', rx: 3 }),
        plot.axisX({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          ticks: HOURS.filter((at) => at % (isNarrow(width) ? 6 : 3) === 0),
          tickFormat: hour,
        }),
        plot.axisY({
          tickSize: 0,
          label: null,
          fontSize: 12,
          fill: COLOURS.soft,
          tickFormat: (at: number) => weekday(at).slice(0, 3),
        }),
      ],
    }),
    table: {
      columns: [column('hour (UTC)'), ...DAYS.map((on) => column(weekday(on).slice(0, 3), true))],
      rows: HOURS.map((at) => [hour(at), ...DAYS.map((on) => plays(at, on))]),
    },
  };
}
