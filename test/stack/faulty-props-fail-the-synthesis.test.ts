import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import type { FactTypes } from '../../functions/backbone/fact.ts';
import { type Subscription, subscription } from '../../functions/backbone/subscription.ts';
import { BackboneFunction } from '../../lib/backbone/backbone-function.ts';
import { Consumer } from '../../lib/backbone/consumer.ts';
import type { ConsumerProps } from '../../lib/backbone/consumer-props.ts';
import { disposable } from '../../lib/backbone/durability.ts';
import { EventStore, type EventStoreProps } from '../../lib/backbone/event-store.ts';
import { FactBus } from '../../lib/backbone/fact-bus.ts';
import { InventoryReserved, OrderPlaced } from '../../schemas/generated/facts.ts';
import { consumerOf, emptyBus } from './synthesised.ts';

const payments = subscription('payments', { OrderPlaced, InventoryReserved });

/** The lines of the error that a construction fails with. */
function faultsOf(construct: () => unknown): readonly string[] {
  try {
    construct();
  } catch (error) {
    if (error instanceof Error) return error.message.split('\n  - ').slice(1);
  }
  return [];
}

const consumerFaults = (props: Partial<ConsumerProps>, of: Subscription = payments) =>
  faultsOf(() => consumerOf(of, props));

describe("a consumer's props", () => {
  it('are all told what is wrong with them at once', () => {
    expect(() =>
      consumerOf(subscription('Payments!', {}), { memory: 64, maxConcurrency: 1, delay: Duration.minutes(16) }),
    ).toThrow(
      [
        "Consumer 'Test/Consumer' has 6 faults in its props:",
        "the subscription is named 'Payments!': give lower case letters and digits, in words joined by single hyphens",
        "the subscription 'Payments!' has no facts: give it at least one",
        "the function would be named 'testbus-Payments!' (17 characters): AWS takes 1–64 letters, digits, hyphens and underscores",
        'memory is 64 MB: give a whole number of 128–10,240 MB',
        'maxConcurrency is 1: give 2–1000',
        'delay is 16 minutes: give whole seconds, up to the 15 minutes that SQS can hold a message back',
      ].join('\n  - '),
    );
  });

  const outOfRange: readonly (readonly [string, Partial<ConsumerProps>])[] = [
    ['timeout is 16 minutes', { timeout: Duration.minutes(16) }],
    ['timeout is 500 millis', { timeout: Duration.millis(500) }],
    ['memory is 10241 MB', { memory: 10_241 }],
    ['batchSize is 0', { batchSize: 0 }],
    ['batchSize is 11', { batchSize: 11 }],
    ['batchSize is 2.5', { batchSize: 2.5 }],
    ['batchSize is 10001', { batchSize: 10_001, maxBatchingWindow: Duration.seconds(1) }],
    ['maxBatchingWindow is 6 minutes', { maxBatchingWindow: Duration.minutes(6) }],
    ['maxConcurrency is 1001', { maxConcurrency: 1001 }],
    ['retry.attempts is 0', { retry: { attempts: 0 } }],
    ['retry.attempts is 201', { retry: { attempts: 201 } }],
    ['retry.attempts is 2.5', { retry: { attempts: 2.5 } }],
    ['retry.base is 0 seconds', { retry: { base: Duration.seconds(0) } }],
    ['retry.base is 1.5 seconds', { retry: { base: Duration.millis(1_500) } }],
    [
      'retry.base is 301 seconds: give whole seconds, 1 to retry.cap, here 300',
      { retry: { base: Duration.seconds(301) } },
    ],
    ['retry.cap is 13 hours', { retry: { cap: Duration.hours(13), attempts: 1 } }],
    ['visibilityTimeout is 1 minute 500 millis', { visibilityTimeout: Duration.millis(60_500) }],
    ["entry 'functions/nowhere.ts' does not exist", { entry: 'functions/nowhere.ts' }],
    ["fifo.groupBy is 'subject'", { fifo: { groupBy: 'subject' } }],
    ["fifo.groupBy is '$'", { fifo: { groupBy: '$' } }],
  ];
  it.each(outOfRange)('have their limits: %s', (fault, props) => {
    expect(consumerFaults(props)).toEqual([expect.stringContaining(fault)]);
  });

  const inRange: readonly Partial<ConsumerProps>[] = [
    {},
    { timeout: Duration.minutes(15), memory: 10_240, maxConcurrency: 1000, retry: { attempts: 1 }, batchSize: 1 },
    { batchSize: 10_000, maxBatchingWindow: Duration.minutes(5) },
    { visibilityTimeout: Duration.hours(3), delay: Duration.minutes(15), maxConcurrency: 2 },
    { retry: { base: Duration.hours(1), cap: Duration.hours(12), attempts: 1 } },
    { retry: { attempts: 200 } },
    { fifo: { groupBy: '$.detail.metadata.subject' }, batchSize: 10, delay: Duration.seconds(1) },
  ];
  it.each(inRange)('may be anything within them: %j', (props) => {
    expect(consumerFaults(props)).toEqual([]);
  });

  it('give a call the time to finish before its messages are seen again', () => {
    const timeout = Duration.seconds(30);

    expect(consumerFaults({ timeout, visibilityTimeout: Duration.seconds(179) })).toEqual([
      'visibilityTimeout is 2 minutes 59 seconds: give at least 6 × timeout + maxBatchingWindow, here 3 minutes',
    ]);
    expect(consumerFaults({ timeout, visibilityTimeout: Duration.seconds(180) })).toEqual([]);
    expect(
      consumerFaults({ timeout, visibilityTimeout: Duration.seconds(180), maxBatchingWindow: Duration.seconds(1) }),
    ).toHaveLength(1);
  });

  it('let a message reach the DLQ before the queue forgets it', () => {
    const patience = { cap: Duration.hours(12) };

    expect(consumerFaults({ retry: { ...patience, attempts: 24 } })).toEqual([
      'a message could be tried for 4 days 4 hours (delay, and for each of 34 deliveries the visibilityTimeout or the wait of retry), but the queue forgets it after 4 days and it would never reach the DLQ: lower one of them',
    ]);
    expect(consumerFaults({ retry: { ...patience, attempts: 22 } })).toEqual([]);
    expect(consumerFaults({ visibilityTimeout: Duration.hours(4), retry: { attempts: 20 } })).toHaveLength(1);
    expect(consumerFaults({ visibilityTimeout: Duration.hours(4), retry: { attempts: 10 } })).toEqual([]);
  });

  it('do not contradict each other', () => {
    expect(
      consumerFaults({ fifo: { groupBy: '$.id' }, maxBatchingWindow: Duration.seconds(1), batchSize: 11 }),
    ).toEqual([
      'batchSize is 11: a FIFO queue gives at most 10',
      'maxBatchingWindow and fifo contradict each other: Lambda does not wait for a batch of a FIFO queue',
    ]);
  });
});

