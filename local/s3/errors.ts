import { AwsError } from '../aws/service';

/** 404 NoSuchBucket. */
export class NoSuchBucketError extends AwsError {
  override readonly name = 'NoSuchBucketError';
  constructor(readonly bucket: string) {
    super('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
  }
}

/** 404 NoSuchKey. */
export class NoSuchKeyError extends AwsError {
  override readonly name = 'NoSuchKeyError';
  constructor(
    readonly bucket: string,
    readonly key: string,
  ) {
    super('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
}

/** 409 BucketNotEmpty. */
export class BucketNotEmptyError extends AwsError {
  override readonly name = 'BucketNotEmptyError';
  constructor(readonly bucket: string) {
    super('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: bucket });
  }
}

/** 409 BucketAlreadyExists: another account has it; bucket names are one space over all accounts. */
export class BucketAlreadyExistsError extends AwsError {
  override readonly name = 'BucketAlreadyExistsError';
  constructor(readonly bucket: string) {
    super(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      409,
      { BucketName: bucket },
    );
  }
}

/** 409 BucketAlreadyOwnedByYou. */
export class BucketAlreadyOwnedByYouError extends AwsError {
  override readonly name = 'BucketAlreadyOwnedByYouError';
  constructor(readonly bucket: string) {
    super(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: bucket },
    );
  }
}

/** 403 AccessDenied for a write into a bucket that is a folder of the machine. */
export class ReadOnlyBucketError extends AwsError {
  override readonly name = 'ReadOnlyBucketError';
  constructor(
    readonly bucket: string,
    readonly folder: string,
  ) {
    super(
      'AccessDenied',
      `Access Denied: bucket ${bucket} is the folder ${folder}, mounted read-only. Put files into the folder itself.`,
      403,
    );
  }
}

/** 400: the key can't be stored as a file although S3 would take it. */
export class UnstorableKeyError extends AwsError {
  override readonly name = 'UnstorableKeyError';
  constructor(key: string, why: string) {
    super(
      'InvalidArgument',
      `The local S3 keeps objects as files and can't hold the key ${JSON.stringify(key)}: ${why}.`,
    );
  }
}

/** The folder to be served as a bucket can't be read. */
export class MountFolderError extends AwsError {
  override readonly name = 'MountFolderError';
  constructor(bucket: string, folder: string, why: string) {
    super('InvalidArgument', `Bucket ${bucket} can't be read from the folder ${folder}: ${why}.`, 400);
  }
}
