import { describe, expect, it } from 'vitest';
import { app, templateOf } from './synthesised.ts';

describe('the stack', () => {
  it('is one, so that a plain `cdk deploy` is all', () => {
    expect(
      app()
        .synth()
        .stacks.map(({ stackName }) => stackName),
    ).toEqual(['factbus']);
  });

  it.each(['dev', 'prod'] as const)('knows nothing of a local AWS: %s', (stage) => {
    expect(JSON.stringify(templateOf(stage).toJSON())).not.toMatch(
      /local-?stack|localhost|127\.0\.0\.1|4566|emulat|AWS_ENDPOINT/i,
    );
  });

  it.each(['dev', 'prod'] as const)('is bound to no account and no region: %s', (stage) => {
    expect(JSON.stringify(templateOf(stage).toJSON())).not.toMatch(/\d{12}|(us|eu|ap|sa|ca)-[a-z]+-\d/);
  });

  it('tells the names that people need', () => {
    expect(Object.keys(templateOf('dev').findOutputs('*')).sort()).toEqual([
      'BusName',
      'ContactsTable',
      'InventoryTable',
      'OrderViewTable',
      'OrdersTable',
      'PaymentsTable',
      'ShippingTable',
    ]);
  });
});

describe('a stack that nobody uses', () => {
  /** What costs nothing by itself, only by request, by event or by what is stored. */
  const FREE_WHEN_IDLE = [
    'AWS::DynamoDB::Table',
    'AWS::Events::Archive',
    'AWS::Events::EventBus',
    'AWS::Events::Rule',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Lambda::Function',
    'AWS::Logs::LogGroup',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
  ];
  /**
   * What costs a little, used or not: an alarm 0.10 USD a month from an account's eleventh on, a dashboard 3 USD from its
   * fourth on. Source: https://aws.amazon.com/cloudwatch/pricing/
   */
  const MONITORING = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'];

  it.each(['dev', 'prod'] as const)('has nothing that is billed by the hour, but for monitoring: %s', (stage) => {
    const template = templateOf(stage);
    const types = Object.values<{ Type: string }>(template.toJSON().Resources).map(({ Type }) => Type);

    expect([...new Set(types)].sort()).toEqual([...MONITORING, ...FREE_WHEN_IDLE]);
    template.allResourcesProperties('AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' });
  });

  it.each(['dev', 'prod'] as const)('has no provisioned capacity, and no key of its own: %s', (stage) => {
    expect(JSON.stringify(templateOf(stage).toJSON())).not.toMatch(
      /Provisioned|KMSMasterKeyId|KmsMasterKeyId|SecretsManager/,
    );
  });
});
