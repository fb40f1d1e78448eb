import { notImplementedLocally, RedshiftError } from '../errors';

/** Parameters a session may SET, with their defaults. Source: Developer Guide, "Configuration reference". */
const DEFAULTS: Readonly<Record<string, string>> = {
  analyze_threshold_percent: '10',
  application_name: '',
  client_encoding: 'UTF8',
  client_min_messages: 'notice',
  datestyle: 'ISO, MDY',
  default_transaction_isolation: 'serializable',
  describe_field_name_in_uppercase: 'off',
  downcase_delimited_identifier: 'on',
  enable_case_sensitive_identifier: 'off',
  enable_case_sensitive_super_attribute: 'off',
  enable_numeric_rounding: 'on',
  enable_result_cache_for_session: 'on',
  error_on_nondeterministic_update: 'off',
  extra_float_digits: '0',
  intervalstyle: 'postgres',
  json_parse_dedup_attributes: 'off',
  json_serialization_enable: 'off',
  json_serialization_parse_nested_strings: 'off',
  max_concurrency_scaling_clusters: '1',
  navigate_super_null_on_error: 'on',
  parse_super_null_on_error: 'off',
  query_group: 'default',
  search_path: '$user, public',
  server_version: '8.0.2',
  server_encoding: 'UTF8',
  session_authorization: 'default',
  spectrum_query_maxerror: '0',
  standard_conforming_strings: 'off',
  statement_timeout: '0',
  stored_proc_log_min_messages: 'LOG',
  timezone: 'UTC',
  transaction_isolation: 'serializable',
  use_fips_ssl: 'off',
  wlm_query_slot_count: '1',
};

const READ_ONLY: ReadonlySet<string> = new Set(['server_version', 'server_encoding', 'transaction_isolation']);

/** Those of which only the default (first) is done here. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  enable_case_sensitive_identifier: ['off', 'false', '0'],
  enable_case_sensitive_super_attribute: ['off', 'false', '0'],
  error_on_nondeterministic_update: ['off', 'false', '0'],
  json_serialization_enable: ['off', 'false', '0'],
  timezone: ['utc', 'gmt', 'etc/utc', 'universal', 'zulu'],
};

/** A session's parameters: a value that never changes, so that a rollback is taking the older one. */
export class Settings {
  static readonly initial = new Settings(new Map());

  private constructor(private readonly values: ReadonlyMap<string, string>) {}

  /** @throws RedshiftError 42704 for an unknown parameter */
  get(name: string): string {
    const value = this.values.get(name) ?? DEFAULTS[name];
    if (value === undefined) {
      throw new RedshiftError(`unrecognized configuration parameter "${name}"`, '42704');
    }
    return value;
  }

  /** @throws RedshiftError 42704 unknown, 55P02 read-only, 22023 bad value, 0A000 not done here */
  with(name: string, value: string): Settings {
    this.get(name);
    if (READ_ONLY.has(name)) {
      throw new RedshiftError(`parameter "${name}" cannot be changed`, '55P02');
    }
    const allowed = ONLY[name];
    if (allowed !== undefined && !allowed.includes(value.toLowerCase())) {
      throw notImplementedLocally(`SET ${name} TO ${value}`);
    }
    if (name === 'statement_timeout' && !/^\d+$/.test(value)) {
      throw new RedshiftError(`invalid value for parameter "statement_timeout": "${value}"`, '22023');
    }
    return new Settings(new Map(this.values).set(name, value));
  }

  /** @throws RedshiftError 42704 for an unknown parameter; the name `all` resets every one */
  reset(name: string): Settings {
    if (name === 'all') {
      return Settings.initial;
    }
    this.get(name);
    const values = new Map(this.values);
    values.delete(name);
    return new Settings(values);
  }

  /** Every parameter with its value, by name. */
  all(): readonly (readonly [string, string])[] {
    return Object.keys(DEFAULTS).map((name) => [name, this.get(name)]);
  }

  /** The schemas of search_path; `$user` is the user's own name. */
  searchPath(user: string): readonly string[] {
    return this.get('search_path')
      .split(',')
      .map((part) => part.trim().replace(/^["']|["']$/g, ''))
      .filter((part) => part !== '')
      .map((part) => (part === '$user' ? user : part.toLowerCase()));
  }

  /** Milliseconds, 0 for none. */
  statementTimeout(): number {
    return Number(this.get('statement_timeout'));
  }
}
