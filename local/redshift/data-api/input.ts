import { validation } from './data-api-errors';

type Members = Readonly<Record<string, unknown>>;

interface TextRule {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}

/**
 * Reads a request's members, collecting what is wrong with them, and says it all at once in the words of AWS's
 * model validation. Members are named as the request has them.
 */
export class Input {
  private readonly problems: string[] = [];

  constructor(private readonly members: Members) {}

  /** @throws AwsError ValidationException when anything read so far was wrong */
  check(): void {
    const { length } = this.problems;
    if (length > 0) {
      const noun = length === 1 ? 'error' : 'errors';
      throw validation(`${length} validation ${noun} detected: ${this.problems.join('; ')}`);
    }
  }

  text(name: string, rule: TextRule = {}): string | undefined {
    const value = this.members[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== 'string') {
      throw validation(`${name} must be a string`);
    }
    this.checkText(memberName(name), value, rule);
    return value;
  }

  requiredText(name: string, rule: TextRule = {}): string {
    const value = this.text(name, rule);
    if (value === undefined) {
      this.missing(name);
    }
    return value ?? '';
  }

  texts(name: string, rule: { readonly min: number; readonly max: number }): readonly string[] {
    const value = this.members[name];
    if (value === undefined || value === null) {
      this.missing(name);
      return [];
    }
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw validation(`${name} must be a list of strings`);
    }
    this.checkLength(memberName(name), '[…]', value.length, rule);
    return value;
  }

  number(name: string, min: number, max: number): number | undefined {
    const value = this.members[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw validation(`${name} must be a whole number`);
    }
    if (value < min) {
      this.fail(memberName(name), String(value), `Member must have value greater than or equal to ${min}`);
    }
    if (value > max) {
      this.fail(memberName(name), String(value), `Member must have value less than or equal to ${max}`);
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.members[name];
    if (value !== undefined && value !== null && typeof value !== 'boolean') {
      throw validation(`${name} must be true or false`);
    }
    return value ?? undefined;
  }

  /** `[{name, value}]` of Parameters. */
  parameters(): readonly { readonly name: string; readonly value: string }[] | undefined {
    const list = this.members.Parameters;
    if (list === undefined || list === null) {
      return undefined;
    }
    if (!Array.isArray(list)) {
      throw validation('Parameters must be a list');
    }
    this.checkLength('parameters', '[…]', list.length, { min: 1 });
    return list.map((item: Members | null, index) => {
      const entry = new Input(item ?? {});
      const at = `parameters.${index + 1}.member`;
      const name = entry.members.name;
      const value = entry.members.value;
      if (typeof name !== 'string') {
        this.problems.push(`Value at '${at}.name' failed to satisfy constraint: Member must not be null`);
      } else {
        this.checkText(`${at}.name`, name, { pattern: /^[0-9a-zA-Z_]+$/ });
      }
      if (typeof value !== 'string') {
        this.problems.push(`Value at '${at}.value' failed to satisfy constraint: Member must not be null`);
      } else {
        this.checkText(`${at}.value`, value, { min: 1 });
      }
      return { name: String(name), value: String(value) };
    });
  }

  private missing(name: string): void {
    this.problems.push(`Value at '${memberName(name)}' failed to satisfy constraint: Member must not be null`);
  }

  private checkText(name: string, value: string, rule: TextRule): void {
    this.checkLength(name, value, value.length, rule);
    if (rule.pattern !== undefined && !rule.pattern.test(value)) {
      this.fail(name, value, `Member must satisfy regular expression pattern: ${rule.pattern.source}`);
    }
    if (rule.values !== undefined && !rule.values.includes(value)) {
      this.fail(name, value, `Member must satisfy enum value set: [${rule.values.join(', ')}]`);
    }
  }

  private checkLength(
    name: string,
    shown: string,
    length: number,
    { min, max }: { readonly min?: number; readonly max?: number },
  ): void {
    if (min !== undefined && length < min) {
      this.fail(name, shown, `Member must have length greater than or equal to ${min}`);
    }
    if (max !== undefined && length > max) {
      this.fail(name, shown, `Member must have length less than or equal to ${max}`);
    }
  }

  private fail(name: string, value: string, constraint: string): void {
    this.problems.push(`Value '${value}' at '${name}' failed to satisfy constraint: ${constraint}`);
  }
}

/** Members are named with a small first letter in validation messages. */
function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
