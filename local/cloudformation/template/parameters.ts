import { TemplateError, validationError } from '../errors';
import type { Template, TemplateParameter } from './template';

/** A stack's parameter as given and, for AWS::SSM::Parameter::Value types, as found. */
export interface StackParameter {
  readonly key: string;
  readonly value: string;
  readonly resolvedValue?: string;
  readonly noEcho?: boolean;
}

/** A parameter of a request: a value, or the wish to keep the deployed one. */
export interface GivenParameter {
  readonly key: string;
  readonly value?: string;
  readonly usePreviousValue?: boolean;
}

/**
 * The values of all parameters of a template, in its order.
 * @throws AwsError ValidationError for a missing, unknown or forbidden value, in CloudFormation's words
 */
export function stackParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly StackParameter[],
  ssmParameter: (name: string) => string | undefined,
): StackParameter[] {
  const unknown = given.filter((parameter) => !Object.hasOwn(template.parameters, parameter.key));
  if (unknown.length > 0) throw validationError(`Parameters: [${names(unknown)}] do not exist in the template`);
  const missing: { key: string }[] = [];
  const values: StackParameter[] = [];
  for (const [key, parameter] of Object.entries(template.parameters)) {
    const value = givenValue(key, parameter, given, previous);
    if (value === undefined) {
      missing.push({ key });
      continue;
    }
    values.push(stackParameter(key, parameter, value, ssmParameter));
  }
  if (missing.length > 0) throw validationError(`Parameters: [${names(missing)}] must have values`);
  return values;
}

function names(parameters: readonly { readonly key: string }[]): string {
  return parameters.map((parameter) => parameter.key).join(', ');
}

function givenValue(
  key: string,
  parameter: TemplateParameter,
  given: readonly GivenParameter[],
  previous: readonly StackParameter[],
): string | undefined {
  const entry = given.find((candidate) => candidate.key === key);
  if (entry?.usePreviousValue === true) {
    const kept = previous.find((candidate) => candidate.key === key);
    if (kept === undefined) {
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    return kept.value;
  }
  if (entry?.value !== undefined) return entry.value;
  return parameter.default === undefined ? undefined : String(parameter.default);
}

function stackParameter(
  key: string,
  parameter: TemplateParameter,
  value: string,
  ssmParameter: (name: string) => string | undefined,
): StackParameter {
  check(key, parameter, value);
  const noEcho = parameter.noEcho ? { noEcho: true } : {};
  if (!parameter.type.startsWith('AWS::SSM::Parameter::Value<')) return { key, value, ...noEcho };
  const resolvedValue = ssmParameter(value);
  if (resolvedValue === undefined) {
    throw validationError(`Unable to fetch parameters [${value}] from parameter store for this account.`);
  }
  return { key, value, resolvedValue, ...noEcho };
}

function check(key: string, parameter: TemplateParameter, value: string): void {
  const told = parameter.constraintDescription;
  const fail = (message: string): never => {
    throw validationError(told === undefined ? message : `Parameter ${key} failed to satisfy constraint: ${told}`);
  };
  if (parameter.allowedValues !== undefined && !parameter.allowedValues.map(String).includes(value)) {
    fail(`Parameter '${key}' must be one of AllowedValues`);
  }
  if (parameter.allowedPattern !== undefined && !new RegExp(`^(?:${parameter.allowedPattern})$`).test(value)) {
    fail(`Parameter '${key}' must match pattern ${parameter.allowedPattern}`);
  }
  if (parameter.minLength !== undefined && value.length < parameter.minLength) {
    fail(`Parameter '${key}' must contain at least ${parameter.minLength} characters`);
  }
  if (parameter.maxLength !== undefined && value.length > parameter.maxLength) {
    fail(`Parameter '${key}' must contain at most ${parameter.maxLength} characters`);
  }
  if (parameter.type === 'Number') checkNumber(key, parameter, value, fail);
}

function checkNumber(key: string, parameter: TemplateParameter, value: string, fail: (message: string) => never): void {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) fail(`Parameter '${key}' must be a number.`);
  if (parameter.minValue !== undefined && number < parameter.minValue) {
    fail(`Parameter '${key}' must be a number not less than ${parameter.minValue}`);
  }
  if (parameter.maxValue !== undefined && number > parameter.maxValue) {
    fail(`Parameter '${key}' must be a number not greater than ${parameter.maxValue}`);
  }
}

/** What `Ref` gives for each parameter: text, or a list for the list types. */
export function parameterReferences(
  template: Template,
  parameters: readonly StackParameter[],
): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    parameters.map((parameter) => {
      const type = template.parameters[parameter.key]?.type;
      if (type === undefined) throw new TemplateError(`Template error: the template has no parameter ${parameter.key}`);
      const value = parameter.resolvedValue ?? parameter.value;
      const isList = type === 'CommaDelimitedList' || type.includes('List<');
      return [parameter.key, isList ? value.split(',').map((item) => item.trim()) : value];
    }),
  );
}
