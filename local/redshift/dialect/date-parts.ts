/** The functions whose first argument is a date part. */
export const DATE_PART_FUNCTIONS: ReadonlySet<string> = new Set([
  'dateadd',
  'date_add',
  'datediff',
  'date_diff',
  'date_part',
  'datepart',
  'pgdate_part',
  'date_trunc',
]);

/**
 * Every spelling of a date part.
 * Source: Database Developer Guide, "Date parts for date or timestamp functions".
 */
export const DATE_PARTS: ReadonlySet<string> = new Set(
  `millennium millennia mil mils century centuries c cent cents decade decades dec decs year years y yr yrs
  quarter quarters qtr qtrs month months mon mons week weeks w dayofweek dow dw weekday dayofyear doy dy yearday
  day days d hour hours h hr hrs minute minutes m min mins second seconds s sec secs
  millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon
  microsecond microseconds microsec microsecs usec usecs usecond useconds us
  epoch timezone timezone_hour timezone_minute`.split(/\s+/),
);
