import { z } from 'zod';
import { readFieldsFile } from './fields-file';
import { accountId, matching, regionName } from './schema-parts';
import { ConfigurationError } from './validate';

/** The pipeline that takes a branch through dev, staging and prod. It is nobody's environment: `-c pipeline=FILE`. */
export interface PipelineConfig {
  /** Where the pipeline itself lives, twelve digits: an account of its own, which the environments' accounts trust. */
  readonly account: string;
  readonly region: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** ARN of the CodeConnections connection to the repository's host; somebody has to accept it once in the console. */
  readonly connectionArn: string;
}

const schema = z.strictObject({
  account: accountId,
  region: regionName,
  repository: matching(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  branch: matching(/^[\w./-]+$/, 'the name of a branch'),
  connectionArn: matching(
    /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]{36}$/,
    'the ARN of a CodeConnections connection',
  ),
}) satisfies z.ZodType<PipelineConfig>;

/** Reads and checks the pipeline's file, JSON or YAML. @throws ConfigurationError for the first field that is not usable */
export function readPipeline(file: string): PipelineConfig {
  const { fields, where } = readFieldsFile(file, 'pipeline');
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const allowed = issue.code === 'unrecognized_keys' ? Object.keys(schema.shape).join(', ') : issue.message;
  throw new ConfigurationError('pipeline', path.join('.'), fields[String(path[0])], allowed, where(path));
}
