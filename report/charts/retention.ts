import type { Facts, Row } from '../facts/facts';
import { day, dayOfMonth, percent, plural, ratio, utc } from '../format';
import { type Chart, COLOURS, column } from './chart';
import { isNarrow } from './shapes';

/** Cohorts shown: the newest ones, as many as one can read. */
const MOST_COHORTS = 12;
/** The strongest field still lets the ink be read on it. */
const STRONGEST = 0.5;

/** Of those who first listened in a week, the part that listens again so many weeks later. */
export function retention({ retention: rows }: Facts): Chart {
  const cohorts = [...new Set(rows.map(({ cohort_week }) => cohort_week))].slice(-MOST_COHORTS);
  const shown = rows.filter(
    ({ cohort_week, weeks_since }) => cohorts.includes(cohort_week) && weeks_since <= MOST_COHORTS,
  );
  const next = rows.filter(({ weeks_since }) => weeks_since === 1);
  const weeks = [...new Set(shown.map(({ weeks_since }) => weeks_since))].sort((a, b) => a - b);
  const last = cohorts.at(-1);
  // The newest cohort has had no next week yet.
  const asked = rows.filter(({ weeks_since, cohort_week }) => weeks_since === 0 && cohort_week !== last);
  const back = next.reduce((sum, { users }) => sum + users, 0);
  const size = asked.reduce((sum, { cohort_users }) => sum + cohort_users, 0);
  return {
    id: 'retention',
    wide: true,
    question: 'Who comes back?',
    finding:
      size === 0
        ? 'It takes two weeks of listening to tell.'
        : `${percent(ratio(back, size))} of the listeners come back in the week after their first (${plural(back, 'user')} of ${size}).`,
    description:
      'A grid: one row a week of first plays, one column a number of weeks since; the stronger the colour, the larger the part of the users who listen again.',
    draw: (plot, width) => {
      const fitting = weeks.slice(0, isNarrow(width) ? 7 : MOST_COHORTS);
      const fields = shown.filter(({ weeks_since }) => fitting.includes(weeks_since));
      return {
        height: 36 * cohorts.length + 30,
        marginLeft: isNarrow(width) ? 58 : 120,
        marginRight: 2,
        marginTop: 26,
        marginBottom: 4,
        padding: 0.05,
        x: { type: 'band', domain: fitting, axis: null },
        y: { type: 'band', domain: cohorts, axis: null },
        opacity: { type: 'identity' },
        marks: [
          plot.cell(fields, {
            x: 'weeks_since',
            y: 'cohort_week',
            fill: COLOURS.main,
            fillOpacity: (row: Row<'retention'>) => STRONGEST * row.share,
            rx: 4,
          }),
          plot.text(fields, {
            x: 'weeks_since',
            y: 'cohort_week',
            text: (row: Row<'retention'>) => `${Math.round(row.share * 100)}${isNarrow(width) ? '' : ' %'}`,
            fontSize: 13,
            fill: COLOURS.ink,
            fontVariant: 'tabular-nums',
          }),
          plot.axisX({
            anchor: 'top',
            tickSize: 0,
            label: null,
            fontSize: 12,
            fill: COLOURS.soft,
            tickFormat: (week: number) =>
              width / fitting.length < 90 ? `+${week}` : week === 0 ? 'first week' : `week +${week}`,
          }),
          plot.axisY({
            tickSize: 0,
            label: null,
            fontSize: 12,
            fill: COLOURS.soft,
            tickFormat: (cohort: string) => {
              const users = shown.find(({ cohort_week }) => cohort_week === cohort)?.cohort_users ?? 0;
              return isNarrow(width)
                ? dayOfMonth(utc(cohort))
                : `${dayOfMonth(utc(cohort))} · ${plural(users, 'user')}`;
            },
          }),
        ],
      };
    },
    table: {
      columns: [
        column('first listened in the week from'),
        column('weeks since', true),
        column('users', true),
        column('of', true),
        column('share', true),
      ],
      rows: rows.map((row) => [day(row.cohort_week), row.weeks_since, row.users, row.cohort_users, percent(row.share)]),
    },
  };
}
