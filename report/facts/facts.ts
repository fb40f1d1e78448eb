/** The answers of the warehouse, as the queries of queries.ts give them. Times are UTC texts, shares 0 to 1. */
export interface KeyFigures {
  readonly plays: number;
  readonly known_plays: number;
  readonly listeners: number;
  readonly sessions: number;
  readonly days: number;
  readonly first_play: string | null;
  readonly last_play: string | null;
  readonly users: number;
  readonly paid_users: number;
  readonly songs: number;
  readonly artists: number;
}

export interface RunFacts {
  readonly run_id: string;
  readonly trigger: string;
  readonly mode: string;
  readonly status: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly files: number;
  readonly bytes: number;
  readonly staged_events: number;
  readonly staged_songs: number;
  readonly rejected_rows: number;
  readonly vanished_files: number;
  readonly error: string | null;
}

/** A cell as the Data API gives it. */
export type Value = string | number | bigint | boolean | object | null;

interface Rows {
  readonly keyFigures: KeyFigures;
  readonly byDay: Readonly<Record<'plays' | 'paid_plays' | 'free_plays' | 'listeners', number>> & {
    readonly day: string;
  };
  readonly byWeek: Readonly<Record<'iso_week' | 'plays' | 'listeners' | 'sessions', number>> & {
    readonly week_start: string;
  };
  readonly byHour: Readonly<Record<'hour' | 'plays' | 'listeners' | 'share', number>>;
  readonly byWeekday: Readonly<Record<'weekday' | 'plays' | 'days' | 'plays_per_day' | 'listeners', number>> & {
    readonly weekday_name: string;
  };
  readonly byWeekdayAndHour: Readonly<Record<'weekday' | 'hour' | 'plays', number>>;
  readonly topSongs: Readonly<Record<'place' | 'plays' | 'listeners', number>> & {
    readonly title: string;
    readonly artist: string | null;
  };
  readonly topArtists: Readonly<Record<'place' | 'plays' | 'songs' | 'listeners', number>> & {
    readonly artist: string;
  };
  readonly topUsers: Readonly<Record<'place' | 'user_id' | 'plays' | 'sessions', number>> &
    Readonly<Record<'first_name' | 'last_name' | 'level', string | null>>;
  readonly topLocations: Readonly<Record<'place' | 'plays' | 'listeners', number>> & { readonly location: string };
  readonly levels: Readonly<Record<'users' | 'plays' | 'listeners', number>> & {
    readonly level: string;
    readonly plays_per_listener: number | null;
  };
  readonly levelsByWeek: Readonly<Record<'plays' | 'listeners', number>> & {
    readonly week_start: string;
    readonly level: string;
  };
  readonly levelChanges: Readonly<Record<'conversions' | 'cancellations', number>> & { readonly week_start: string };
  readonly sessionLengths: Readonly<Record<'place' | 'sessions' | 'plays', number>> & {
    readonly plays_in_session: string;
  };
  readonly sessionMedians: { readonly plays: number | null; readonly minutes: number | null };
  readonly browsers: Readonly<Record<'plays' | 'listeners' | 'share', number>> & { readonly browser: string };
  readonly devices: Readonly<Record<'plays' | 'listeners' | 'share', number>> & {
    readonly platform: string;
    readonly device: string;
  };
  readonly retention: Readonly<Record<'weeks_since' | 'cohort_users' | 'users' | 'share', number>> & {
    readonly cohort_week: string;
  };
  readonly coverage: Readonly<Record<'plays' | 'known_plays' | 'share', number>> & { readonly week_start: string };
  readonly runs: RunFacts;
  readonly lastLoad: Omit<RunFacts, 'status' | 'vanished_files' | 'error'>;
  readonly checks: {
    readonly check_name: string;
    readonly severity: string;
    readonly offending_rows: number;
    readonly passed: boolean;
    readonly examples: string | null;
  };
  readonly steps: { readonly step: string; readonly duration_ms: number };
  readonly files: Readonly<Record<'files' | 'bytes', number>> &
    Readonly<Record<'source' | 'first_url' | 'last_url' | 'last_loaded_at', string>>;
  readonly tables: Readonly<Record<'table_schema' | 'table_name' | 'table_type', string>>;
  readonly columns: Readonly<
    Record<'table_schema' | 'table_name' | 'column_name' | 'data_type' | 'is_nullable', string>
  >;
  readonly keys: Readonly<Record<'constraint_type' | 'table_name' | 'column_name', string>> &
    Readonly<Record<'target_table' | 'target_column', string | null>>;
  readonly rowCounts: Readonly<Record<string, number>>;
  readonly views: Readonly<Record<'schemaname' | 'viewname' | 'definition', string>>;
}

/** All that the report shows, as rows by the names of QUERIES. */
export type Facts = { readonly [Name in keyof Rows]: readonly Rows[Name][] };
export type Row<Name extends keyof Rows> = Rows[Name];
