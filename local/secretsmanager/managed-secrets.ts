import { join } from 'node:path';
import type { Clock, Ids } from '../clock';
import { readJsonFile, writeJsonFile } from '../json-file';

/** The secret that Redshift keeps of an admin's password. */
export interface ManagedSecret {
  readonly arn: string;
  readonly username: string;
  /** The customer managed key, if it has one. */
  readonly keyArn?: string;
}

/** The one version of a secret's value: there is no rotation. */
export interface SecretVersion {
  readonly versionId: string;
  readonly password: string;
  /** Epoch milliseconds. */
  readonly created: number;
}

export interface SecretVersions {
  /** Made when it is asked for first, and the same from then on. */
  of(secret: ManagedSecret): SecretVersion;
}

/** Keeps the passwords in one file under `folder` that its owner alone can read. @throws StateFileError */
export function openSecretVersions(options: {
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): SecretVersions {
  const { clock, ids } = options;
  const file = join(options.folder, 'versions.json');
  const versions = new Map(Object.entries(readJsonFile<Record<string, SecretVersion>>(file) ?? {}));
  return {
    of({ arn }) {
      const known = versions.get(arn);
      if (known !== undefined) return known;
      // Redshift wants an upper-case letter, a lower-case one and a digit.
      const password = `Aa0${ids.uuid().replaceAll('-', '')}`;
      const made = { versionId: ids.uuid(), password, created: clock.now() };
      versions.set(arn, made);
      writeJsonFile(file, Object.fromEntries(versions), 0o600);
      return made;
    },
  };
}
