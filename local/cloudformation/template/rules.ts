import { validationError } from '../errors';
import { isObject } from '../values';
import type { Resolver } from './intrinsics';
import type { Template } from './template';

/**
 * Evaluates the Rules section: the assertions of every rule whose RuleCondition holds (the CDK puts its check of
 * the bootstrap version there).
 * @throws AwsError ValidationError naming the first assertion that does not hold
 */
export function checkRules(template: Template, resolver: Resolver): void {
  for (const [name, rule] of Object.entries(template.rules)) {
    const at = `Rules/${name}`;
    if (!isObject(rule) || !Array.isArray(rule.Assertions)) {
      throw validationError(`Template format error: ${at} must have a list of Assertions.`);
    }
    if (rule.RuleCondition !== undefined && !resolver.predicate(rule.RuleCondition, `${at}/RuleCondition`)) continue;
    rule.Assertions.forEach((assertion: unknown, index) => {
      if (!isObject(assertion))
        throw validationError(`Template format error: ${at}/Assertions/${index} must be an object.`);
      if (!resolver.predicate(assertion.Assert, `${at}/Assertions/${index}/Assert`)) {
        const told =
          typeof assertion.AssertDescription === 'string' ? assertion.AssertDescription : `assertion ${index}`;
        throw validationError(`Template error: ${name}: ${told}`);
      }
    });
  }
}
