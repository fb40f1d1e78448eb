import { jsonService } from '../aws/protocols/json';
import { AwsError, type AwsService } from '../aws/service';
import type { Parameter, ParameterStore } from './parameter-store';

type Input = Readonly<Record<string, unknown>>;

/** Systems Manager's Parameter Store: GetParameter, GetParameters, GetParametersByPath, PutParameter, DeleteParameter. */
export function createSsmService(options: {
  readonly parameters: ParameterStore;
  readonly account: string;
  readonly region: string;
}): AwsService {
  const { parameters } = options;
  const describe = (parameter: Parameter) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: new Date(parameter.modified),
    ARN: `arn:aws:ssm:${options.region}:${options.account}:parameter${parameter.name.startsWith('/') ? '' : '/'}${parameter.name}`,
    DataType: 'text',
  });
  return jsonService({
    signingName: 'ssm',
    operations: {
      GetParameter(input) {
        const parameter = parameters.get(text(input, 'Name'));
        if (!parameter) {
          throw new AwsError('ParameterNotFound', '');
        }
        return { Parameter: describe(parameter) };
      },
      GetParameters(input) {
        const names = Array.isArray(input.Names) ? input.Names.map(String) : [];
        const found = names.map((name) => parameters.get(name)).filter((parameter) => parameter !== undefined);
        return {
          Parameters: found.map(describe),
          InvalidParameters: names.filter((name) => !parameters.get(name)),
        };
      },
      GetParametersByPath(input) {
        const path = text(input, 'Path').replace(/\/?$/, '/');
        const inside = parameters.list().filter(({ name }) => name.startsWith(path));
        const wanted =
          input.Recursive === true ? inside : inside.filter(({ name }) => !name.slice(path.length).includes('/'));
        return { Parameters: wanted.map(describe) };
      },
      PutParameter: (input) => put(input, parameters),
      DeleteParameter(input) {
        if (!parameters.delete(text(input, 'Name'))) {
          throw new AwsError('ParameterNotFound', '');
        }
        return {};
      },
    },
  });
}

function put(input: Input, parameters: ParameterStore): object {
  const name = text(input, 'Name');
  if (parameters.get(name) && input.Overwrite !== true) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const type = input.Type ?? 'String';
  if (type !== 'String' && type !== 'StringList' && type !== 'SecureString') {
    throw new AwsError(
      'ValidationException',
      `Type has to be String, StringList or SecureString, not ${String(type)}.`,
    );
  }
  const { version } = parameters.put(name, text(input, 'Value'), type);
  return { Version: version, Tier: 'Standard' };
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') {
    throw new AwsError('ValidationException', `The parameter ${name} is missing or is not text.`);
  }
  return value;
}
