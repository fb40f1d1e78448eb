import { join } from 'node:path';
import { COMMON } from './common';
import type { EnvironmentName } from './environment';
import { type FieldsFile, readFieldsFile } from './fields-file';
import { mergeOverrides, refuseAnothers } from './overrides';

/** An environment on AWS; it has a file of its own. */
export type AwsEnvironmentName = Exclude<EnvironmentName, 'local'>;

/** Where an environment's file stands, from the checkout's root: so it is named in errors. */
export function environmentFile(name: AwsEnvironmentName): string {
  return `lib/config/${name}.yaml`;
}

/** Reads an environment's own file. @throws ConfigurationError when there is none or it holds no fields */
export function readEnvironmentFile(name: AwsEnvironmentName, root = join(__dirname, '..', '..')): FieldsFile {
  const file = environmentFile(name);
  return refuseAnothers(readFieldsFile(join(root, file), name, file), name);
}

/** What an environment is: its file's fields, over what the environments on AWS have in common. Not yet validated. */
export function environmentOf(name: AwsEnvironmentName, { fields }: FieldsFile): unknown {
  return mergeOverrides({ ...COMMON, name }, fields);
}
