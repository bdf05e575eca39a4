import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentClient } from '../../functions/backbone/aws-ports.ts';
import { systemClock } from '../../functions/backbone/clock.ts';
import { consumerFunction } from '../../functions/backbone/consumer-function.ts';
import { DynamoDbEventStore } from '../../functions/backbone/dynamodb-event-store.ts';
import { uuidV7 } from '../../functions/backbone/ids.ts';
import { DynamoDbStandInMemory } from '../../functions/backbone/stand-in.ts';
import { paymentsConsumer } from '../../functions/payments/consumer.ts';
import type { PaymentProvider, ProviderCall, ProviderOutcome } from '../../functions/payments/provider.ts';
import { providerStandIn } from '../../functions/payments/provider-stand-in.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { eventBridgeMessage } from '../unit/backbone/eventbridge-message.ts';
import { silentFunction } from '../unit/backbone/silent-function.ts';
import { FedQueue } from './fed-queue.ts';
import { cartOf, checkOut, orderEnds, stocked, unique } from './shop.ts';

silentFunction();

const ORDERS = 40;
const client = new DynamoDBClient({});
const documents = documentClient(client);
const tables = { streams: unique('unreliable-streams'), memory: unique('unreliable-memory') };

/** Tables of the test's own: in a deployed one, the relay would act on what is written. */
beforeAll(async () => {
  const streams = [
    { AttributeName: 'pk', AttributeType: 'S' as const, KeyType: 'HASH' as const },
    { AttributeName: 'sk', AttributeType: 'N' as const, KeyType: 'RANGE' as const },
  ];
  const memory = [{ AttributeName: 'key', AttributeType: 'S' as const, KeyType: 'HASH' as const }];
  for (const [TableName, keys] of [
    [tables.streams, streams],
    [tables.memory, memory],
  ] as const) {
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: keys.map(({ AttributeName, AttributeType }) => ({ AttributeName, AttributeType })),
        KeySchema: keys.map(({ AttributeName, KeyType }) => ({ AttributeName, KeyType })),
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
  }
});
afterAll(async () => {
  for (const TableName of Object.values(tables)) await client.send(new DeleteTableCommand({ TableName }));
});

/** Fails half of all calls at random: before they take effect, or with their answer lost. */
function unreliable(provider: PaymentProvider): PaymentProvider & { readonly calls: ProviderCall[] } {
  const calls: ProviderCall[] = [];
  const timeOut = () => new DOMException('no answer', 'TimeoutError');
  return {
    ...provider,
    calls,
    async perform(call): Promise<ProviderOutcome> {
      calls.push(call);
      const chance = Math.random();
      if (chance < 0.25) throw timeOut();
      const outcome = await provider.perform(call);
      if (chance < 0.5) throw timeOut();
      return outcome;
    },
  };
}

describe('with a provider that fails half of its calls at random', () => {
  test(`${ORDERS} orders are all charged, each once, and none is dead-lettered`, async () => {
    const provider = unreliable(providerStandIn(new DynamoDbStandInMemory(documents, tables.memory)));
    const store = new DynamoDbEventStore(documents, { table: tables.streams, clock: systemClock });
    const ports = { store, clock: systemClock, ids: uuidV7, functionTimeoutMs: 10_000 };
    const queue = await FedQueue.create({ maxReceiveCount: 35 });
    try {
      const retry = { baseSeconds: 1, capSeconds: 1, attempts: 25 };
      const handler = consumerFunction(paymentsConsumer(ports, provider), {
        clock: systemClock,
        queue: queue.port,
        retry,
      });
      const orderIds = Array.from({ length: ORDERS }, () => unique('order'));
      for (const orderId of orderIds) await sendTermsAndGo(queue, orderId);
      queue.feed(handler);

      await waitFor('the queue to be empty', async () => (await queue.isEmpty()) || undefined, { betweenMs: 500 });

      const captured = await Promise.all(orderIds.map((orderId) => capturesOf(store, orderId)));
      expect(captured).toEqual(orderIds.map(() => 1));
      expect(await queue.isDeadLetterQueueEmpty()).toBe(true);
      // With 40 calls the mean of a geometric distribution is within a factor of two; bench/ has the exact figure.
      const retries = provider.calls.length / ORDERS - 1;
      console.info(`${provider.calls.length} attempts of ${ORDERS} charges: ${retries.toFixed(2)} retries each`);
      expect(retries).toBeGreaterThan(0.2);
      expect(retries).toBeLessThan(2.5);
    } finally {
      await queue.close();
    }
  });

  test('and with one that is flaky, and a carrier too, an order is shipped within seconds', async () => {
    const sku = await stocked(1);

    const orderId = await checkOut(cartOf(sku, 1, { paymentMethod: 'tok_flaky', shippingAddress: 'addr_flaky' }));
    // Twice each: with the visibility timeout alone it would be four minutes.
    const { status } = await orderEnds(orderId, 60_000);

    expect(status).toBe('shipped');
  });
});

async function sendTermsAndGo(queue: FedQueue, orderId: string): Promise<void> {
  const time = new Date().toISOString();
  const about = (id: string, type: string, source: string) =>
    [
      { id, time },
      { id, time, 'detail-type': type, source },
    ] as const;
  const { cartId, customerId, currency, lines, paymentMethod, shippingAddress } = cartOf('sku');
  const placed = { orderId, cartId, customerId, currency, lines, total: 1_000, paymentMethod, shippingAddress };
  const [terms, termsBus] = about(unique('event'), 'OrderPlaced', 'shop.orders');
  await queue.send(eventBridgeMessage({ metadata: terms, data: placed }, termsBus));
  const reserved = { orderId, reservationId: `res-${orderId}`, lines: [{ sku: 'sku', quantity: 1 }] };
  const [go, goBus] = about(unique('event'), 'InventoryReserved', 'shop.inventory');
  await queue.send(eventBridgeMessage({ metadata: go, data: reserved }, goBus));
}

async function capturesOf(store: DynamoDbEventStore, orderId: string): Promise<number> {
  const commits = await store.load(`payment#${orderId}`, { every: 100, stateVersion: -1 });
  return commits.flatMap(({ facts }) => facts).filter(({ type }) => type === 'PaymentCaptured').length;
}
