import type { AwsEnvironment } from '../environments';
import type { AnswerName, GivenAnswers } from './answers';
import type { PricedWarehouse } from './costs';
import type { Path } from './draft';
import type { Fields } from './rules';

/** What is known while questions are asked. */
export interface Context {
  readonly environment: AwsEnvironment;
  /** All fields, as the answers so far have made them. */
  readonly config: Fields;
  readonly given: GivenAnswers;
  readonly known: KnownOfAws;
  /** The region when we began. */
  readonly regionBefore: unknown;
  /** What the warehouse cost when we began; a budget that somebody chose for it stays. */
  readonly unchangedWarehouse: boolean;
}

/** What AWS has said to the credentials that are at hand; nothing of it without any. */
export interface KnownOfAws {
  readonly account?: string;
  /** Zones of the chosen region. */
  readonly zones?: readonly string[];
  readonly s3PrefixList?: string;
  readonly bucketRegion?: string;
  /** What S3 says of the source bucket. */
  readonly bucketSaid?: string;
}

export interface Choice {
  readonly value: string;
  readonly hint?: string;
}

/** One question: what it sets, and what is proposed. */
export interface Question {
  readonly name: AnswerName;
  readonly path: Path;
  readonly message: string;
  readonly kind: 'text' | 'number' | 'list' | 'flag' | 'choice';
  /** Only an option answers it, for few want another value than is there. */
  readonly quiet?: boolean;
  readonly choices?: (context: Context) => readonly Choice[];
  /** Said before it is asked. */
  readonly why?: (context: Context) => string | undefined;
  readonly applies?: (context: Context) => boolean;
  /** The value proposed; without it what stands in the file, or is the same for all. */
  readonly proposal?: (context: Context) => unknown;
  /** The value to be written for an answer, where it is another. */
  readonly written?: (answer: unknown, context: Context) => unknown;
  /** Stands above the field where the file did not have it. */
  readonly comment?: string;
}

/** The warehouse as the answers so far have it. */
export const warehouse = ({ config }: Context): PricedWarehouse => (config.warehouse ?? {}) as PricedWarehouse;
export const isCluster = (context: Context) => warehouse(context).kind === 'provisioned';
export const isServerless = (context: Context) => warehouse(context).kind === 'serverless';
export const isProd = ({ environment }: Context) => environment === 'prod';
export const regionOf = ({ config }: Context) => String(config.region);
