import { classify, classifySql } from '../../lambda/errors';
import { explainLoadErrors } from '../../lambda/load-errors';

const serviceError = (name: string, status: number): Error =>
  Object.assign(new Error('text'), { name, $metadata: { httpStatusCode: status } });

describe('what a call threw', () => {
  it.each([
    ['throttling', serviceError('ThrottlingException', 400), 'transient'],
    ['too many statements', serviceError('ActiveStatementsExceededException', 400), 'transient'],
    ['a server error', serviceError('InternalServerException', 500), 'transient'],
    ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'transient'],
    ['a missing permission', serviceError('AccessDeniedException', 400), 'configuration'],
    ['a missing bucket', serviceError('NoSuchBucket', 404), 'configuration'],
    ['bad input', serviceError('ValidationException', 400), 'configuration'],
    ['a mistake of ours', new TypeError('x is undefined'), 'internal'],
    ['expired credentials', serviceError('ExpiredTokenException', 400), 'transient'],
    [
      'a paused cluster',
      Object.assign(serviceError('ValidationException', 400), { message: 'Cluster is paused' }),
      'transient',
    ],
    [
      'a denial that speaks of a paused cluster',
      Object.assign(serviceError('AccessDeniedException', 400), {
        message: 'no action on cluster paused-1: it is paused',
      }),
      'configuration',
    ],
  ])('%s is classified', (_name, error, kind) => {
    expect(classify(error, 'listing').kind).toBe(kind);
  });
});

describe('the text of a failed statement', () => {
  it.each([
    ['1023 DETAIL: Serializable isolation violation on table', 'transient'],
    ['check unique_users failed: 2 offending rows, for example: user_id 5 stands 2 times', 'source data'],
    ['permission denied for relation users', 'configuration'],
    ['deadlock detected', 'transient'],
    ['FATAL: the database system is starting up', 'transient'],
    ['Cluster sparkify-dev is not available', 'transient'],
    ["check unique_songs failed: 1 offending rows, for example: 'Cluster is paused' deadlock detected", 'source data'],
    ["Query (12) cancelled on user's request", 'warehouse'],
    ['Disk Full', 'warehouse'],
    ['S3ServiceException:Please reduce your request rate.,Status 503,Error SlowDown', 'transient'],
    ['S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey', 'source data'],
    ['syntax error at or near "paused"', 'warehouse'],
    ["Load into table 'staging_events' failed.  Check 'stl_load_errors' system table for details.", 'source data'],
    ['syntax error at or near "selec"', 'warehouse'],
  ])('%s is classified', (text, kind) => {
    expect(classifySql(text, 'sql/x.sql').kind).toBe(kind);
  });
});

describe('a COPY that failed', () => {
  const unexplained = classifySql("Load into table 'staging_events' failed.", 'sql/load/031_copy_events.sql');
  const detail = {
    file_name: 's3://b/2018-11-05-events.json',
    line_number: 17,
    column_name: 'level',
    column_type: 'varchar',
    column_length: '16',
    error_code: 1204,
    error_message: 'String length exceeds DDL length',
  };
  const value = {
    file_name: detail.file_name,
    line_number: 17,
    column_name: 'level',
    field_value: 'unbelievably paid',
  };

  it('is told with file, line, column, limit, value, reason and code', () => {
    const { message, advice } = explainLoadErrors('public.staging_events', [detail], [value], unexplained);
    expect(`${message} ${advice}`).toBe(
      "COPY staging_events failed: s3://b/2018-11-05-events.json line 17, column level (varchar(16)) value 'unbelievably " +
        "paid': String length exceeds DDL length (1204). Mend the file, then deploy or load again.",
    );
  });

  it('is told without the value where the warehouse does not keep it', () => {
    expect(explainLoadErrors('public.staging_events', [detail], [], unexplained).message).toContain(
      'column level (varchar(16)): String length',
    );
  });

  it('is told as the statement failed where there are no details', () => {
    expect(explainLoadErrors(undefined, [], [], unexplained)).toBe(unexplained);
  });
});
