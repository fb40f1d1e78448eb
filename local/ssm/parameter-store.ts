import { join } from 'node:path';
import type { Clock } from '../clock';
import { readJsonFile, writeJsonFile } from '../json-file';

/** A parameter in its newest version. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  /** Starts at 1 and grows with each put. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** Systems Manager's parameters, as CloudFormation, the CDK CLI and functions read them. */
export interface ParameterStore {
  put(name: string, value: string, type?: Parameter['type']): Parameter;
  get(name: string): Parameter | undefined;
  /** @returns false when there was none */
  delete(name: string): boolean;
  /** In byte order of the names. */
  list(): readonly Parameter[];
}

/** Parameters in one JSON file under `folder`. */
export function createParameterStore(options: { readonly folder: string; readonly clock: Clock }): ParameterStore {
  const file = join(options.folder, 'parameters.json');
  const parameters = new Map(readJsonFile<Parameter[]>(file)?.map((parameter) => [parameter.name, parameter]));
  const save = () => writeJsonFile(file, [...parameters.values()]);
  const store: ParameterStore = {
    put(name, value, type = 'String') {
      const version = (parameters.get(name)?.version ?? 0) + 1;
      const parameter = { name, value, type, version, modified: options.clock.now() };
      parameters.set(name, parameter);
      save();
      return parameter;
    },
    get: (name) => parameters.get(name),
    delete(name) {
      const existed = parameters.delete(name);
      if (existed) {
        save();
      }
      return existed;
    },
    list: () => [...parameters.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
  return store;
}
