import type { ResourceProvider } from '../resource-provider';
import { requiredText, text } from './names';

/** Where AWS::SSM::Parameter puts its values. */
export interface ParameterSink {
  put(name: string, value: string, type: 'String' | 'StringList'): unknown;
  get(name: string): { readonly value: string } | undefined;
  delete(name: string): void;
}

export function parameterProvider(parameters: ParameterSink): ResourceProvider {
  function put(name: string, properties: Readonly<Record<string, unknown>>) {
    const type = text(properties, 'Type') === 'StringList' ? 'StringList' : 'String';
    const value = requiredText(properties, 'Value');
    parameters.put(name, value, type);
    return { physicalId: name, attributes: { Type: type, Value: value } };
  }
  return {
    replaceOn: ['Name'],
    create: async (context, properties) => put(text(properties, 'Name') ?? context.generateName(512), properties),
    update: async (_context, name, properties) => put(name, properties),
    async delete(_context, name) {
      parameters.delete(name);
    },
    async read(_context, name, properties) {
      const now = parameters.get(name);
      return now && { ...properties, Value: now.value };
    },
  };
}
