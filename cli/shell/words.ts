/** Words that begin or go on a statement, as an analyst types them. */
export const KEYWORDS: readonly string[] = `abort all alter analyze and any as asc begin between by call cascade case
  cast check coalesce column comment commit constraint copy create cross current_date current_timestamp current_user
  database default delete desc distinct distkey diststyle drop else encode end except execute exists explain false
  fetch following for foreign from full function grant group having identity if ilike in inner insert intersect
  interval into is join key language lateral left like limit materialized merge minus natural not null nulls offset on
  only or order outer over partition preceding primary privileges procedure qualify range references refresh
  rename replace reset revoke right rollback rows schema select set show similar sortkey start super sysdate table temp
  temporary then timestamp to top transaction true truncate unbounded union unique unload update user using vacuum
  values varchar view when where window with work`.split(/\s+/);

/** Functions of Redshift that are asked for most. */
export const FUNCTIONS: readonly string[] = `abs add_months approximate ascii avg bool_and bool_or btrim cast ceil
  ceiling char_length charindex chr coalesce concat convert convert_timezone count cume_dist current_schema date_add
  date_cmp date_diff date_part date_trunc dateadd datediff decode dense_rank dexp dlog10 exp extract first_value floor
  getdate greatest initcap isnull json_extract_path_text json_parse json_serialize json_typeof lag last_day last_value
  lead least left len length listagg ln log lower lpad ltrim max md5 median min mod months_between nth_value ntile
  nullif nvl nvl2 object octet_length percent_rank percentile_cont percentile_disc pi position pow power quote_ident
  quote_literal random rank ratio_to_report regexp_count regexp_instr regexp_replace regexp_substr repeat replace
  reverse right round row_number rpad rtrim sha1 sha2 sign split_part sqrt stddev stddev_pop stddev_samp strpos
  strtol substring sum to_char to_date to_number to_timestamp translate trim trunc upper var_pop var_samp variance
  version`.split(/\s+/);

/** Views of the system that tell about tables, statements and loads. */
export const SYSTEM_VIEWS: readonly string[] = `pg_class pg_namespace pg_table_def pg_user svv_all_schemas svv_columns
  svv_relation_privileges svv_roles svv_schema_privileges svv_table_info svv_tables svv_user_grants sys_load_detail
  sys_load_error_detail sys_load_history sys_query_history`.split(/\s+/);

/** Words that only stand as a name when they are quoted, of those that somebody would call a column. */
export const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc between both case cast check collate column constraint create cross
  current_date current_time current_timestamp current_user default desc disable distinct do else enable end except
  explicit false for foreign freeze from full grant group having identity ignore ilike in initially inner intersect
  interval into is isnull join language leading left like limit localtime localtimestamp minus natural new not notnull
  null nulls off offline offset old on only open or order outer overlaps parallel partition percent permissions pivot
  placing primary raw recover references resort respect restore right select session_user similar snapshot some sysdate
  system table tag then timestamp to top trailing true union unique unnest unpivot user using verbose wallet when where
  with without`.split(/\s+/),
);
