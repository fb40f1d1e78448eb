import { ConfigurationError } from './errors';
import { readSources, type SourceSettings } from './source-settings';

/** Where the warehouse is, and how to work as its admin, who makes schemas, tables, roles and grants, and loads nothing. */
export type WarehouseAddress =
  | {
      readonly kind: 'provisioned';
      readonly clusterIdentifier: string;
      readonly adminUser: string;
      /** In two zones, where the system views of a single cluster are not there. */
      readonly multiAz: boolean;
    }
  | { readonly kind: 'serverless'; readonly workgroupName: string; readonly adminSecret: string };

/** What the template tells the function in its environment variables. */
export interface FunctionConfig {
  readonly warehouse: WarehouseAddress;
  readonly database: string;
  /** The three users that a run gives their roles, by their names in the database; it loads as the first of them. */
  readonly loaderUser: string;
  readonly analystUser: string;
  readonly operatorUser: string;
  readonly copyRoleArn: string;
  /** Region of the source bucket. */
  readonly sourceRegion: string;
  /** What this environment says of each source of sql/sources.yaml, by name. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  /** A first load that finds no file at all is then no wrong address, but a bucket that the same deploy has made. */
  readonly sourceMayBeEmpty: boolean;
  readonly workBucket: string;
  readonly environmentName: string;
  /** How long a run may take before it gives up by itself, in seconds. */
  readonly loadDeadlineSeconds: number;
}

/** One of ours, or the one that Redshift makes of an IAM role. */
const USER = { pattern: /^([a-z][a-z0-9_]{0,62}|IAMR:[\w+=,.@-]{1,64})$/, shape: 'a database user' };
const RULES: Readonly<Record<string, { readonly pattern: RegExp; readonly shape: string }>> = {
  DATABASE: { pattern: /^[a-z][a-z0-9_]{0,62}$/, shape: 'a database name' },
  LOADER_USER: USER,
  ANALYST_USER: USER,
  OPERATOR_USER: USER,
  COPY_ROLE_ARN: { pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, shape: 'the ARN of a role' },
  SOURCE_REGION: { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, shape: 'a region' },
  SOURCES: { pattern: /^\{.+\}$/, shape: 'a JSON object of sources' },
  SOURCE_MAY_BE_EMPTY: { pattern: /^(true|false)$/, shape: 'true or false' },
  WORK_BUCKET: { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, shape: 'a bucket name' },
  ENVIRONMENT_NAME: { pattern: /^[a-z][a-z0-9-]{0,30}$/, shape: 'an environment name' },
  LOAD_DEADLINE_SECONDS: { pattern: /^[1-9]\d{0,4}$/, shape: 'a number of seconds' },
};
/** The variables of each kind of warehouse. */
const PROVISIONED: typeof RULES = {
  CLUSTER_IDENTIFIER: { pattern: /^[a-z](?:[a-z0-9]|-(?!-)){0,61}[a-z0-9]$/, shape: 'a cluster identifier' },
  DATABASE_USER: { pattern: /^[a-z][a-z0-9_]{0,62}$/, shape: 'a database user' },
  MULTI_AZ: { pattern: /^(true|false)$/, shape: 'true or false' },
};
const SERVERLESS: typeof RULES = {
  WORKGROUP_NAME: { pattern: /^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$/, shape: 'a workgroup name' },
  ADMIN_SECRET: { pattern: /^redshift![a-z0-9-]{3,64}-[a-z][a-z0-9_]{0,62}$/, shape: "the name of an admin's secret" },
};
/** What holds where the template says nothing. */
const DEFAULTS: Readonly<Record<string, string>> = {
  SOURCE_MAY_BE_EMPTY: 'false',
  MULTI_AZ: 'false',
};

/**
 * Reads and validates the environment variables; they end up in SQL, so that nothing but the expected shapes passes.
 * @throws ConfigurationError that names every variable that is missing or wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): FunctionConfig {
  const serverless = environment.WORKGROUP_NAME !== undefined;
  const rules = { ...RULES, ...(serverless ? SERVERLESS : PROVISIONED) };
  const problems = Object.entries(rules).flatMap(([name, { pattern, shape }]) => {
    const value = environment[name] ?? DEFAULTS[name];
    if (value === undefined) return [`${name} is missing`];
    return pattern.test(value) ? [] : [`${name} is '${value}', not ${shape}`];
  });
  if (serverless && environment.CLUSTER_IDENTIFIER !== undefined)
    problems.push('CLUSTER_IDENTIFIER and WORKGROUP_NAME are both set, and a warehouse is one of both');
  const { sources, problems: wrong } = readSources(environment.SOURCES ?? '');
  problems.push(...wrong);
  if (problems.length > 0)
    throw new ConfigurationError(
      `environment variables: ${problems.join('; ')}`,
      'Mend the template and deploy again.',
    );
  const read = (name: string): string => (environment[name] ?? DEFAULTS[name]) as string;
  return {
    warehouse: serverless
      ? { kind: 'serverless', workgroupName: read('WORKGROUP_NAME'), adminSecret: read('ADMIN_SECRET') }
      : {
          kind: 'provisioned',
          clusterIdentifier: read('CLUSTER_IDENTIFIER'),
          adminUser: read('DATABASE_USER'),
          multiAz: read('MULTI_AZ') === 'true',
        },
    database: read('DATABASE'),
    loaderUser: read('LOADER_USER'),
    analystUser: read('ANALYST_USER'),
    operatorUser: read('OPERATOR_USER'),
    copyRoleArn: read('COPY_ROLE_ARN'),
    sourceRegion: read('SOURCE_REGION'),
    sources,
    sourceMayBeEmpty: read('SOURCE_MAY_BE_EMPTY') === 'true',
    workBucket: read('WORK_BUCKET'),
    environmentName: read('ENVIRONMENT_NAME'),
    loadDeadlineSeconds: Number(read('LOAD_DEADLINE_SECONDS')),
  };
}
