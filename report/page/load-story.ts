import { type Chart, column } from '../charts/chart';
import { ranking } from '../charts/shapes';
import type { Facts } from '../facts/facts';
import { bytes, count, day, duration, moment, plural, utc } from '../format';
import { type Html, html } from '../html';
import { scrolling, table } from './figure';

const STEPS_SHOWN = 10;

/** What the last load did, in a row of facts. */
export function lastLoad(facts: Facts): Html {
  const [load] = facts.lastLoad;
  if (load === undefined)
    return html`<div class="card wide"><h3>The last load</h3><p class="finding">Nothing has been loaded yet.</p></div>`;
  const took = utc(load.finished_at).getTime() - utc(load.started_at).getTime();
  const passed = facts.checks.filter((check) => check.passed).length;
  const newestPlay = facts.keyFigures[0]?.last_play;
  const entries: readonly (readonly [string, string])[] = [
    ['Files', `${count(load.files)} (${bytes(load.bytes)})`],
    ['Rows staged', `${plural(load.staged_events, 'event')}, ${plural(load.staged_songs, 'song')}`],
    ['Rows rejected', count(load.rejected_rows)],
    ['Checks passed', `${passed} of ${facts.checks.length}`],
    ['Took', duration(Math.max(0, took))],
    ['Finished', moment(load.finished_at)],
    ['Newest play', newestPlay == null ? 'none' : moment(newestPlay)],
    ['Newest log file', newestLogFile(facts)],
  ];
  return html`<div class="card wide"><h3>How did the data come here?</h3><p class="finding">Run ${load.run_id} (${load.trigger}, ${load.mode}) loaded ${plural(load.files, 'file')} in one transaction${load.rejected_rows > 0 ? `, without ${plural(load.rejected_rows, 'row')}` : ''}.</p><dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>`;
}

/** Log files are named by the day of their events. */
function newestLogFile({ files }: Facts): string {
  const named = files.find(({ source }) => source === 'events')?.last_url;
  const found = /\d{4}-\d{2}-\d{2}/.exec(named ?? '')?.[0];
  return found === undefined ? 'none' : day(found);
}

/** Where the time of the last load went. */
export function stepsChart({ steps }: Facts): Chart {
  const longest = [...steps].sort((a, b) => b.duration_ms - a.duration_ms).slice(0, STEPS_SHOWN);
  const all = steps.reduce((sum, { duration_ms }) => sum + duration_ms, 0);
  const [first] = longest;
  return {
    id: 'load-steps',
    question: 'Where did the time go?',
    finding: first
      ? `${first.step} took longest with ${duration(first.duration_ms)} of ${duration(all)} in ${plural(steps.length, 'step')}.`
      : 'No step has been recorded yet.',
    description: 'Bars, one a step of the last load, the longest first.',
    draw: ranking(
      longest.map(({ step, duration_ms }) => ({ label: step, value: duration_ms, shown: duration(duration_ms) })),
    ),
    table: {
      columns: [column('step'), column('milliseconds', true)],
      rows: steps.map(({ step, duration_ms }) => [step, duration_ms]),
    },
  };
}

/** What was checked before the load was allowed to commit. */
export function checks({ checks: rows }: Facts): Html {
  const failed = rows.filter(({ passed }) => !passed);
  const finding =
    rows.length === 0
      ? 'Nothing has been checked yet.'
      : failed.length === 0
        ? `All ${rows.length} checks passed before the load committed.`
        : `${failed.length} of ${rows.length} checks warn; one of severity error would have rolled the load back.`;
  const items = rows.map(({ check_name, passed, offending_rows, examples }) =>
    passed
      ? html`<li class="passed"><span aria-hidden="true">✓</span><span class="visually-hidden">passed: </span>${words(check_name)}</li>`
      : html`<li class="warned"><span aria-hidden="true">!</span><span class="visually-hidden">warns: </span>${words(check_name)}: ${plural(offending_rows, 'row')}${examples === null ? '' : `, for example ${examples}`}</li>`,
  );
  return html`<div class="card"><h3>Is the data sound?</h3><p class="finding">${finding}</p><ul class="checks">${items}</ul></div>`;
}

const words = (name: string): string => name.replaceAll('_', ' ');

/** The newest runs. */
export function runs({ runs: rows }: Facts): Html {
  const data = {
    columns: [
      column('run'),
      column('why'),
      column('mode'),
      column('status'),
      column('finished (UTC)'),
      column('took', true),
      column('files', true),
      column('bytes', true),
      column('rejected', true),
      column('error'),
    ],
    rows: rows.map((run) => [
      run.run_id,
      run.trigger,
      run.mode,
      run.status,
      moment(run.finished_at).replace(' UTC', ''),
      duration(Math.max(0, utc(run.finished_at).getTime() - utc(run.started_at).getTime())),
      run.files,
      bytes(run.bytes),
      run.rejected_rows,
      run.error ?? '',
    ]),
  };
  const failed = rows.filter(({ status }) => status === 'failed').length;
  return html`<div class="card wide"><h3>Which runs were there?</h3><p class="finding">The newest ${plural(rows.length, 'run')}${failed === 0 ? ', none of which failed' : `, ${failed} of which failed`}.</p>${scrolling('Runs, newest first', table(data, 'Runs, newest first'))}</div>`;
}
