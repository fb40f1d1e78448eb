import { RedshiftError } from '../errors';

/** Code that Redshift gives to a missing prefix and to a manifest entry that is no full path. */
const PATH_ERROR_CODE = 8001;

/** The block that Redshift's internal errors carry as their DETAIL. */
function internalDetail(error: string, code: number, queryId: number, pid: number): string {
  const rule = '-----------------------------------------------';
  return [
    '',
    `  ${rule}`,
    `  error:  ${error}`,
    `  code:      ${code}`,
    '  context:   ',
    `  query:     ${queryId}`,
    '  location:  s3_utility.cpp',
    `  process:   padbmaster [pid=${pid}]`,
    `  ${rule}`,
  ].join('\n');
}

interface Where {
  readonly queryId: number;
  readonly pid: number;
}

function internalError(message: string, code: number, where: Where): RedshiftError {
  return new RedshiftError(message, 'XX000', { detail: internalDetail(message, code, where.queryId, where.pid) });
}

/** No key starts with the prefix. */
export function missingPrefix(prefix: string, where: Where): RedshiftError {
  return internalError(`The specified S3 prefix '${prefix}' does not exist`, PATH_ERROR_CODE, where);
}

/** A manifest entry, a FROM or a JSONPaths argument that is no `s3://bucket/key`. */
export function notAFullPath(url: string, where: Where): RedshiftError {
  return internalError(`The S3 url '${url}' must be a full path of the form s3://bucket/key`, PATH_ERROR_CODE, where);
}

/** What S3 answered, in the words COPY passes on. */
export function s3Error(problem: 'NoSuchKey' | 'NoSuchBucket', where: Where, prefix = ''): RedshiftError {
  const texts = {
    NoSuchKey: 'The specified key does not exist.',
    NoSuchBucket: 'The specified bucket does not exist',
  } as const;
  return serviceException(texts[problem], `Status 404,Error ${problem}`, where, prefix);
}

/** S3 has refused the role. @param text who may not do what with which resource, as S3 says it */
export function accessDenied(text: string, where: Where, prefix = ''): RedshiftError {
  return serviceException(text, 'Status 403,Error AccessDenied', where, prefix);
}

function serviceException(text: string, status: string, where: Where, prefix: string): RedshiftError {
  return internalError(
    `${prefix}S3ServiceException:${text},${status},Rid LOCAL,ExtRid LOCAL,CanRetry 1`,
    PATH_ERROR_CODE,
    where,
  );
}

/** The manifest was read but is no manifest. */
export function badManifest(why: string, where: Where): RedshiftError {
  return internalError(`Problem reading manifest file - ${why}`, PATH_ERROR_CODE, where);
}

/** The JSONPaths file is no JSONPaths file; MAXERROR does not cover it. */
export function badJsonPaths(why: string, where: Where): RedshiftError {
  return internalError(`Invalid JSONPath format: ${why}`, PATH_ERROR_CODE, where);
}

/** The role is not among those attached to the cluster. */
export function roleNotAttached(roleArn: string, clusterUserArn: string): RedshiftError {
  return notAuthorized(roleArn, clusterUserArn, 'Attach the role to the cluster (IamRoles of AWS::Redshift::Cluster).');
}

/** The role's trust policy does not let the cluster, or the role before it in the chain, take it on. */
export function roleNotAssumed(roleArn: string, clusterUserArn: string): RedshiftError {
  return notAuthorized(
    roleArn,
    clusterUserArn,
    'Let redshift.amazonaws.com (for a chained role: the role before it) do sts:AssumeRole in its trust policy.',
  );
}

function notAuthorized(roleArn: string, clusterUserArn: string, hint: string): RedshiftError {
  return new RedshiftError(`User ${clusterUserArn} is not authorized to assume IAM Role ${roleArn}`, 'XX000', { hint });
}

/** Rows were refused; which ones stands in the load error views. */
export function loadFailed(table: string): RedshiftError {
  return new RedshiftError(
    `Load into table '${table}' failed.  Check 'sys_load_error_detail' system table for details.`,
    'XX000',
  );
}

/** The object is there but can't be read as what the statement says, for example without GZIP's header. */
export function unreadableFile(url: string, cause: unknown): RedshiftError {
  return new RedshiftError(`Problem reading file ${url}: ${(cause as Error).message}`, 'XX000', { cause });
}

/** 57014: the statement was cancelled while COPY worked outside the engine. */
export function cancelled(queryId: number): RedshiftError {
  return new RedshiftError(`Query (${queryId}) cancelled on user's request`, '57014');
}
