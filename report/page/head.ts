import type { Facts } from '../facts/facts';
import { count, day, decimal, moment, percent, plural, ratio } from '../format';
import { type Html, html } from '../html';

/** What the page says of itself. */
export interface About {
  /** When it was made, as the warehouse writes moments. */
  readonly madeAt: string;
  /** Which warehouse it was read from. */
  readonly warehouse: string;
}

export const SECTIONS = [
  ['listening', 'Listening'],
  ['music', 'Music'],
  ['people', 'People'],
  ['levels', 'Free and paid'],
  ['load', 'The load'],
  ['model', 'Data model'],
] as const;

export function head({ keyFigures: [figures] }: Facts, about: About): Html {
  const period =
    figures?.first_play == null || figures.last_play === null
      ? 'No plays yet'
      : `${day(figures.first_play)} to ${day(figures.last_play)}`;
  return html`<header class="masthead"><div class="page">
<p class="eyebrow">Sparkify warehouse</p>
<h1>Listening report</h1>
<p class="period">${period}</p>
<p class="made">From ${about.warehouse}, ${moment(about.madeAt)}</p>
</div></header>
<nav class="sections" aria-label="Sections"><ul class="page">${SECTIONS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`;
}

/** The numbers that one remembers. */
export function keyFigures({ keyFigures: [figures] }: Facts): Html {
  if (figures === undefined) return html``;
  const { plays, known_plays, listeners, sessions, days, users, paid_users, songs, artists } = figures;
  const cards: readonly (readonly [string, string, string])[] = [
    ['Plays', count(plays), days === 0 ? 'none yet' : `${decimal(plays / days)} a day on ${plural(days, 'day')}`],
    ['Listeners', count(listeners), `of ${plural(users, 'user')} who were ever logged in`],
    ['Sessions', count(sessions), sessions === 0 ? 'none yet' : `${decimal(plays / sessions)} plays each`],
    ['Paid users', percent(ratio(paid_users, users)), `${count(paid_users)} of ${plural(users, 'user')}`],
    ['Catalogue', count(songs), `songs by ${plural(artists, 'artist')}`],
    ['Known songs', percent(ratio(known_plays, plays)), `${count(known_plays)} of ${plural(plays, 'play')}`],
  ];
  return html`<section class="page" aria-labelledby="key-figures"><h2 id="key-figures" class="visually-hidden">Key figures</h2><dl class="figures">${cards.map(([name, value, note]) => html`<div><dt>${name}</dt><dd><span class="value">${value}</span><span class="of">${note}</span></dd></div>`)}</dl></section>`;
}
