import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/**
 * Where alarms and the budget go: encrypted, TLS only, published to by CloudWatch and Budgets of this account alone.
 * Both encrypt as themselves, so that the key must let them.
 * Source: SNS Developer Guide, "Managing SNS encryption keys and costs"; Cost Management Guide, "Creating an SNS topic
 * for budget notifications".
 */
export class AlarmTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly environmentName: string; readonly emails: readonly string[]; readonly key: kms.IKey },
  ) {
    super(scope, id);
    this.topic = new sns.Topic(this, 'Topic', {
      displayName: `Sparkify ${props.environmentName}`,
      masterKey: props.key,
      enforceSSL: true,
    });
    for (const email of props.emails) this.topic.addSubscription(new EmailSubscription(email));
    const { account } = Stack.of(this);
    const publishers = [
      { name: 'CloudWatch', conditions: { ArnLike: { 'aws:SourceArn': this.alarms } } },
      { name: 'Budgets', conditions: {} },
    ];
    for (const { name, conditions } of publishers) {
      const principals = [new iam.ServicePrincipal(`${name.toLowerCase()}.amazonaws.com`)];
      const ofThisAccount = { StringEquals: { 'aws:SourceAccount': account }, ...conditions };
      this.topic.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: `${name}Publishes`,
          principals,
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions: ofThisAccount,
        }),
      );
      props.key.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: `${name}Encrypts`,
          principals,
          actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
          resources: ['*'],
          conditions: ofThisAccount,
        }),
      );
    }
  }

  private get alarms(): string {
    return Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
