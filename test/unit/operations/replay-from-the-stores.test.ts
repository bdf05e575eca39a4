import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../functions/backbone/envelope.ts';
import { orderView } from '../../../functions/order-view/subscriptions.ts';
import { orders } from '../../../functions/orders/subscriptions.ts';
import { parseCondition } from '../../../operations/facts/filter.ts';
import { Pace } from '../../../operations/pace.ts';
import { replayFromStores } from '../../../operations/replay/from-stores.ts';
import { keptByNoStore, type ReplayTarget, replayName } from '../../../operations/replay/replay.ts';
import { shop } from '../../../operations/shop.ts';
import { ManualClock } from '../../manual-clock.ts';
import { page, ScriptedDynamoDb } from '../backbone/scripted-dynamodb.ts';
import { RecordingSender } from './in-memory-letter-queue.ts';

const placed = {
  orderId: 'order-c1',
  cartId: 'c1',
  customerId: 'cus-7',
  currency: 'EUR',
  lines: [{ sku: 'mug-blue', quantity: 1, unitPrice: 100 }],
  total: 100,
  paymentMethod: 'tok_ok',
  shippingAddress: 'addr_ok',
};

/** An item of a table: one commit with one fact. */
function item(pk: string, sk: number, type: string, data: object, published?: { source: string; sequence: number }) {
  return {
    pk,
    sk,
    time: '2026-01-31T11:00:00.000Z',
    correlationId: 'flow-1',
    causes: [{ subscription: 'orders', eventId: 'cart-event' }],
    facts: [
      {
        id: `${pk.replace('#', ':')}-${sk}`,
        type,
        data,
        causationId: 'cart-event',
        hops: 1,
        ...(published && { published: { schemaVersion: 1, ...published } }),
      },
    ],
    ...(published && { published: 1 }),
  };
}

const order = item('order#order-c1', 1, 'OrderPlaced', placed, { source: 'shop.orders', sequence: 1 });
const cancelled = item(
  'order#order-c2',
  1,
  'OrderCancelled',
  { orderId: 'order-c2', customerId: 'c', reason: 'requested' },
  { source: 'shop.orders', sequence: 1 },
);

function setUp(target: Partial<ReplayTarget> = {}) {
  const clock = new ManualClock();
  const dynamoDb = new ScriptedDynamoDb();
  const sender = new RecordingSender();
  const origin = { account: '123456789012', region: 'eu-central-1' };
  const ports = {
    documents: dynamoDb.client,
    busName: 'factbus',
    stores: shop.stores,
    target: { sender, ...target },
    origin,
    clock,
  };
  return { clock, dynamoDb, sender, ports, options: { pace: new Pace(Number.POSITIVE_INFINITY, clock) } };
}

const ordersOnly = { name: 'view-2', subscription: orderView, types: ['OrderPlaced', 'OrderCancelled'] };

