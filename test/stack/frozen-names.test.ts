import { describe, expect, it } from 'vitest';
import { Consumer } from '../../lib/backbone/consumer.ts';
import { app, type FunctionProperties, type QueueProperties, resourcesOf, templateOf } from './synthesised.ts';

/**
 * A subscription's name is part of every cause that its consumer has committed. Under a new name all of them are unknown
 * and every event counts as new: orders would be placed, charged and dispatched again by a replay. So a name in this list
 * is never changed, and one that is given up is never given again.
 */
const SUBSCRIPTIONS = [
  'orders',
  'orders-deadline',
  'orders-settlement',
  'inventory',
  'payments',
  'shipping',
  'shipping-deadline',
  'notifications-customers',
  'notifications',
  'order-view',
];

/** Where operators, alarms and documents look for things. */
const TABLES = [
  'factbus-orders',
  'factbus-inventory',
  'factbus-payments',
  'factbus-payment-provider',
  'factbus-shipping',
  'factbus-carrier',
  'factbus-contacts',
  'factbus-notifications',
  'factbus-notifications-customers',
  'factbus-order-view',
  'factbus-read-models',
];
const RELAYS = ['orders', 'inventory', 'payments', 'shipping'];

const template = templateOf('dev');

function valuesOf<Properties>(type: string, value: (properties: Properties) => string): readonly string[] {
  return Object.values(resourcesOf<Properties>(template, type))
    .map(({ Properties }) => value(Properties))
    .sort();
}

describe('names that must not change', () => {
  it('subscriptions', () => {
    const consumers = app()
      .node.findAll()
      .filter((construct) => construct instanceof Consumer);

    expect(consumers.map(({ subscription }) => subscription.name).sort()).toEqual([...SUBSCRIPTIONS].sort());
  });

  it('the bus', () => {
    template.hasResourceProperties('AWS::Events::EventBus', { Name: 'factbus' });
    template.hasOutput('BusName', {});
  });

  it('tables', () => {
    expect(valuesOf('AWS::DynamoDB::Table', ({ TableName }: { TableName: string }) => TableName)).toEqual(
      [...TABLES].sort(),
    );
  });

  it('functions, each with a log group of its name', () => {
    const names = [...SUBSCRIPTIONS, ...RELAYS.map((context) => `${context}-relay`)].map((name) => `factbus-${name}`);

    expect(valuesOf('AWS::Lambda::Function', ({ FunctionName }: FunctionProperties) => FunctionName)).toEqual(
      [...names].sort(),
    );
    expect(valuesOf('AWS::Logs::LogGroup', ({ LogGroupName }: { LogGroupName: string }) => LogGroupName)).toEqual(
      names.map((name) => `/aws/lambda/${name}`).sort(),
    );
  });

  it('queues', () => {
    const names = [
      ...SUBSCRIPTIONS.flatMap((name) => [name, `${name}-dlq`, `${name}-target-dlq`]),
      ...RELAYS.map((context) => `${context}-relay-dlq`),
    ];

    expect(valuesOf('AWS::SQS::Queue', ({ QueueName }: QueueProperties) => QueueName)).toEqual(
      names.map((name) => `factbus-${name}`).sort(),
    );
  });
});