describe("a consumer's subscription", () => {
  it('is its own', () => {
    const { stack, bus } = emptyBus();
    const consume = (id: string) =>
      new Consumer(stack, id, { bus, subscription: payments, entry: 'functions/payments/handler.ts' });
    consume('First');

    expect(faultsOf(() => consume('Second'))).toEqual([
      "the subscription 'payments' belongs to 'Test/First' as well: a name tells whose cause an event is, so give each its own",
    ]);
  });

  it('names its facts as they are, compiled or not', () => {
    const uncompiled: Subscription = { name: 'payments', facts: { ...payments.facts, OrderShipped: OrderPlaced } };

    expect(consumerFaults({}, uncompiled)).toEqual([
      "the subscription 'payments' has OrderPlaced under the name 'OrderShipped': name each fact as it is",
    ]);
  });

  it('is short enough for one pattern', () => {
    const many: FactTypes = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => `SomethingVerySpecialHappened${n}`).map((type) => [
        type,
        { ...OrderPlaced, type },
      ]),
    );

    expect(consumerFaults({}, { name: 'all', facts: many })).toEqual([
      expect.stringMatching(/^the rule's pattern has \d+ characters, EventBridge takes 2048: split the subscription$/),
    ]);
  });

  it('leaves room for the names that are made of it', () => {
    expect(consumerFaults({}, { ...payments, name: 'a'.repeat(57) })).toEqual([
      expect.stringContaining('(65 characters): AWS takes 1–64'),
    ]);
  });
});

describe("an event store's props", () => {
  const storeFaults = (props: Partial<EventStoreProps>) => {
    const { stack, bus } = emptyBus();
    return faultsOf(() => new EventStore(stack, 'Store', { bus, context: 'orders', source: 'shop.orders', ...props }));
  };

  it('are all told what is wrong with them at once', () => {
    const filter = { eventName: ['REMOVE'], dynamodb: {} } as const;

    expect(
      storeFaults({
        context: 'order_s',
        source: 'aws.orders',
        relayEntry: 'relay.ts',
        relayAlso: Array.from({ length: 5 }, () => filter),
        parallelizationFactor: 11,
      }),
    ).toEqual([
      "context is 'order_s': give lower case letters and digits, in words joined by single hyphens",
      "source is 'aws.orders': give letters, digits, dots, hyphens and underscores, such as 'shop.orders'; 'aws.' is AWS's own",
      'relayAlso has 5 filters: give at most 4, since Lambda takes 5 in all',
      'parallelizationFactor is 11: give 1–10',
      "entry 'relay.ts' does not exist: give the handler's file, relative to the project's folder",
    ]);
  });

  it('may be the least there is', () => {
    expect(storeFaults({})).toEqual([]);
  });
});

describe("a function's props", () => {
  it('are all told what is wrong with them at once', () => {
    const { stack } = emptyBus();
    const props = { name: 'my function', service: 'orders', entry: 'functions/nowhere.ts', durability: disposable };

    expect(() => new BackboneFunction(stack, 'Function', { ...props, memory: 1 })).toThrow(
      "BackboneFunction 'Test/Function' has 3 faults in its props:\n  - the function would be named 'my function'",
    );
  });
});

describe("a bus's props", () => {
  const { stack } = emptyBus();

  it('are all told what is wrong with them at once', () => {
    const props = { name: 'my bus', durability: disposable, archiveRetention: Duration.hours(36) };

    expect(faultsOf(() => new FactBus(stack, 'Other', props))).toEqual([
      "name is 'my bus': give 1–40 letters, digits and hyphens, to leave room for the names that begin with it",
      'archiveRetention is 1 day 12 hours: give 1 or more whole days',
    ]);
  });
});