describe('a replay from the stores', () => {
  it('puts facts into the queue as EventBridge would in a replay, so that the consumer reads them', async () => {
    const { clock, dynamoDb, sender, ports, options } = setUp();
    dynamoDb.answers.push(page([order]), page([]), page([]), page([]));

    const replayed = await replayFromStores(ordersOnly, ports, options);

    expect(replayed).toEqual({ lookedAt: 1, chosen: { OrderPlaced: 1 }, sent: 1, refused: [] });
    expect(readEvent(orderView, sender.sent[0]?.body ?? '', clock)).toMatchObject({
      type: 'OrderPlaced',
      data: placed,
      replay: 'view-2',
      metadata: {
        id: 'order:order-c1-1',
        source: 'shop.orders',
        subject: 'order#order-c1',
        version: 1,
        sequence: 1,
        time: '2026-01-31T11:00:00.000Z',
        correlationId: 'flow-1',
      },
    });
  });

  it('reads only the tables that keep what is meant, and only the time that is meant', async () => {
    const { dynamoDb, ports, options } = setUp();
    const sinceMs = Date.parse('2026-01-31T10:00:00Z');
    await replayFromStores({ ...ordersOnly, sinceMs }, ports, options);
    expect(new Set(dynamoDb.requests.map(({ input }) => input.TableName))).toEqual(new Set(['factbus-orders']));
    expect(dynamoDb.requests[0]?.input).toMatchObject({
      FilterExpression: 'sk > :counter AND #time >= :since AND attribute_exists(published)',
      ExpressionAttributeValues: { ':since': { S: '2026-01-31T10:00:00.000Z' } },
      ConsistentRead: true,
    });
  });

  it('reads a stream that is named, and nothing else', async () => {
    const { dynamoDb, sender, ports, options } = setUp();
    dynamoDb.answers.push(page([order]));
    await replayFromStores({ ...ordersOnly, streams: ['order#order-c1'] }, ports, options);
    expect(dynamoDb.requests.map(({ operation }) => operation)).toEqual(['Query']);
    expect(sender.sent).toHaveLength(1);
  });

  it('leaves out what does not fit, and what never left its context', async () => {
    const { dynamoDb, sender, ports, options } = setUp();
    const own = item('order#order-c1', 2, 'StockHeldNoted', {});
    dynamoDb.answers.push(page([order, cancelled, own]));
    const replayed = await replayFromStores(
      { ...ordersOnly, where: parseCondition('reason=requested') },
      ports,
      options,
    );
    expect(replayed).toMatchObject({ lookedAt: 2, chosen: { OrderCancelled: 1 }, sent: 1 });
    expect(sender.sent).toHaveLength(1);
  });

  it('sends nothing in a dry run, and counts', async () => {
    const { dynamoDb, sender, ports, options } = setUp();
    dynamoDb.answers.push(page([order, cancelled]));
    const replayed = await replayFromStores(ordersOnly, ports, { ...options, dryRun: true });
    expect([replayed.chosen, replayed.sent, sender.sent]).toEqual([{ OrderPlaced: 1, OrderCancelled: 1 }, 0, []]);
  });

  it('sends again what may not have arrived, and tells what the queue did not take', async () => {
    const { dynamoDb, sender, ports, options } = setUp();
    dynamoDb.answers.push(page([order, cancelled]));
    let calls = 0;
    sender.answer = ({ body }) => {
      calls += 1;
      if (body.includes('OrderCancelled')) return { kind: 'refused', code: 'Invalid', message: 'no' };
      return calls < 3 ? { kind: 'unknown', code: 'TimeoutError', message: '' } : { kind: 'sent' };
    };
    const replayed = await replayFromStores(ordersOnly, ports, options);
    expect(replayed).toMatchObject({
      sent: 1,
      refused: [{ eventId: 'order:order-c2-1', code: 'Invalid', message: 'no' }],
    });
  });

  it('keeps its rate', async () => {
    const { clock, dynamoDb, ports } = setUp();
    dynamoDb.answers.push(
      page(
        Array.from({ length: 40 }, (_, n) => ({
          ...order,
          pk: `order#${n}`,
          facts: [{ ...order.facts[0], id: `e${n}` }],
        })),
      ),
    );
    const startMs = clock.now();
    await replayFromStores(ordersOnly, ports, { pace: new Pace(20, clock) });
    expect(clock.now() - startMs).toBeGreaterThan(1_800);
    expect(clock.now() - startMs).toBeLessThan(2_200);
  });

  it('stops when it is told to', async () => {
    const { dynamoDb, ports, options } = setUp();
    dynamoDb.answers.push(page([order]));
    const interruption = new AbortController();
    await replayFromStores(ordersOnly, ports, {
      ...options,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    });
    expect(dynamoDb.requests.every(({ input }) => input.TableName === 'factbus-orders')).toBe(true);
  });

  it('holds a fact back for what is left of a deadline, and no longer', async () => {
    const { clock, dynamoDb, sender, ports, options } = setUp({ delaySeconds: 900 });
    // An hour old, and a minute old.
    const young = { ...order, pk: 'order#young', time: new Date(clock.now() - 60_000).toISOString() };
    dynamoDb.answers.push(page([order, young]));
    await replayFromStores(ordersOnly, ports, options);
    expect(sender.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 840]);
  });

  it('groups by stream for a FIFO queue, and is not taken for what came before', async () => {
    const { dynamoDb, sender, ports, options } = setUp({ isFifo: true });
    dynamoDb.answers.push(page([order]));
    await replayFromStores(ordersOnly, ports, options);
    expect(sender.sent[0]).toMatchObject({ group: 'order#order-c1', deduplicationId: 'view-2-order:order-c1-1' });
    expect(sender.sent[0]).not.toHaveProperty('delaySeconds');
  });

  it('is refused for a fact that the consumer does not subscribe to', async () => {
    const { ports, options } = setUp();
    await expect(
      replayFromStores({ name: 'x', subscription: orders, types: ['OrderPlaced'] }, ports, options),
    ).rejects.toThrow(/orders does not subscribe to OrderPlaced/);
  });
});

it('facts from outside, and those that follow from no stream, are in no store', () => {
  const unkept = shop.facts.filter((fact) => keptByNoStore([fact], shop.stores).length > 0).map(({ type }) => type);
  expect(unkept.sort()).toEqual([
    'CartCheckedOut',
    'NotificationSent',
    'OrderCancellationRequested',
    'StockDepleted',
    'StockReceived',
  ]);
});

it('a replay has a name of its own, short enough for rule and queue', () => {
  const names = shop.subscriptions.map((subscription) => replayName(subscription, Date.parse('2026-01-31T12:00:00Z')));
  expect(names.every((name) => /^[A-Za-z0-9-]{1,30}$/.test(name))).toBe(true);
  expect(new Set(names).size).toBe(names.length);
});
