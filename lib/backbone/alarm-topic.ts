import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** The beginning of every alarm's name, such as `factbus`: alarms of other names may not publish here. */
  readonly namesBegin: string;
  readonly topicName: string;
  /**
   * A mail address that is told of every alarm, once it has confirmed the mail that SNS sends it first.
   *
   * @default - nobody is told: subscribe to the topic by hand
   */
  readonly mailTo?: string;
}

/**
 * Where all alarms go. It is only reached by TLS, and SNS keeps messages on encrypted disks. It has no key of its own:
 * with the one that AWS manages for SNS, CloudWatch may not use it, and alarms would fail without a word; one of ours
 * would cost a dollar a month to hide what an alarm's name says anyway.
 *
 * @see https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { topicName, namesBegin, mailTo }: AlarmTopicProps) {
    super(scope, id, { topicName, enforceSSL: true });
    const { account } = Stack.of(this);
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: `${namesBegin}-*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
    if (mailTo !== undefined) {
      new Subscription(this, 'Mail', { topic: this, protocol: SubscriptionProtocol.EMAIL, endpoint: mailTo });
    }
  }
}
