/** What `init` asks. Each answer can be given as an option instead; this is their names and what the help says of them. */
export const ANSWERS = {
  account: ['--account <digits>', 'the AWS account, twelve digits'],
  region: ['--region <name>', 'the AWS region'],
  zones: ['--zones <names>', 'availability zones, with commas between'],
  s3PrefixList: ['--s3-prefix-list <id>', "the region's managed prefix list of S3"],
  network: ['--network <kind>', 'a VPC of its own, or an existing one'],
  cidr: ['--cidr <block>', 'IPv4 block of its own VPC, /16 to /24'],
  vpc: ['--vpc <id>', 'the existing VPC'],
  subnets: ['--subnets <ids>', 'its private subnets, one a zone and in their order'],
  warehouse: ['--warehouse <kind>', 'kind of warehouse'],
  nodeType: ['--node-type <type>', "type of the cluster's nodes"],
  nodes: ['--nodes <count>', 'how many nodes'],
  multiAz: ['--multi-az', 'a second set of nodes in another zone'],
  snapshotDays: ['--snapshot-days <days>', 'days that automated snapshots are kept, 1 to 35'],
  pause: ['--pause', 'let the cluster sleep at night'],
  pauseAt: ['--pause-at <cron>', 'when it goes to sleep, cron(...) in UTC'],
  resumeAt: ['--resume-at <cron>', 'when it wakes, cron(...) in UTC'],
  baseRpus: ['--base-rpus <count>', 'RPUs that are there when the first query comes'],
  maxRpus: ['--max-rpus <count>', 'RPUs that it scales to'],
  dailyRpuHours: ['--daily-rpu-hours <hours>', 'RPU-hours a day after which queries are refused; 0: no limit'],
  source: ['--source <origin>', 'the source bucket is given, or made by the stack'],
  sourceBucket: ['--source-bucket <name>', 'name of the source bucket'],
  sourceRegion: ['--source-region <name>', "the source bucket's region"],
  sourceAccount: ['--source-account <digits>', 'its account, where that is another; none: it is not'],
  schedule: ['--schedule <expression>', 'when the nightly load begins, cron(...) or rate(...)'],
  timeZone: ['--time-zone <name>', 'IANA time zone of the schedule'],
  analysts: ['--analysts <arns>', 'who may query: ARNs with commas between; none: your account, with MFA'],
  operators: ['--operators <arns>', 'who may also load and watch: ARNs with commas between'],
  emails: ['--emails <addresses>', 'who gets the alarms, with commas between'],
  budget: ['--budget <usd>', 'US dollars a month, of which mails tell'],
  reservedConcurrency: ['--reserved-concurrency <count>', 'Lambda executions that are reserved; none: no reservation'],
  onRemoval: ['--on-removal <policy>', 'what becomes of the data when the stack goes'],
  terminationProtection: ['--termination-protection', 'protect the stack against deletion'],
} as const satisfies Readonly<Record<string, readonly [flags: string, description: string]>>;

export type AnswerName = keyof typeof ANSWERS;

/** Answers with few possible values. */
export const ANSWER_CHOICES: Readonly<Partial<Record<AnswerName, readonly string[]>>> = {
  network: ['own', 'existing'],
  warehouse: ['provisioned', 'serverless'],
  source: ['given', 'made'],
  onRemoval: ['retain', 'destroy'],
};

/** Answers of yes or no: each has a `--no-` too. */
export const FLAGS = ['multiAz', 'pause', 'terminationProtection'] as const satisfies readonly AnswerName[];

/** What was given on the command line: text of the options, true or false of the flags. */
export type GivenAnswers = Readonly<Partial<Record<AnswerName, string | boolean>>>;
