import type { Song } from './catalogue';
import type { Random } from './random';
import { ARTIST_WORDS, FIRST_NAMES, LAST_NAMES, LOCATIONS, TITLE_WORDS, USER_AGENTS } from './words';

/** One event of the activity log, its keys in the order of the real files. */
export interface LogEvent {
  readonly artist: string | null;
  readonly auth: 'Logged In' | 'Logged Out';
  readonly firstName: string | null;
  readonly gender: 'F' | 'M' | null;
  readonly itemInSession: number;
  readonly lastName: string | null;
  readonly length: number | null;
  readonly level: 'free' | 'paid';
  readonly location: string | null;
  readonly method: 'GET' | 'PUT';
  readonly page: string;
  /** Milliseconds; written with a fraction (`1540919166796.0`). */
  readonly registration: number | null;
  readonly sessionId: number;
  readonly song: string | null;
  readonly status: 200 | 307 | 404;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly userAgent: string | null;
  /** Empty for visitors who are not logged in. */
  readonly userId: string;
}

/** What a listener does at one moment. */
type Deed = Pick<LogEvent, 'artist' | 'length' | 'method' | 'page' | 'song' | 'status'>;

interface Listener {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: 'F' | 'M';
  readonly location: string;
  readonly userAgent: string;
  readonly registration: number;
  level: 'free' | 'paid';
}

const OTHER_PAGES =
  'Home Home Home Home Home Home Home Home Logout Downgrade Settings Help About Upgrade Save_Settings Error'.split(' ');

const DAY = 86_400_000;

/** Names in the real logs are UTF-8 that was encoded twice: `Björk` is `BjÃ\u0083Â¶rk` there. */
function encodedTwice(text: string): string {
  return Buffer.from(Buffer.from(text, 'utf8').toString('latin1'), 'utf8').toString('latin1');
}

const LOGGED_ARTIST_WORDS = ARTIST_WORDS.map(encodedTwice);

function listener(random: Random, id: number): Listener {
  return {
    id: String(id),
    firstName: random.pick(FIRST_NAMES),
    lastName: random.pick(LAST_NAMES),
    gender: random.chance(57) ? 'F' : 'M',
    location: random.pick(LOCATIONS),
    userAgent: random.pick(USER_AGENTS),
    registration: 1_540_000_000_796 + random.integer(0, 1_000_000) * 1000,
    level: random.chance(22) ? 'paid' : 'free',
  };
}

/** Listeners, what they do day by day, and the sessions they do it in. */
export class Activity {
  private readonly listeners: readonly Listener[];
  private session = 0;

  constructor(
    private readonly random: Random,
    private readonly songs: readonly Song[],
    users: number,
  ) {
    this.listeners = Array.from({ length: users }, (_, index) => listener(random, index + 2));
  }

  /**
   * About `count` events (exactly, in fact) of one UTC day, in the order of time.
   * @param dayStart midnight, in milliseconds since the epoch
   */
  day(dayStart: number, count: number): readonly LogEvent[] {
    const events: LogEvent[] = [];
    while (events.length < count) this.addSession(events, dayStart, count);
    return events.sort((a, b) => a.ts - b.ts || a.sessionId - b.sessionId || a.itemInSession - b.itemInSession);
  }

  private addSession(events: LogEvent[], dayStart: number, count: number): void {
    const { random } = this;
    const who = random.popular(this.listeners);
    this.session += 1;
    const wanted = Math.min(count - events.length, random.integer(1, 60));
    // Every timestamp of the real logs ends in 796 milliseconds.
    let ts = dayStart + random.integer(0, 86_399) * 1000 + 796;
    let item = 0;
    if (random.chance(12)) {
      events.push(this.visit(ts, item, who.level, random.chance(70) ? 'Home' : 'Login'));
      item += 1;
    }
    for (; item < wanted && ts < dayStart + DAY; item += 1) {
      const event = random.chance(86) ? this.play(who, ts, item) : this.otherPage(who, ts, item);
      events.push(event);
      ts += event.length === null ? random.integer(1, 40) * 1000 : Math.floor(event.length) * 1000;
    }
  }

  private visit(ts: number, itemInSession: number, level: 'free' | 'paid', page: string): LogEvent {
    return {
      artist: null,
      auth: 'Logged Out',
      firstName: null,
      gender: null,
      itemInSession,
      lastName: null,
      length: null,
      level,
      location: null,
      method: page === 'Login' ? 'PUT' : 'GET',
      page,
      registration: null,
      sessionId: this.session,
      song: null,
      status: page === 'Login' ? 307 : 200,
      ts,
      userAgent: null,
      userId: '',
    };
  }

  private play(who: Listener, ts: number, itemInSession: number): LogEvent {
    const { random } = this;
    const known = this.songs.length > 0 && random.chance(5) ? random.popular(this.songs) : undefined;
    const artist =
      known === undefined
        ? `${random.pick(LOGGED_ARTIST_WORDS)} ${random.pick(LOGGED_ARTIST_WORDS)}`
        : String(known.artist_name);
    const song =
      known === undefined
        ? `${random.pick(TITLE_WORDS)} ${random.pick(TITLE_WORDS)} ${random.pick(TITLE_WORDS)}`
        : String(known.title);
    const length = known === undefined ? random.decimal(30, 900, 5) : known.duration;
    return this.by(who, ts, itemInSession, { artist, song, length, method: 'PUT', page: 'NextSong', status: 200 });
  }

  private otherPage(who: Listener, ts: number, itemInSession: number): LogEvent {
    const { random } = this;
    const page = random.pick(OTHER_PAGES).replace('_', ' ');
    const changes = page === 'Upgrade' && who.level === 'free' && random.chance(40);
    if (changes) who.level = 'paid';
    const shown = changes ? 'Submit Upgrade' : page;
    return this.by(who, ts, itemInSession, {
      artist: null,
      song: null,
      length: null,
      method: /^(Save|Submit|Logout)/.test(shown) ? 'PUT' : 'GET',
      page: shown,
      status: shown === 'Error' ? 404 : /^(Save|Submit|Logout)/.test(shown) ? 307 : 200,
    });
  }

  /** Written out field by field: spread, the millions of events of a large bucket take nearly three times as long. */
  private by(who: Listener, ts: number, itemInSession: number, what: Deed): LogEvent {
    return {
      artist: what.artist,
      auth: 'Logged In',
      firstName: who.firstName,
      gender: who.gender,
      itemInSession,
      lastName: who.lastName,
      length: what.length,
      level: who.level,
      location: who.location,
      method: what.method,
      page: what.page,
      registration: who.registration,
      sessionId: this.session,
      song: what.song,
      status: what.status,
      ts,
      userAgent: who.userAgent,
      userId: who.id,
    };
  }
}
