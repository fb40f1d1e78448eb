import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** The tag that everything of an environment carries. Budgets sees it once it is activated as a cost allocation tag. */
export const ENVIRONMENT_TAG = 'sparkify:environment';
/** Percent of the budget that has been spent when somebody is told. */
const SPENT = 80;
/** Percent of the budget that the month is going to cost when somebody is told. */
const FORECAST = 100;

/**
 * What an environment may cost a month. Nothing is stopped by it: it tells.
 * Source: Cost Management Guide, "Managing your costs with AWS Budgets".
 */
export class Budget extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly environmentName: string; readonly usd: number; readonly topic: ITopic },
  ) {
    super(scope, id);
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'SNS', address: props.topic.topicArn }],
    });
    const budget = new CfnBudget(this, 'Budget', {
      // Without a name: a change of the notifications makes another budget, and two of one name cannot be.
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.usd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:${ENVIRONMENT_TAG}$${props.environmentName}`] },
      },
      notificationsWithSubscribers: [tell('ACTUAL', SPENT), tell('FORECASTED', FORECAST)],
    });
    // Budgets tries the topic when it is told of it.
    budget.node.addDependency(props.topic);
  }
}
