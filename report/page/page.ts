import type { Chart } from '../charts/chart';
import { coverage, levelChanges, levelsByWeek, playsByDay, playsByWeek } from '../charts/over-time';
import type { Painter } from '../charts/paint';
import { browsers, devices, sessionLengths, topArtists, topLocations, topSongs, topUsers } from '../charts/rankings';
import { retention } from '../charts/retention';
import { heatMap, playsByHour, playsByWeekday } from '../charts/when';
import type { LineageModel } from '../diagrams/draw-lineage';
import type { StarModel } from '../diagrams/star';
import type { Facts } from '../facts/facts';
import { Html, html } from '../html';
import { figure } from './figure';
import { type About, head, keyFigures, SECTIONS } from './head';
import { checks, lastLoad, runs, stepsChart } from './load-story';
import { lineageFigure, starFigure } from './model';
import { STYLE } from './style';

export interface PageInput {
  readonly facts: Facts;
  readonly star: StarModel;
  readonly lineage: LineageModel;
  readonly about: About;
  /** Seconds after which the page loads itself again; for a report that is rewritten. */
  readonly reloadAfter?: number;
}

/** Not while somebody reads a table that is unfolded, or has the page in the background. */
const reload = (seconds: number): string =>
  `setInterval(()=>{if(!document.hidden&&!document.querySelector('details[open]'))location.reload()},${seconds * 1000})`;

/** The whole report: one file, which asks no network for anything. */
export function page(input: PageInput, painter: Painter): string {
  const { facts, about } = input;
  const charts = (...drawn: readonly Chart[]): readonly Html[] => drawn.map((chart) => figure(chart, painter));
  const parts: Readonly<Record<(typeof SECTIONS)[number][0], readonly Html[]>> = {
    listening: charts(
      playsByDay(facts),
      playsByWeek(facts),
      playsByWeekday(facts),
      playsByHour(facts),
      sessionLengths(facts),
      heatMap(facts),
    ),
    music: charts(topSongs(facts), topArtists(facts), coverage(facts)),
    people: charts(topUsers(facts), topLocations(facts), retention(facts), browsers(facts), devices(facts)),
    levels: charts(levelsByWeek(facts), levelChanges(facts)),
    load: [lastLoad(facts), ...charts(stepsChart(facts)), checks(facts), runs(facts)],
    model: [starFigure(input.star), lineageFigure(input.lineage)],
  };
  const body = SECTIONS.map(
    ([id, name]) =>
      html`<section class="page" id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${name}</h2><div class="cards">${parts[id]}</div></section>`,
  );
  const script = input.reloadAfter === undefined ? '' : new Html(`<script>${reload(input.reloadAfter)}</script>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sparkify listening report</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
${head(facts, about)}
<main id="content">
${keyFigures(facts)}
${body}
</main>
<footer class="page"><p>All hours and days are UTC. Made by <code>sparkify report</code> from the views of the schema <code>analytics</code>, in one transaction.</p></footer>
${script}
</body>
</html>
`.text;
}
