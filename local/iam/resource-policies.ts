import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../json-file';

/**
 * Policy documents that stand on things, by ARN: bucket, key, secret, queue, topic and function policies, and under
 * its own ARN what a customer managed policy says. Kept as in the template, intrinsics resolved.
 */
export interface ResourcePolicies {
  /** All documents on a resource; empty when nobody put one there. */
  of(resourceArn: string): readonly unknown[];
  /** The document of that name; undefined when it is not there. */
  find(resourceArn: string, name: string): unknown;
  /** Puts or replaces the document of that name on a resource. */
  put(resourceArn: string, name: string, document: unknown): void;
  delete(resourceArn: string, name: string): void;
  /** ARNs that have a policy, in byte order. */
  list(): readonly string[];
}

/** Keeps them in one JSON file under `folder`. */
export function openResourcePolicies(folder: string): ResourcePolicies {
  const file = join(folder, 'resource-policies.json');
  const policies = new Map(Object.entries(readJsonFile<Record<string, Record<string, unknown>>>(file) ?? {}));
  const save = () => writeJsonFile(file, Object.fromEntries(policies));
  return {
    of: (resourceArn) => Object.values(policies.get(resourceArn) ?? {}),
    find: (resourceArn, name) => policies.get(resourceArn)?.[name],
    put(resourceArn, name, document) {
      policies.set(resourceArn, { ...policies.get(resourceArn), [name]: document });
      save();
    },
    delete(resourceArn, name) {
      const { [name]: gone, ...rest } = policies.get(resourceArn) ?? {};
      if (gone === undefined) return;
      if (Object.keys(rest).length === 0) policies.delete(resourceArn);
      else policies.set(resourceArn, rest);
      save();
    },
    list: () => [...policies.keys()].sort(),
  };
}
