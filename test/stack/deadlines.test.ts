import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  app,
  type FunctionProperties,
  type QueueProperties,
  referred,
  resourcesOf,
  templateOf,
} from './synthesised.ts';

/** For how long each queue that holds its messages back does so, in seconds. */
function delaysIn(template: Template): Readonly<Record<string, number>> {
  const queues = Object.values(resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue'));
  const delays = queues.map(({ Properties }) => [Properties.QueueName, Properties.DelaySeconds ?? 0] as const);
  return Object.fromEntries(delays.filter(([, seconds]) => seconds > 0));
}

describe('deadlines', () => {
  it.each([
    ['dev', 'factbus'],
    ['prod', 'factbus-prod'],
  ] as const)('are as long as SQS can hold a message back, unless somebody says otherwise: %s', (stage, name) => {
    expect(delaysIn(templateOf(stage))).toEqual({
      [`${name}-orders-deadline`]: 900,
      [`${name}-orders-settlement`]: 900,
      [`${name}-shipping-deadline`]: 900,
    });
  });

  it.each([
    ['the command line', { orderDeadline: '30', settlementDeadline: '120', shippingDeadline: '60' }],
    ['cdk.json', { orderDeadline: 30, settlementDeadline: 120, shippingDeadline: 60 }],
  ])('are what %s says', (_, context) => {
    expect(delaysIn(Template.fromStack(app(context).stack))).toEqual({
      'factbus-orders-deadline': 30,
      'factbus-orders-settlement': 120,
      'factbus-shipping-deadline': 60,
    });
  });

  it('change one by one', () => {
    expect(delaysIn(Template.fromStack(app({ shippingDeadline: '5' }).stack))).toEqual({
      'factbus-orders-deadline': 900,
      'factbus-orders-settlement': 900,
      'factbus-shipping-deadline': 5,
    });
  });
});

describe('the functions that write the streams of one context', () => {
  const template = templateOf('prod');
  const functions = Object.values(resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function')).map(
    ({ Properties }) => Properties,
  );
  const tables = resourcesOf<{ readonly TableName: string }>(template, 'AWS::DynamoDB::Table');

  /** The functions that write a table's streams. */
  const writersOf = (table: string) =>
    functions.filter(({ Environment }) => {
      const written = Environment.Variables.EVENT_STORE_TABLE as { readonly Ref: string } | undefined;
      return written !== undefined && tables[referred(written)]?.Properties.TableName === table;
    });

  it.each([
    ['orders', ['orders', 'orders-deadline', 'orders-settlement']],
    ['inventory', ['inventory']],
    ['payments', ['payments']],
    ['shipping', ['shipping', 'shipping-deadline']],
  ])('are those of %s, and log under its name', (context, names) => {
    const writers = writersOf(`factbus-prod-${context}`);

    expect(writers.map(({ FunctionName }) => FunctionName).sort()).toEqual(names.map((name) => `factbus-prod-${name}`));
    for (const { Environment } of writers) expect(Environment.Variables.POWERTOOLS_SERVICE_NAME).toBe(context);
  });

  // Who settles an attempt without calling waits for its own time-out: a longer one of another would still be calling.
  it.each(['orders', 'inventory', 'payments', 'shipping'])('have one time-out: %s', (context) => {
    const timeouts = writersOf(`factbus-prod-${context}`).map(({ Timeout, Environment }) => ({
      runs: Timeout,
      isTold: Environment.Variables.FUNCTION_TIMEOUT_SECONDS,
    }));

    expect(timeouts.length).toBeGreaterThan(0);
    for (const { runs, isTold } of timeouts) {
      expect(runs).toBe(timeouts[0]?.runs);
      expect(isTold).toBe(String(runs));
    }
  });

  it('reach the same outside world: the deadline asks the carrier that was called', () => {
    const carriers = writersOf('factbus-prod-shipping').map(({ Environment }) => Environment.Variables.CARRIER_TABLE);

    expect(carriers).toHaveLength(2);
    expect(carriers[0]).toEqual(carriers[1]);
    expect(tables[referred(carriers[0] as { readonly Ref: string })]?.Properties.TableName).toBe(
      'factbus-prod-carrier',
    );
  });
});
